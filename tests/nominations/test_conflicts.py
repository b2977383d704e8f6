"""Conflicts: what is told of one person in two places, of a crowded week, of limits, and of sessions that are alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.foundation.db import Tx
from app.nominations.conflicts import queries, rules
from app.nominations.conflicts.rules import Bound, Cap, Run, Stay
from app.overview.quarters import Quarter
from tests.factories import World
from tests.nominations.conftest import School
from tests.pages import CheckingClient

RUN = Run(
    1, date(2027, 3, 29), date(2027, 4, 2), frozenset({"asset_recovery"}), frozenset({"fr"}), "SN",
    frozenset({"SN", "CV"}),
)  # fmt: skip
STAY = Stay(10, 1, "ana@mj.example", 7, date(2027, 3, 29), date(2027, 4, 2), frozenset({"asset_recovery"}))


def people(number: int, **kw: Any) -> list[Stay]:
    return [replace(STAY, number=n, person=f"p{n}", **kw) for n in range(number)]


@pytest.mark.parametrize(
    ("change", "is_conflict"),
    [
        ({}, True),
        ({"starts_on": date(2027, 4, 2), "ends_on": date(2027, 4, 9)}, True),
        ({"starts_on": date(2027, 4, 3), "ends_on": date(2027, 4, 9)}, False),
        ({"starts_on": date(2027, 3, 20), "ends_on": date(2027, 3, 29)}, True),
        ({"starts_on": date(2027, 3, 20), "ends_on": date(2027, 3, 28)}, False),
        ({"person": "bia@mj.example"}, False),
        ({"session": 1}, False),
    ],
)
def test_one_person_in_two_places(change: dict[str, Any], is_conflict: bool) -> None:
    other = replace(STAY, **({"number": 11, "session": 2} | change))
    assert rules.in_two_places(STAY, [other]) == ([other] if is_conflict else [])


def test_of_people_who_are_forgotten_nothing_is_told() -> None:
    nobody = replace(STAY, person="")
    assert rules.in_two_places(nobody, [replace(nobody, number=11, session=2)]) == []


def test_who_is_away_then() -> None:
    other, same = replace(STAY, number=11, session=2), replace(STAY, number=12)
    assert rules.away_then(RUN, [other, same]) == [other]


def test_a_week_is_crowded_from_six_people_on() -> None:
    assert rules.crowded_week(RUN, people(5)) is None
    assert rules.crowded_week(RUN, people(5), 1) == rules.Excess(date(2027, 3, 29), 6)
    # The same person at two sessions of a week counts once.
    assert rules.crowded_week(RUN, [*people(5), *people(5)]) is None
    assert rules.crowded_week(RUN, people(9, starts_on=date(2027, 4, 5), ends_on=date(2027, 4, 9))) is None


@pytest.mark.parametrize(
    ("bound", "number", "begins"),
    [
        (Bound(3, "", date(2026, 1, 1), None), 4, date(2027, 1, 1)),
        (Bound(4, "", date(2026, 1, 1), None), 4, None),
        (Bound(3, "asset_recovery", date(2026, 1, 1), None), 4, date(2027, 1, 1)),
        (Bound(3, "prisons", date(2026, 1, 1), None), 4, None),
        (Bound(3, "", date(2027, 4, 1), None), 4, date(2027, 4, 1)),
        (Bound(3, "", date(2026, 1, 1), date(2026, 12, 31)), 4, None),
        (Bound(0, "", date(2026, 1, 1), None), 0, None),
    ],
)
def test_more_than_a_state_takes_in(bound: Bound, number: int, begins: date | None) -> None:
    found = rules.over_limit(bound, RUN, people(number))
    assert (found.begins if found else None) == begins
    if number and begins:
        assert rules.over_limit(replace(bound, most=number), RUN, people(number), 1) is not None


@pytest.mark.parametrize(
    ("change", "is_alike"),
    [
        ({}, True),
        ({"starts_on": date(2027, 1, 4)}, True),
        ({"starts_on": date(2027, 4, 1)}, False),
        ({"themes": frozenset({"prisons"})}, False),
        ({"languages": frozenset({"pt"})}, False),
        ({"reach": frozenset({"GT"})}, True),
        ({"reach": frozenset({"GT"}), "country": "GT"}, False),
        ({"reach": frozenset({"CV"}), "country": "GT"}, True),
        ({"number": 1}, False),
    ],
)
def test_sessions_that_are_alike(change: dict[str, Any], is_alike: bool) -> None:
    other = replace(RUN, **({"number": 2} | change))
    assert rules.alike_then(RUN, [other]) == ([other] if is_alike else [])


def test_each_reader_sees_its_own_conflicts_alone(school: School) -> None:
    world, tx = school.world, school.tx
    one = school.put_forward()
    elsewhere = world.course(world.organisation("centre"), sessions=[{}]).sessions[0]
    own = world.course_session(school.session.course)
    theirs = world.nomination(elsewhere, one.organisation, email=one.email, candidate_key=one.candidate_key)
    other_state = world.organisation("state", country="GH")
    of_other = world.nomination(own, other_state, email=one.email, candidate_key=one.candidate_key)

    def seen(reader: Any) -> set[int]:
        near = queries.of_organisations(tx, reader, school.session, [one.organisation_id], one.candidate_key)
        return {stay.number for stay in rules.in_two_places(queries.stay_of(one), map(queries.stay_of, near))}

    assert seen(school.state) == {theirs.id}
    assert seen(school.centre) == {of_other.id}
    assert seen(world.somebody("secretariat")) == set()
    theirs.status = "withdrawn"
    tx.flush()
    assert seen(school.state) == set()


def test_only_public_sessions_of_others_are_alike(school: School) -> None:
    world, course = school.world, school.session.course
    found = world.course(world.organisation("centre"), sessions=[{}, {"status": "cancelled"}]).sessions[0]
    world.course(world.organisation("centre"), sessions=[{}], disclosure="members")
    world.course(world.organisation("centre"), sessions=[{}], themes=["prisons"])
    world.course_session(course)
    school.tx.expire_all()
    assert [one.id for one in queries.alike_sessions(school.tx, school.session)] == [found.id]


@pytest.fixture
def here(world: World, tx: Tx) -> Any:
    centre, state = world.organisation("centre"), world.organisation("state")
    run = world.course(centre, sessions=[{}]).sessions[0]
    other = world.course(world.organisation("centre"), title="Droit pénal", sessions=[{}]).sessions[0]
    return centre, state, run, other


def test_the_form_and_the_page_tell_of_conflicts(
    here: Any, client: CheckingClient, world: World, sign_in: Callable[..., object]
) -> None:
    _centre, state, run, other = here
    sign_in(client, world.account(state, "focal_point"))
    form = f"/courses/{run.course.ref}/sessions/{run.ref}/nominations/new"
    assert "Worth a second look" not in client.get(form).text
    for number in range(5):
        world.nomination(other, state, name=f"Person {number}", email=f"p{number}@mj.example")
    world.limit(state, measure="trainees", most=5)
    page = client.get(form).text
    assert "Worth a second look" in page
    assert "Person 4" in page
    assert "With one more, 6 people of this organisation would be away" in page
    assert "The State has set a limit of 5." in page
    same = world.nomination(run, state, name="Person 0", email="p0@mj.example")
    page = client.get(f"/nominations/{same.ref}").text
    assert "The same person has a seat, or is put forward" in page
    assert "Droit p\u00e9nal" in page
    assert "limit of 5" not in page
    # Nothing is forbidden: one more is put forward all the same.
    typed = {"name": "Person 9", "email": "p9@mj.example", "language": "pt", "rank": "99", "line": "", "sex": ""}
    assert client.submit(form, typed).status_code == 303


def test_the_centre_is_told_of_sessions_that_are_alike(
    here: Any, client: CheckingClient, world: World, sign_in: Callable[..., object]
) -> None:
    centre, _state, run, other = here
    address = f"/courses/{run.course.ref}/sessions/{run.ref}"
    assert "Others teach the same" not in client.get(address).text
    sign_in(client, world.account(centre))
    page = client.get(address).text
    assert "Others teach the same in this quarter" in page
    assert other.ref in page


@pytest.mark.parametrize(
    ("cap", "counts"),
    [
        (Cap("", "", ""), True),
        (Cap("asset_recovery", "training", ""), True),
        (Cap("prisons", "", ""), False),
        (Cap("", "equipment", ""), False),
        (Cap("", "", "Police judiciaire"), False),
    ],
)
def test_to_which_limits_a_session_counts(cap: Cap, counts: bool) -> None:
    assert rules.counts_for(cap, RUN) is counts


def test_a_session_is_in_each_quarter_that_it_touches() -> None:
    second = Quarter(2027, 2)
    assert rules.quarters_meet(RUN, second, second)
    assert rules.quarters_meet(RUN, Quarter(2026, 4), Quarter(2027, 1))
    assert not rules.quarters_meet(RUN, Quarter(2027, 3), Quarter(2027, 4))
    assert not rules.quarters_meet(RUN, Quarter(2026, 3), Quarter(2026, 4))


@pytest.mark.parametrize(
    ("measure", "words"), [("providers", "Providers at once: 2."), ("programmes", "Programmes at once: 2.")]
)
def test_other_limits_are_told_where_a_session_passes_them(
    here: Any, client: CheckingClient, world: World, sign_in: Callable[..., object], measure: str, words: str
) -> None:
    centre, state, run, _other = here
    address = f"/courses/{run.course.ref}/sessions/{run.ref}"
    limit = world.limit(state, measure=measure, most=2, disclosure="members")
    sign_in(client, world.account(state, "focal_point"))
    assert "more is at work" not in client.get(f"{address}/nominations/new").text
    limit.most = 1
    world.tx.flush()
    page = client.get(f"{address}/nominations/new").text
    assert words in page
    assert "The State has set a limit of 1." in page
    client.get("/sign-in")
    sign_in(client, world.account(centre))
    page = client.get(address).text
    assert "More than a State takes in" in page
    assert words in page
    limit.disclosure = "own"
    world.tx.flush()
    assert "More than a State takes in" not in client.get(address).text


def test_a_limit_of_other_quarters_says_nothing(here: Any, world: World) -> None:
    centre, state, run, _other = here
    world.limit(state, most=1, starts_on=date(2027, 7, 1))
    world.limit(state, most=1, kind="equipment")
    reader = world.actor(world.account(centre))
    assert queries.collisions_then(world.tx, reader, run, "SN", date(2026, 11, 23)) == []
