"""What may be done with pledges, by which side, and what follows for the need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from app.organisations.models import Organisation
from app.pledges import deliveries, making, rules, service
from app.pledges.covers import CoverDraft, cover_line, uncover_line
from app.pledges.deliveries import ContributionDraft
from app.pledges.making import PledgeDraft, PledgeLineDraft, TrancheDraft
from app.pledges.models import Pledge
from app.pledges.queries import coverage_of, find_pledge
from app.pledges.service import PledgeRefused
from app.programmes.models import Programme
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


def test_everything_that_is_open_is_promised_at_once(tx: Tx, sides: Sides, world: World, now: datetime) -> None:
    world.pledge(sides.need, world.organisation("donor"), accepted_at=now)
    pledge = making.make_pledge(tx, sides.donor, sides.donor_id, sides.need, PledgeDraft(is_whole=True), now)

    assert [line.quantity for line in pledge.lines] == [D(15)]
    assert pledge.is_whole


def money_line(sides: Sides, amount: int, currency: str = "XOF") -> PledgeDraft:
    return PledgeDraft((PledgeLineDraft(sides.need.lines[0].id, None, D(amount), currency),))


def test_money_in_another_currency_is_reckoned_once_at_the_rate_of_the_day(
    tx: Tx, sides: Sides, world: World, now: datetime
) -> None:
    sides.need.lines[0].cost_amount, sides.need.lines[0].currency = D(10000), "EUR"
    tx.flush()
    draft = money_line(sides, 3279785)
    pledge = making.make_pledge(tx, sides.donor, sides.donor_id, sides.need, draft, now)
    service.accept_pledge(tx, sides.recipient, pledge, now)
    line = pledge.lines[0]

    assert (line.worth_amount, line.worth_currency, line.rate_source) == (
        D(5000),
        "EUR",
        "Council Decision 98/683/EC",
    )
    assert coverage_of(tx, sides.need)[line.need_line_id].counted == D(10)


def test_without_a_rate_money_is_kept_and_covers_nothing(tx: Tx, sides: Sides, now: datetime) -> None:
    sides.need.lines[0].cost_amount, sides.need.lines[0].currency = D(10000), "EUR"
    tx.flush()
    pledge = making.make_pledge(tx, sides.donor, sides.donor_id, sides.need, money_line(sides, 500, "PEN"), now)

    assert (pledge.lines[0].worth, pledge.lines[0].rate) == (None, "")


def test_tranches_are_kept_in_the_order_of_their_days(tx: Tx, sides: Sides, now: datetime) -> None:
    days = (date(2027, 9, 1), date(2027, 3, 1))
    parts = tuple(TrancheDraft(day, D(amount), "EUR") for day, amount in zip(days, (400, 600), strict=True))
    draft = replace(money_line(sides, 1000, "EUR"), tranches=parts)
    pledge = making.make_pledge(tx, sides.donor, sides.donor_id, sides.need, draft, now)

    assert [(part.due_on, part.amount) for part in pledge.tranches] == [(days[1], D(600)), (days[0], D(400))]
    with pytest.raises(PledgeRefused) as refused:
        wrong = replace(draft, tranches=parts[:1])
        making.make_pledge(tx, sides.donor, sides.donor_id, sides.need, wrong, now)
    assert refused.value.field == "tranches"


def from_programme(
    tx: Tx, sides: Sides, world: World, quantity: int, now: datetime, need: Need | None = None
) -> Pledge:
    need = need or sides.need
    programme = tx.scalars(select(Programme)).one()
    draft = promise(need, quantity, programme_id=programme.id)
    return making.make_pledge(tx, sides.donor, sides.donor_id, need, draft, now)


@pytest.fixture
def carried(tx: Tx, sides: Sides, world: World) -> Need:
    """A second need, and a programme of the donor that can train ten judges."""
    giver = tx.get(Organisation, sides.donor_id)
    assert giver is not None
    offers = [{"kind": "training", "quantity": D(10), "unit": sides.need.lines[0].unit}]
    world.programme(giver, offers=offers)
    return world.need(world.organisation("state"))


def test_a_donor_promises_no_more_than_the_programme_has_left(
    tx: Tx, sides: Sides, world: World, carried: Need, now: datetime
) -> None:
    with pytest.raises(PledgeRefused) as refused:
        from_programme(tx, sides, world, 11, now)
    assert refused.value.field == "programme"
    from_programme(tx, sides, world, 10, now)


def test_a_programme_is_drawn_down_when_a_pledge_is_accepted_not_before(
    tx: Tx, sides: Sides, world: World, carried: Need, now: datetime
) -> None:
    first = from_programme(tx, sides, world, 7, now)
    second = from_programme(tx, sides, world, 7, now, carried)
    service.accept_pledge(tx, sides.recipient, first, now)
    other = world.actor(world.account(carried.organisation))

    with pytest.raises(rules.MoveRefused) as refused:
        service.accept_pledge(tx, other, second, now)
    # The recipient learns that it cannot be, and no figure of anybody else's.
    assert not refused.value.reason.values
    service.withdraw_pledge(tx, sides.donor, first, "The vote failed.", now)
    service.accept_pledge(tx, other, second, now)
    assert second.accepted_at is not None


def delivered(tx: Tx, sides: Sides, now: datetime, promised: int = 10, much: int = 10) -> tuple[Pledge, Any]:
    pledge = make(tx, sides, now, promised)
    service.accept_pledge(tx, sides.recipient, pledge, now)
    return pledge, deliveries.record_contribution(tx, sides.donor, pledge, delivery(pledge, now, much), now)


def test_where_the_sides_differ_the_smaller_figure_counts_and_both_are_kept(
    tx: Tx, sides: Sides, now: datetime
) -> None:
    pledge, part = delivered(tx, sides, now)
    deliveries.confirm_contribution(tx, sides.recipient, pledge, part, now, D(8))

    assert (part.donor_much, part.recipient_much, part.quantity) == (D(10), D(8), D(8))
    assert part.is_disputed
    assert coverage_of(tx, sides.need)[pledge.lines[0].need_line_id].delivered == D(8)
    assert actions(tx, pledge.ref)[-1] == "pledge.delivery_disputed"
    assert pledge.status == "delivering"


@pytest.mark.parametrize(("who", "counts"), [("donor", 8), ("recipient", 10)])
def test_a_dispute_ends_when_one_side_takes_over_the_others_figure(
    tx: Tx, sides: Sides, now: datetime, who: str, counts: int
) -> None:
    pledge, part = delivered(tx, sides, now)
    deliveries.confirm_contribution(tx, sides.recipient, pledge, part, now, D(8))
    deliveries.agree_on_contribution(tx, getattr(sides, who), pledge, part, now)

    assert not part.is_disputed
    assert part.quantity == D(counts)
    assert pledge.status == ("delivered" if counts == 10 else "delivering")
    with pytest.raises(rules.MoveRefused):
        deliveries.agree_on_contribution(tx, getattr(sides, who), pledge, part, now)


def test_nothing_arrived_may_be_said_and_more_than_was_promised_may_not(tx: Tx, sides: Sides, now: datetime) -> None:
    pledge, part = delivered(tx, sides, now, 10, 6)
    with pytest.raises(PledgeRefused):
        deliveries.confirm_contribution(tx, sides.recipient, pledge, part, now, D(11))
    with pytest.raises(PledgeRefused):
        deliveries.confirm_contribution(tx, sides.recipient, pledge, part, now, D(-1))
    deliveries.confirm_contribution(tx, sides.recipient, pledge, part, now, D(0))
    assert coverage_of(tx, sides.need)[pledge.lines[0].need_line_id].delivered == 0


def test_what_is_no_pledge_covers_a_line_once(tx: Tx, sides: Sides, now: datetime) -> None:
    line = sides.need.lines[0]
    draft = CoverDraft("nomination", "C-2345-6789", D(1), now.date(), True)
    cover_line(tx, line, draft, now)
    cover_line(tx, line, replace(draft, quantity=D(2)), now)

    cover = coverage_of(tx, sides.need)[line.id]
    assert (cover.counted, cover.delivered, cover.open) == (D(2), D(2), D(18))
    assert find_need(tx, SYSTEM, sides.need.ref).status == "partly_met"
    with pytest.raises(rules.ExcessRefused):
        service.accept_pledge(tx, sides.recipient, make(tx, sides, now, 19), now)
    uncover_line(tx, line, "nomination", "C-2345-6789", now)
    assert coverage_of(tx, sides.need)[line.id].open == D(20)
