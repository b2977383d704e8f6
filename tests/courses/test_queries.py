"""What readers find among courses, and what they do not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.courses import queries
from app.courses.queries import CourseFilters
from app.foundation.db import Tx
from app.foundation.kept.lists import Wanted
from app.foundation.permissions import ANONYMOUS
from tests.factories import World

PAST = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 6), "register_by": None}


def titles(tx: Tx, now: datetime, filters: CourseFilters, reader: Any = ANONYMOUS) -> list[str]:
    return [
        c.title for c in queries.list_courses(tx, reader, Wanted(filters, None, now.date(), queries.SORTS[0])).items
    ]


def test_each_filter_narrows(tx: Tx, world: World, now: datetime) -> None:
    centre = world.organisation("centre")
    world.course(centre, title="Ports", themes=["port_control"], countries=["SN"], sessions=[{}])
    world.course(centre, title="Courts", themes=["courts"], languages=["en"], sessions=[PAST])
    world.course(centre, title="Called off", themes=["courts"], sessions=[{"status": "cancelled"}])
    assert titles(tx, now, CourseFilters(words="PORT")) == ["Ports"]
    assert titles(tx, now, CourseFilters(themes=("port_control",))) == ["Ports"]
    assert titles(tx, now, CourseFilters(countries=("SN",))) == ["Ports"]
    assert titles(tx, now, CourseFilters(languages=("en",))) == ["Courts"]
    assert titles(tx, now, CourseFilters(dates=("with",))) == ["Ports"]
    assert titles(tx, now, CourseFilters(dates=("without",))) == ["Called off", "Courts"]
    assert len(titles(tx, now, CourseFilters(dates=("with", "without")))) == 3


def test_what_begins_soonest_comes_first(tx: Tx, world: World, now: datetime) -> None:
    centre = world.organisation("centre")
    world.course(centre, title="A, without dates")
    world.course(
        centre, title="B, in June", sessions=[PAST, {"starts_on": date(2027, 6, 1), "ends_on": date(2027, 6, 2)}]
    )
    world.course(centre, title="C, in March", sessions=[{}])
    assert titles(tx, now, CourseFilters()) == ["C, in March", "B, in June", "A, without dates"]


def test_counts_say_what_a_choice_would_leave(tx: Tx, world: World, now: datetime) -> None:
    centre = world.organisation("centre")
    world.course(centre, themes=["courts"], sessions=[{}])
    world.course(centre, themes=["customs"], languages=["pt"])
    counts = queries.count_facets(tx, ANONYMOUS, CourseFilters(themes=("courts",)), now.date())
    assert counts["theme"] == {"courts": 1, "customs": 1}
    assert counts["language"] == {"fr": 1}
    assert counts["dates"] == {"with": 1, "without": 0}


def test_hidden_and_withdrawn_courses_are_in_no_list_and_no_count(tx: Tx, world: World, now: datetime) -> None:
    centre = world.organisation("centre")
    hidden = world.course(centre, title="For members", disclosure="members", sessions=[{}])
    world.course(centre, title="Withdrawn", status="withdrawn", is_published=False)
    assert titles(tx, now, CourseFilters()) == []
    assert queries.count_facets(tx, ANONYMOUS, CourseFilters(), now.date())["dates"] == {"with": 0, "without": 0}
    assert queries.find_course(tx, ANONYMOUS, hidden.ref) is None
    assert queries.sessions_by_ids(tx, ANONYMOUS, [hidden.sessions[0].id]) == {}
    member = world.somebody("state")
    assert titles(tx, now, CourseFilters(), member) == ["For members"]
    assert list(queries.sessions_by_ids(tx, member, [hidden.sessions[0].id])) == [hidden.sessions[0].id]


def test_a_session_is_found_only_under_its_own_course(tx: Tx, world: World) -> None:
    centre = world.organisation("centre")
    one, other = world.course(centre, sessions=[{}]), world.course(centre)
    session = one.sessions[0]
    assert queries.session_of(one, session.ref.lower()) is session
    assert queries.session_of(other, session.ref) is None
    assert queries.session_of(None, session.ref) is None


def test_a_session_stands_as_it_is_where_it_is_held(tx: Tx, world: World, now: datetime) -> None:
    session = world.course_session(
        world.course(world.organisation("centre")), register_by=date(2026, 11, 22), time_zone="America/Lima"
    )
    early = now.replace(hour=2)
    assert queries.standing_of(session, early).is_open
    assert not queries.standing_of(session, now).is_open
