"""The radar as one reader sees it: what is read, what is found, and that nothing hidden shows in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.overview.radar.queries import findings_in, radar_of
from app.overview.radar.rules import COLLISION, CROWDING, GAP, Quarter

TODAY = date(2026, 11, 23)
DATES = {"starts_on": date(2027, 1, 10), "ends_on": date(2027, 8, 30)}


@pytest.fixture
def state(world):
    return world.organisation()


def cells(tx, reader, country="SN", theme="asset_recovery"):
    radar = radar_of(tx, reader, TODAY)
    return dict(zip(map(str, radar.window.quarters), radar.sums.cells((country, theme)), strict=True))


def test_what_nobody_helps_with_is_a_gap(tx, world, state):
    need = world.need(state, **DATES)
    (found,) = findings_in(tx, ANONYMOUS, TODAY)
    assert (found.kind, found.country, found.theme) == (GAP, "SN", "asset_recovery")
    assert (found.first, found.last) == (Quarter(2027, 1), Quarter(2027, 3))
    assert found.records == (("need", need.ref),)
    assert found.why
    assert cells(tx, ANONYMOUS)["2027-Q2"].is_gap
    assert cells(tx, ANONYMOUS)["2027-Q4"].asked == 0


def test_a_programme_for_a_grouping_is_there_for_its_members(tx, world, state):
    world.need(state, **DATES)
    world.programme(world.organisation("donor"), countries=[], groupings=["ECOWAS"], starts_on=date(2027, 4, 1))
    (found,) = findings_in(tx, ANONYMOUS, TODAY, country="SN")
    assert (found.first, found.last) == (Quarter(2027, 1), Quarter(2027, 1))


def test_an_accepted_pledge_covers_its_part(tx, world, state, now):
    need = world.need(state, **DATES)
    world.pledge(need, world.organisation("donor"), accepted_at=now)
    cell = cells(tx, ANONYMOUS)["2027-Q2"]
    assert (cell.asked, cell.pledged, cell.open, cell.delivered, cell.providers) == (
        1, Decimal("0.25"), Decimal("0.75"), 0, 1,
    )  # fmt: skip
    assert not findings_in(tx, ANONYMOUS, TODAY)


def test_a_pledge_that_waits_for_an_answer_counts_for_nothing(tx, world, state):
    world.pledge(world.need(state, **DATES), world.organisation("donor"))
    assert cells(tx, ANONYMOUS)["2027-Q2"].is_gap


def test_three_of_the_same_kind_are_crowding(tx, world):
    for _each in range(3):
        world.programme(world.organisation("donor"), starts_on=date(2027, 1, 1), ends_on=date(2027, 5, 1))
    (found,) = findings_in(tx, ANONYMOUS, TODAY, country="SN", theme="asset_recovery")
    assert (found.kind, found.assistance, len(found.records)) == (CROWDING, "training", 3)
    assert findings_in(tx, ANONYMOUS, TODAY, country="GH") == []
    assert findings_in(tx, ANONYMOUS, TODAY, theme="prisons") == []


def test_two_donors_for_one_unit_are_crowding(tx, world, state, now):
    for kind in ("training", "equipment"):
        need = world.need(state, beneficiary_unit="Brigade de  Dakar", lines=[{"kind": kind}], **DATES)
        world.pledge(need, world.organisation("donor"), accepted_at=now)
    (found,) = findings_in(tx, SYSTEM, TODAY)
    assert (found.kind, found.unit, {kind for kind, _ref in found.records}) == (
        CROWDING,
        "brigade de dakar",
        {"pledge"},
    )


def test_more_than_the_state_can_take_is_a_collision(tx, world, state):
    limit = world.limit(state, most=1)
    for _each in range(2):
        world.programme(world.organisation("donor"))
    (found,) = findings_in(tx, ANONYMOUS, TODAY)
    assert (found.kind, found.limit, found.theme) == (COLLISION, limit.ref, "")
    assert ("limit", limit.ref) in found.records
    assert len(found.records) == 3
