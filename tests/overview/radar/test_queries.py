"""The radar as one reader sees it: what is read, what is found, and that nothing hidden shows in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.overview.quarters import Quarter
from app.overview.radar.queries import findings_in, radar_of
from app.overview.radar.rules import COLLISION, CROWDING, GAP

TODAY = date(2026, 11, 23)
DATES = {"starts_on": date(2027, 1, 10), "ends_on": date(2027, 8, 30)}


@pytest.fixture
def state(world):
    return world.organisation()


def cells(tx, reader, country="SN", theme="asset_recovery"):
    radar = radar_of(tx, reader, TODAY)
    return dict(zip(map(str, radar.window.quarters), radar.cells((country, theme)), strict=True))


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


# --- what a reader may not see ---


def everything(tx, reader):
    radar = radar_of(tx, reader, TODAY)
    cells = {
        (country, theme): radar.cells((country, theme))
        for country in sorted(radar.places)
        for theme in ("", *sorted(radar.themes(country)))
    }
    return cells, findings_in(tx, reader, TODAY)


@pytest.fixture
def busy(world, state, now):
    """A State with a limit, what it asks, a donor who helps, and a pledge; all of it public."""
    world.limit(state, most=1)
    need = world.need(state, beneficiary_unit="Brigade", **DATES)
    for _each in range(2):
        world.programme(world.organisation("donor"))
    world.pledge(need, world.organisation("donor"), accepted_at=now)
    return need


@pytest.mark.parametrize("tier", ["members", "named", "own"])
@pytest.mark.parametrize("kind", ["need", "programme", "course", "pledge", "limit"])
def test_what_is_hidden_changes_nothing_for_who_may_not_see_it(tx, world, state, now, busy, tier, kind):
    friend, owner = world.organisation("ngo"), world.organisation("donor")
    named = {"named": [friend]} if tier == "named" else {"disclosure": tier}
    applicant = world.somebody("donor", status="applied")
    outsiders = [ANONYMOUS, applicant]
    outsiders += [] if tier == "members" else [world.somebody("ngo")]
    before = [everything(tx, reader) for reader in outsiders]
    system = everything(tx, SYSTEM)
    makers = {
        "need": lambda: world.need(world.organisation(), countries=["SN"], themes=["prisons"], **DATES, **named),
        "programme": lambda: world.programme(owner, **named),
        "course": lambda: world.course(world.organisation("centre"), sessions=[{}], **named),
        "pledge": lambda: world.pledge(busy, owner, accepted_at=now, **named),
        "limit": lambda: world.limit(world.organisation(), most=0, **named),
    }
    makers[kind]()
    assert [everything(tx, reader) for reader in outsiders] == before
    assert everything(tx, SYSTEM) != system
    if tier == "named":
        person = world.actor(world.account(friend))
        assert everything(tx, person) == everything(tx, SYSTEM)


def test_a_donor_that_is_hidden_is_somebody_and_nobody(tx, world, state, now):
    need = world.need(state, beneficiary_unit="Brigade", **DATES)
    hidden = {"field_disclosure": {"donor": "own"}}
    for _each in range(2):
        world.pledge(need, world.organisation("donor"), accepted_at=now, **hidden)
    assert cells(tx, ANONYMOUS)["2027-Q2"].providers == 1
    assert findings_in(tx, ANONYMOUS, TODAY) == []
    recipient = world.actor(world.account(state))
    assert cells(tx, recipient)["2027-Q2"].providers == 2
    (found,) = findings_in(tx, recipient, TODAY)
    assert found.unit == "brigade"


def test_whether_a_hidden_donor_is_one_who_is_known_there_does_not_show(tx, world, state, now):
    need, known = world.need(state, **DATES), world.organisation("donor")
    world.programme(known)
    hidden = {"field_disclosure": {"donor": "own"}, "accepted_at": now}
    world.pledge(need, known, **hidden)
    before = everything(tx, ANONYMOUS)
    world.pledge(need, world.organisation("donor"), lines=[{"need_line_id": need.lines[0].id, "quantity": 1}],
                 **hidden | {"field_disclosure": {"donor": "own", "amount": "own"}})  # fmt: skip
    assert everything(tx, ANONYMOUS) == before


def test_an_amount_that_is_hidden_covers_nothing_and_fills_no_places(tx, world, state, now):
    need = world.need(state, **DATES)
    world.limit(state, measure="trainees", most=0)
    world.pledge(need, world.organisation("donor"), accepted_at=now, field_disclosure={"amount": "own"})
    cell = cells(tx, ANONYMOUS)["2027-Q2"]
    assert (cell.pledged, cell.providers) == (0, 1)
    assert findings_in(tx, ANONYMOUS, TODAY) == []
    assert [found.kind for found in findings_in(tx, world.actor(world.account(state)), TODAY)] == [COLLISION]


def test_from_which_programme_a_pledge_is_paid_does_not_show_where_its_donor_is_hidden(tx, world, state, now):
    need, donor = world.need(state, **DATES), world.organisation("donor")
    programme = world.programme(donor)
    world.limit(state, measure="programmes", most=1)
    world.pledge(need, donor, accepted_at=now, programme_id=programme.id, field_disclosure={"donor": "own"})
    assert [found.kind for found in findings_in(tx, ANONYMOUS, TODAY)] == [COLLISION]
    assert findings_in(tx, world.actor(world.account(donor)), TODAY) == []


@pytest.mark.parametrize(
    ("status", "days", "is_there"),
    [
        ("1", {}, True), ("3", {}, True), ("5", {}, False), ("6", {}, False),
        ("4", {"ends_on": date(2028, 1, 1)}, False), ("4", {"ends_on": None}, False),
        ("2", {"starts_on": None, "ends_on": None}, True), ("2", {"ends_on": date(2026, 12, 31)}, False),
    ],
)  # fmt: skip
def test_when_a_programme_is_there(tx, world, state, status, days, is_there):
    world.need(state, **DATES)
    world.programme(world.organisation("donor"), status=status, **days)
    assert bool(cells(tx, ANONYMOUS)["2027-Q2"].providers) is is_there


def test_a_session_that_is_cancelled_is_not_there(tx, world, state):
    centre = world.organisation("centre")
    world.course(centre, sessions=[{"status": "cancelled"}])
    assert not any(cell.providers for cell in cells(tx, ANONYMOUS).values())
    world.course(centre, sessions=[{}])
    assert [quarter for quarter, cell in cells(tx, ANONYMOUS).items() if cell.providers] == ["2027-Q1"]


def test_seats_are_shared_evenly_by_the_countries_that_may_come(tx, world, state):
    world.course(world.organisation("centre"), sessions=[{"seats": 30}], countries=["SN", "GH", "ML"], groupings=[])
    world.limit(state, measure="trainees", most=9)
    (found,) = findings_in(tx, ANONYMOUS, TODAY)
    assert "People in training in a quarter: 10" in str(found.why[0])


def test_a_limit_that_is_ended_or_over_says_nothing(tx, world, state):
    for _each in range(2):
        world.programme(world.organisation("donor"))
    world.limit(state, most=1, status="ended")
    world.limit(state, most=1, ends_on=date(2026, 6, 30))
    assert findings_in(tx, ANONYMOUS, TODAY) == []
