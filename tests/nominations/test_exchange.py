"""The seat exchange: which free seats fit which lines, who sees them, and how many questions that takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.event import listen

from app.courses.models import Course
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.kept.findings import Findings
from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.nominations import service
from app.nominations.exchange import counted, queries
from app.nominations.exchange.rules import LineAsked, RunOffered, fits
from app.pledges.models import Cover
from tests.factories import World
from tests.nominations.conftest import School
from tests.pages import CheckingClient

LINE = LineAsked(
    "training", "judges", frozenset({"asset_recovery"}), frozenset({"fr"}), frozenset({"SN"}), frozenset({"ECOWAS"}),
)  # fmt: skip
RUN = RunOffered(
    3, True, date(2027, 3, 8), date(2027, 3, 12), date(2027, 2, 1), frozenset({"asset_recovery"}), frozenset({"fr"}),
    frozenset(), frozenset({"ECOWAS"}),
)  # fmt: skip


def test_a_seat_fits_with_its_reasons() -> None:
    found = fits(LINE, RUN)
    assert found.fits
    assert [str(reason) for reason in found.reasons] == [
        "about asset_recovery", "covers ECOWAS", "in fr", "registration until 2027-02-01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "run", "lack"),
    [
        ({"kind": "equipment"}, {}, "does not ask for people"),
        ({"unit": "hours"}, {}, "does not ask for people"),
        ({"themes": frozenset({"prisons"})}, {}, "not about prisons"),
        ({"themes": frozenset()}, {}, "names no theme"),
        ({}, {"groupings": frozenset({"OAS"})}, "for other States"),
        ({}, {"languages": frozenset({"pt"})}, "given in pt only"),
        ({"ends_on": date(2027, 3, 7)}, {}, "begins after the day"),
        ({"starts_on": date(2027, 3, 13)}, {}, "over before the need begins"),
        ({}, {"is_open": False}, "not open"),
        ({}, {"free": 0}, "No seat is free"),
    ],
)
def test_what_is_missing_is_named(line: dict[str, Any], run: dict[str, Any], lack: str) -> None:
    found = fits(replace(LINE, **line), replace(RUN, **run))
    assert not found.fits
    assert len(found.missing) == 1
    assert lack in str(found.missing[0])


@pytest.mark.parametrize(
    ("line", "run"),
    [
        ({"languages": frozenset()}, {}),
        ({}, {"languages": frozenset()}),
        ({}, {"countries": frozenset({"SN"}), "groupings": frozenset()}),
        ({"starts_on": date(2027, 3, 12)}, {}),
        ({"ends_on": date(2027, 3, 8)}, {}),
    ],
)
def test_what_is_not_said_sets_no_limit(line: dict[str, Any], run: dict[str, Any]) -> None:
    assert fits(replace(LINE, **line), replace(RUN, **run)).fits


def seats(school: School, need: Any, reader: Any = ANONYMOUS) -> list[Any]:
    return queries.seats_for_need(school.tx, reader, need, school.now, 5)


def test_a_need_sees_the_seats_that_it_could_use(school: School) -> None:
    need = school.world.need(school.world.organisation("state"))
    (found,) = seats(school, need)
    assert (found.session.id, found.line.id, found.seats.free) == (school.session.id, need.lines[0].id, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"themes": ["prisons"]}, {"countries": ["GT"]}, {"languages": ["pt"]}, {"status": "closed"},
        {"lines": [{"unit": "hours"}]}, {"lines": [{"ends_on": date(2027, 3, 1)}]}, {"ends_on": date(2027, 3, 1)},
    ],
)  # fmt: skip
def test_a_need_that_asks_for_something_else_sees_none(school: School, change: dict[str, Any]) -> None:
    assert seats(school, school.world.need(school.world.organisation("state"), **change)) == []


def test_seats_that_are_taken_or_closed_are_not_offered(school: School) -> None:
    need = school.world.need(school.world.organisation("state"))
    first, second = school.put_forward(), school.put_forward("Bia Reis")
    school.accept(first, second)
    assert seats(school, need) == []
    other = school.world.course_session(school.session.course, register_by=date(2026, 11, 1))
    school.tx.expire_all()
    assert seats(school, need) == []
    other.register_by = date(2027, 1, 1)
    school.tx.flush()
    assert [one.session.id for one in seats(school, need)] == [other.id]


def test_a_session_in_another_language_than_its_course_is_judged_by_its_own(school: School) -> None:
    state = school.world.organisation("state")
    need = school.world.need(state, languages=["pt"])
    run = school.world.course_session(school.session.course, languages=["pt"])
    school.tx.expire_all()
    assert [one.session.id for one in seats(school, need)] == [run.id]


def test_a_line_that_is_covered_is_not_offered_any_more(school: School) -> None:
    need = school.world.need(school.world.organisation("state"), lines=[{"quantity": Decimal(5)}])
    school.world.pledge(need, school.world.organisation("donor"), accepted_at=school.now, status="committed")
    assert seats(school, need) == []
    assert queries.lines_for_session(school.tx, ANONYMOUS, school.session, school.now, 5) == []


def test_what_pledges_cover_is_not_counted_as_far_as_the_reader_may_see_them(school: School) -> None:
    world, state = school.world, school.world.organisation("state")
    donor = world.organisation("donor")

    def counted(reader: Any) -> int:
        return queries.count_lines(school.tx, reader, [school.session]).get(school.session.id, 0)

    met = world.need(state, lines=[{"quantity": Decimal(5)}])
    part = world.need(state, lines=[{"quantity": Decimal(50)}])
    assert counted(ANONYMOUS) == 2
    accepted = {"accepted_at": school.now, "status": "committed"}
    world.pledge(part, donor, **accepted)
    world.pledge(met, donor, **accepted, disclosure="own")
    assert (counted(ANONYMOUS), counted(world.actor(world.account(donor)))) == (2, 1)
    for number in range(50):
        world.tx.add(Cover(need_line_id=part.lines[0].id, source_kind="nomination", source_ref=f"K-{number}",
                           quantity=Decimal(1), happened_on=school.now.date(), created_at=school.now,
                           changed_at=school.now))  # fmt: skip
    world.tx.flush()
    assert counted(ANONYMOUS) == 1
    for reader in (ANONYMOUS, world.actor(world.account(donor))):
        assert counted(reader) == len(queries.lines_for_session(school.tx, reader, school.session, school.now, 9))


def test_lines_are_counted_as_the_reader_may_see_them(school: School) -> None:
    world, state = school.world, school.world.organisation("state")
    world.need(state, lines=[{}, {"unit": "officers"}, {"unit": "hours"}, {"ends_on": date(2027, 1, 1)}])
    world.need(state, disclosure="members")
    world.need(state, disclosure="own")
    world.need(state, languages=[])
    own = world.actor(world.account(state))
    member = world.somebody("donor")
    for reader, number in ((ANONYMOUS, 3), (member, 4), (own, 5)):
        assert queries.count_lines(school.tx, reader, [school.session]) == {school.session.id: number}
        listed = queries.lines_for_session(school.tx, reader, school.session, school.now, 20)
        assert len(listed) == number


def few() -> Findings:
    """A memory that keeps nothing."""
    return Findings((Course,), counted.ABOUT)


def test_the_list_and_its_facets(school: School) -> None:
    world = school.world
    world.course(world.organisation("centre"), themes=["prisons"], languages=["pt"], groupings=[], countries=["CV"],
                 sessions=[{}, {"status": "full"}, {"register_by": date(2026, 10, 1)}])  # fmt: skip
    world.course(world.organisation("centre"), disclosure="own", sessions=[{}])

    def listed(**chosen: Any) -> list[str]:
        page = counted.page_of(school.tx, ANONYMOUS, queries.SeatFilters(**chosen), None, school.now, few())
        return sorted(run.course.codes("theme")[0] for run in page.items)

    assert listed() == ["asset_recovery", "prisons"]
    assert listed(themes=("prisons",)) == ["prisons"]
    assert listed(languages=("fr",)) == ["asset_recovery"]
    assert listed(countries=("CV",)) == ["asset_recovery", "prisons"]
    assert listed(countries=("SN",)) == ["asset_recovery"]
    counts = queries.count_facets(school.tx, ANONYMOUS, queries.SeatFilters(languages=("pt",)), school.now)
    assert counts["theme"] == {"prisons": 1}
    assert counts["language"] == {"fr": 1, "pt": 1}
    assert counts["country"] == {"CV": 1}


@pytest.fixture
def here(world: World, tx: Tx) -> Any:
    centre, state = world.organisation("centre"), world.organisation("state")
    course = world.course(centre, sessions=[{"seats": 7}])
    need = world.need(state, lines=[{"description": "Magistrats du parquet"}])
    return centre, state, course, need


def test_the_page_of_a_need_offers_seats(
    here: Any, client: CheckingClient, world: World, sign_in: Callable[..., object]
) -> None:
    _centre, state, course, need = here
    page = client.get(f"/needs/{need.ref}").text
    assert "Free seats that fit" in page
    assert "7 seats free" in page
    assert "Nominate for this line" not in page
    sign_in(client, world.account(state, "focal_point"))
    page = client.get(f"/needs/{need.ref}").text
    address = f"/courses/{course.ref}/sessions/{course.sessions[0].ref}/nominations/new?line={need.lines[0].ref}"
    assert address in page
    assert f'selected value="{need.lines[0].ref}"' in client.get(address).text


def test_a_hidden_course_is_not_offered(here: Any, client: CheckingClient, tx: Tx) -> None:
    _centre, _state, course, need = here
    course.disclosure = "members"
    tx.flush()
    assert "Free seats that fit" not in client.get(f"/needs/{need.ref}").text
    assert "No seat is free" in client.get("/seats").text


def test_the_centre_sees_what_its_session_could_serve(
    here: Any, client: CheckingClient, world: World, sign_in: Callable[..., object]
) -> None:
    centre, _state, course, _need = here
    sign_in(client, world.account(centre))
    page = client.get(f"/courses/{course.ref}/sessions/{course.sessions[0].ref}/nominations").text
    assert "Needs that a free seat could serve" in page
    assert "Magistrats du parquet" in page


def test_the_list_of_free_seats(here: Any, client: CheckingClient) -> None:
    page = client.get("/seats").text
    assert "7 seats free" in page
    assert '<a href="/courses" aria-current="true">Courses</a>' in page
    assert "could serve one line of a need" in page
    assert "/seats" in client.get("/courses").text
    assert "No seat fits" in client.get("/seats?theme=prisons").text


def test_one_question_counts_for_a_whole_page(school: School) -> None:
    world, state = school.world, school.world.organisation("state")
    for number in range(12):
        world.course_session(school.session.course, starts_on=school.session.starts_on + timedelta(days=number))
        world.need(state)
    page = counted.page_of(school.tx, ANONYMOUS, queries.SeatFilters(), None, school.now, few())
    asked: list[str] = []
    listen(school.tx.connection(), "before_cursor_execute", lambda *sent: asked.append(sent[2]))
    found = queries.count_lines(school.tx, ANONYMOUS, page.items)
    assert set(found.values()) == {12}
    assert len(found) == 13
    assert len(asked) == 1


def test_every_seat_that_is_taken_or_given_back_is_seen_at_once(school: School) -> None:
    known, lines = (Findings((Course,), about, many=0) for about in (counted.SEATS, counted.ABOUT))
    everything = queries.SeatFilters()

    def is_as_found_anew() -> bool:
        school.tx.flush()
        page = counted.page_of(school.tx, school.state, everything, None, school.now, known)
        found = queries.numbers_of(school.tx, school.state, everything, None, school.now)
        beside = counted.facets(school.tx, school.state, everything, school.now, known)
        return (
            [one.id for one in page.items] == list(found.on_page)
            and beside == queries.count_facets(school.tx, school.state, everything, school.now)
            and counted.lines(school.tx, school.state, page.items, lines)
            == queries.count_lines(school.tx, school.state, page.items)
        )

    assert is_as_found_anew()
    first, second = (school.put_forward(name) for name in ("Ana Lopes", "Rui Brito"))
    assert is_as_found_anew()
    school.accept(first, second)
    assert counted.page_of(school.tx, school.state, everything, None, school.now, known).items == []
    assert is_as_found_anew()
    service.withdraw(school.tx, school.state, first, "She is ill.", school.now)
    assert is_as_found_anew()
    school.world.need(school.world.organisation())
    record_event(school.tx, SYSTEM, "need.posted", school.world.need(school.world.organisation()), school.now)
    assert is_as_found_anew()
