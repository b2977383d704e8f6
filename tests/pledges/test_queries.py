"""Who sees which pledge, and what totals tell to whom."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from app.foundation.db import Tx
from app.foundation.permissions import ANONYMOUS, Actor
from app.needs.models import Need
from app.pledges import making
from app.pledges.making import PledgeDraft, PledgeLineDraft
from app.pledges.queries import coverage_of, coverage_shown, find_pledge, pledges_on, sight_of, waiting_for
from tests.factories import World

D = Decimal


@pytest.fixture
def recipient(world: World) -> Actor:
    return world.somebody("state")


@pytest.fixture
def need(world: World, recipient: Actor, tx: Tx) -> Need:
    from app.organisations.models import Organisation

    return world.need(tx.get_one(Organisation, recipient.memberships[0].organisation_id))


def test_a_confidential_pledge_is_seen_by_both_sides_alone(
    tx: Tx, world: World, need: Need, recipient: Actor, now: datetime
) -> None:
    giver = world.organisation("donor")
    pledge = world.pledge(need, giver, disclosure="own", accepted_at=now)
    line = need.lines[0].id

    for reader, sees in [
        (ANONYMOUS, False), (world.somebody("donor"), False), (world.somebody("state"), False),
        (recipient, True), (world.actor(world.account(giver)), True),
    ]:  # fmt: skip
        assert (pledges_on(tx, reader, need) == [pledge]) is sees
        assert (find_pledge(tx, reader, pledge.ref) is pledge) is sees
        assert coverage_shown(tx, reader, need)[line].counted == (5 if sees else 0)
    assert coverage_of(tx, need)[line].counted == 5


def test_a_hidden_amount_stays_out_of_the_totals(
    tx: Tx, world: World, need: Need, recipient: Actor, now: datetime
) -> None:
    pledge = world.pledge(need, world.organisation("donor"), accepted_at=now, field_disclosure={"amount": "own"})
    line = need.lines[0].id

    assert pledges_on(tx, ANONYMOUS, need) == [pledge]
    assert not sight_of(tx, ANONYMOUS, pledge).amount
    assert coverage_shown(tx, ANONYMOUS, need)[line].counted == 0
    assert coverage_shown(tx, recipient, need)[line].counted == 5


def test_a_pledge_does_not_tell_of_a_need_that_was_narrowed_later(
    tx: Tx, world: World, need: Need, now: datetime
) -> None:
    giver = world.organisation("donor")
    pledge = world.pledge(need, giver)
    need.disclosure = "own"
    tx.flush()

    assert find_pledge(tx, ANONYMOUS, pledge.ref) is None
    assert find_pledge(tx, world.actor(world.account(giver)), pledge.ref) is pledge


def test_money_does_not_give_away_a_cost_that_is_hidden(tx: Tx, world: World, now: datetime) -> None:
    lines = [{"cost_amount": D(10000), "currency": "EUR"}]
    need = world.need(world.organisation("state"), lines=lines, field_disclosure={"budget": "own"})
    given = [{"need_line_id": need.lines[0].id, "amount": D(5000), "currency": "EUR"}]
    world.pledge(need, world.organisation("donor"), lines=given, accepted_at=now)

    shown = coverage_shown(tx, ANONYMOUS, need)[need.lines[0].id]

    assert coverage_of(tx, need)[need.lines[0].id].counted == 10
    assert shown.counted == 0
    assert [money.amount for money in shown.beside] == [D(5000)]


def test_what_waits_for_whom(tx: Tx, world: World, need: Need, recipient: Actor, now: datetime) -> None:
    donor = world.somebody("donor")
    draft = PledgeDraft((PledgeLineDraft(need.lines[0].id, D(5)),))
    pledge = making.make_pledge(tx, donor, donor.memberships[0].organisation_id, need, draft, now)
    tx.flush()

    assert waiting_for(tx, recipient).to_answer == [pledge]
    assert not waiting_for(tx, donor)
    assert not waiting_for(tx, world.somebody("state"))
    assert not waiting_for(tx, ANONYMOUS)
