"""What may be done with pledges, by which side, and what follows for the need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.audit import history_of
from app.foundation.db import Database, Tx
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import SYSTEM, Actor, Refused
from app.needs.models import Need
from app.needs.queries import find_need
from app.pledges import deliveries, making, rules, service
from app.pledges.deliveries import ContributionDraft
from app.pledges.making import PledgeDraft, PledgeLineDraft
from app.pledges.models import Pledge
from app.pledges.queries import coverage_of, find_pledge
from app.pledges.service import PledgeRefused
from tests.factories import World

D = Decimal


@dataclass
class Sides:
    """A donor's editor and the recipient's, with a need for twenty judges to be trained."""

    donor: Actor
    recipient: Actor
    need: Need

    @property
    def donor_id(self) -> int:
        return self.donor.memberships[0].organisation_id


@pytest.fixture
def sides(world: World) -> Sides:
    recipient = world.organisation("state")
    return Sides(world.somebody("donor"), world.actor(world.account(recipient)), world.need(recipient))


def promise(need: Need, quantity: int | None = 5, **changes: Any) -> PledgeDraft:
    line = PledgeLineDraft(need.lines[0].id, None if quantity is None else D(quantity))
    return PledgeDraft(**{"lines": (line,), **changes})


def make(tx: Tx, sides: Sides, now: datetime, quantity: int = 5, **changes: Any) -> Pledge:
    return making.make_pledge(
        tx, sides.donor, sides.donor_id, sides.need, promise(sides.need, quantity, **changes), now
    )


def actions(tx: Tx, ref: str) -> list[str]:
    tx.flush()
    return [event.action for event in history_of(tx, ref)][::-1]


def delivery(pledge: Pledge, now: datetime, quantity: int = 5) -> ContributionDraft:
    return ContributionDraft(pledge.lines[0].id, now.date(), D(quantity))


def test_a_pledge_waits_for_the_recipient_and_reserves_nothing(tx: Tx, sides: Sides, now: datetime) -> None:
    pledge = make(tx, sides, now)

    cover = coverage_of(tx, sides.need)[sides.need.lines[0].id]

    assert (pledge.status, pledge.accepted_at) == ("pledged", None)
    assert (cover.counted, cover.promised, cover.open) == (D(0), D(5), D(20))
    assert actions(tx, pledge.ref) == ["pledge.made"]
    assert tx.scalars(select(OutboxRow.fact)).all() == ["PledgeMade"]


def test_once_accepted_it_covers(tx: Tx, sides: Sides, now: datetime) -> None:
    pledge = make(tx, sides, now)

    service.accept_pledge(tx, sides.recipient, pledge, now)

    assert coverage_of(tx, sides.need)[sides.need.lines[0].id].open == 15
    assert actions(tx, pledge.ref) == ["pledge.made", "pledge.accepted"]
    with pytest.raises(rules.MoveRefused):
        service.accept_pledge(tx, sides.recipient, pledge, now)


@pytest.mark.parametrize(("kind", "role"), [("ngo", "editor"), ("donor", "member"), ("secretariat", "editor")])
def test_who_may_not_pledge(tx: Tx, world: World, sides: Sides, now: datetime, kind: str, role: str) -> None:
    somebody = world.somebody(kind, role)
    with pytest.raises(Refused):
        making.make_pledge(tx, somebody, somebody.memberships[0].organisation_id, sides.need, promise(sides.need), now)


def test_a_need_that_one_may_not_see_cannot_be_pledged_for(tx: Tx, world: World, sides: Sides, now: datetime) -> None:
    sides.need.disclosure = "own"
    tx.flush()
    with pytest.raises(Refused):
        make(tx, sides, now)


@pytest.mark.parametrize("status", ["met", "closed"])
def test_a_need_that_is_not_open_takes_no_pledges(tx: Tx, sides: Sides, now: datetime, status: str) -> None:
    sides.need.status = status
    tx.flush()
    with pytest.raises(PledgeRefused, match="not open"):
        make(tx, sides, now)


@pytest.mark.parametrize(
    "line",
    [
        (None, None, ""),
        (D(0), None, ""),
        (D(-1), None, ""),
        (None, D(5), ""),
        (None, D(5), "XYZ"),
        (None, D(-5), "EUR"),
    ],
)
def test_a_line_promises_something(tx: Tx, sides: Sides, now: datetime, line: tuple[Any, Any, str]) -> None:
    draft = PledgeDraft(lines=(PledgeLineDraft(sides.need.lines[0].id, *line),))
    with pytest.raises(PledgeRefused):
        making.make_pledge(tx, sides.donor, sides.donor_id, sides.need, draft, now)


def test_lines_of_another_need_are_refused(tx: Tx, world: World, sides: Sides, now: datetime) -> None:
    other = world.need(world.organisation("state"))
    with pytest.raises(PledgeRefused):
        making.make_pledge(tx, sides.donor, sides.donor_id, sides.need, promise(other), now)


def test_a_programme_of_somebody_else_is_refused(tx: Tx, world: World, sides: Sides, now: datetime) -> None:
    other = world.programme(world.organisation("donor"))
    with pytest.raises(PledgeRefused, match="own organisation"):
        make(tx, sides, now, programme_id=other.id)


def test_ones_own_need_is_met_from_ones_own_means_alone(tx: Tx, sides: Sides, now: datetime) -> None:
    own = sides.need.organisation_id
    with pytest.raises(PledgeRefused, match="own need"):
        making.make_pledge(tx, sides.recipient, own, sides.need, promise(sides.need), now)

    share = promise(sides.need, 4, source_of_funds="own_contribution")
    pledge = making.make_pledge(tx, sides.recipient, own, sides.need, share, now)

    assert pledge.accepted_at == now
    assert actions(tx, pledge.ref) == ["pledge.made", "pledge.accepted"]


def test_a_pledge_is_never_seen_by_more_than_its_need(tx: Tx, sides: Sides, now: datetime) -> None:
    sides.need.disclosure = "members"
    tx.flush()

    assert make(tx, sides, now).disclosure == "members"
    assert make(tx, sides, now, disclosure="public").disclosure == "members"
    assert make(tx, sides, now, disclosure="own").disclosure == "own"


def test_beyond_what_was_asked_is_refused_unless_the_recipient_says_why(tx: Tx, sides: Sides, now: datetime) -> None:
    service.accept_pledge(tx, sides.recipient, make(tx, sides, now, 18), now)
    second = make(tx, sides, now, 5)

    with pytest.raises(rules.ExcessRefused) as refused:
        service.accept_pledge(tx, sides.recipient, second, now, "  ")
    assert refused.value.excess == {sides.need.lines[0].id: D(3)}
    service.accept_pledge(tx, sides.recipient, second, now, "Three more judges will be appointed.")

    event = history_of(tx, second.ref)[0]
    assert event.details["reason"] == "Three more judges will be appointed."
    assert event.details["excess"] == {sides.need.lines[0].ref: "3.00"}


def test_only_the_recipient_accepts(tx: Tx, world: World, sides: Sides, now: datetime) -> None:
    pledge = make(tx, sides, now)
    for somebody in (sides.donor, world.somebody("state"), world.somebody("secretariat")):
        with pytest.raises(Refused):
            service.accept_pledge(tx, somebody, pledge, now)


def test_an_interest_becomes_a_pledge_and_is_then_accepted(tx: Tx, sides: Sides, now: datetime) -> None:
    pledge = make(tx, sides, now, is_interest=True)
    with pytest.raises(rules.MoveRefused):
        service.accept_pledge(tx, sides.recipient, pledge, now)

    service.move_pledge(tx, sides.donor, pledge, "pledged", now)
    service.accept_pledge(tx, sides.recipient, pledge, now)

    assert actions(tx, pledge.ref) == ["pledge.interest_stated", "pledge.pledged", "pledge.accepted"]


def test_a_withdrawn_pledge_opens_the_gap(tx: Tx, sides: Sides, now: datetime) -> None:
    pledge = make(tx, sides, now, 20)
    service.accept_pledge(tx, sides.recipient, pledge, now)

    service.withdraw_pledge(tx, sides.donor, pledge, "The budget was cut.", now)

    assert coverage_of(tx, sides.need)[sides.need.lines[0].id].open == 20
    with pytest.raises(rules.MoveRefused):
        service.move_pledge(tx, sides.donor, pledge, "committed", now)


def test_a_declined_pledge_is_over(tx: Tx, sides: Sides, now: datetime) -> None:
    pledge = make(tx, sides, now)

    service.decline_pledge(tx, sides.recipient, pledge, "We have enough.", now)

    assert (pledge.status, pledge.status_reason) == ("declined", "We have enough.")
    with pytest.raises(rules.MoveRefused):
        service.accept_pledge(tx, sides.recipient, pledge, now)


@pytest.mark.parametrize("to", ["withdrawn", "declined", "lapsed", "accepted", ""])
def test_only_steps_forward_are_moves(tx: Tx, sides: Sides, now: datetime, to: str) -> None:
    with pytest.raises(rules.MoveRefused):
        service.move_pledge(tx, sides.donor, make(tx, sides, now), to, now)


def test_a_delivery_counts_when_both_have_confirmed(tx: Tx, sides: Sides, now: datetime) -> None:
    pledge = make(tx, sides, now, 20)
    service.accept_pledge(tx, sides.recipient, pledge, now)

    part = deliveries.record_contribution(tx, sides.donor, pledge, delivery(pledge, now, 8), now)
    assert coverage_of(tx, sides.need)[sides.need.lines[0].id].delivered == 0
    assert pledge.status == "delivering"
    deliveries.confirm_contribution(tx, sides.recipient, pledge, part, now)

    assert coverage_of(tx, sides.need)[sides.need.lines[0].id].delivered == 8
    assert sides.need.status == "partly_met"
    rest = deliveries.record_contribution(tx, sides.recipient, pledge, delivery(pledge, now, 12), now)
    deliveries.confirm_contribution(tx, sides.donor, pledge, rest, now)
    assert (pledge.status, sides.need.status) == ("delivered", "met")
    assert actions(tx, sides.need.ref) == ["need.partly_met", "need.met"]
    assert actions(tx, pledge.ref)[-1] == "pledge.delivered"


def test_nobody_confirms_what_the_own_side_recorded(tx: Tx, world: World, sides: Sides, now: datetime) -> None:
    pledge = make(tx, sides, now)
    service.accept_pledge(tx, sides.recipient, pledge, now)
    part = deliveries.record_contribution(tx, sides.donor, pledge, delivery(pledge, now), now)

    with pytest.raises(rules.MoveRefused):
        deliveries.confirm_contribution(tx, sides.donor, pledge, part, now)
    with pytest.raises(Refused):
        deliveries.confirm_contribution(tx, world.somebody("donor"), pledge, part, now)


def test_no_more_is_delivered_than_was_promised(tx: Tx, sides: Sides, now: datetime) -> None:
    pledge = make(tx, sides, now)
    service.accept_pledge(tx, sides.recipient, pledge, now)
    deliveries.record_contribution(tx, sides.donor, pledge, delivery(pledge, now, 3), now)

    with pytest.raises(PledgeRefused, match="more than was promised"):
        deliveries.record_contribution(tx, sides.recipient, pledge, delivery(pledge, now, 3), now)


@pytest.mark.parametrize("days", [1, 400])
def test_nothing_is_delivered_tomorrow(tx: Tx, sides: Sides, now: datetime, days: int) -> None:
    pledge = make(tx, sides, now)
    service.accept_pledge(tx, sides.recipient, pledge, now)
    draft = ContributionDraft(pledge.lines[0].id, now.date() + timedelta(days=days), D(1))

    with pytest.raises(PledgeRefused, match="still to come"):
        deliveries.record_contribution(tx, sides.donor, pledge, draft, now)


def test_nothing_is_delivered_of_a_pledge_that_waits(tx: Tx, sides: Sides, now: datetime) -> None:
    pledge = make(tx, sides, now)
    with pytest.raises(rules.MoveRefused):
        deliveries.record_contribution(tx, sides.donor, pledge, delivery(pledge, now), now)


def test_what_was_delivered_stays_when_the_rest_is_withdrawn(tx: Tx, sides: Sides, now: datetime) -> None:
    pledge = make(tx, sides, now, 20)
    service.accept_pledge(tx, sides.recipient, pledge, now)
    part = deliveries.record_contribution(tx, sides.donor, pledge, delivery(pledge, now, 8), now)
    deliveries.confirm_contribution(tx, sides.recipient, pledge, part, now)

    service.withdraw_pledge(tx, sides.donor, pledge, "The budget was cut.", now)

    cover = coverage_of(tx, sides.need)[sides.need.lines[0].id]
    assert (cover.counted, cover.open) == (D(8), D(12))


def test_pledges_lapse_when_their_day_has_passed(tx: Tx, sides: Sides, now: datetime) -> None:
    due = make(tx, sides, now, expires_on=now.date())
    kept = make(tx, sides, now, expires_on=date(2027, 12, 31))
    service.accept_pledge(tx, sides.recipient, due, now)

    assert service.lapse_pledges(tx, now) == 0
    assert service.lapse_pledges(tx, now + timedelta(days=1)) == 1

    assert (due.status, kept.status) == ("lapsed", "pledged")


def test_two_acceptances_at_once_never_cover_a_line_twice(
    new_database: Callable[[str], Database], engine_name: str, now: datetime
) -> None:
    """Two people accept, in the same moment, two pledges of fifteen for a line of twenty."""
    database = new_database(engine_name)
    from app.tables import METADATA

    METADATA.create_all(database.engine)
    with database.transaction() as tx:
        world = World(tx, now)
        recipient = world.organisation("state")
        actor, need = world.actor(world.account(recipient)), world.need(recipient)
        lines = [{"need_line_id": need.lines[0].id, "quantity": D(15)}]
        refs = [world.pledge(need, world.organisation("donor"), lines=lines).ref for _ in range(2)]
        need_ref = need.ref
    start, outcomes = Barrier(2), []

    def accept(ref: str) -> None:
        start.wait()
        try:
            with database.transaction() as tx:
                pledge = find_pledge(tx, actor, ref)
                assert pledge is not None
                service.accept_pledge(tx, actor, pledge, now)
            outcomes.append("accepted")
        except rules.ExcessRefused:
            outcomes.append("refused")

    threads = [Thread(target=accept, args=(ref,)) for ref in refs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["accepted", "refused"]
    with database.reading() as tx:
        covered = find_need(tx, SYSTEM, need_ref)
        assert covered is not None
        assert coverage_of(tx, covered)[covered.lines[0].id].counted == 15
