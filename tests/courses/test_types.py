"""What a centre gives: a course, a workshop, a study visit ...; found by it, said everywhere, kept in the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.courses import queries, rules
from app.courses.models import Course
from app.courses.queries import CourseFilters
from app.foundation import migrate
from app.foundation.db import Tx
from app.foundation.kept.lists import Wanted
from app.foundation.permissions import ANONYMOUS
from app.foundation.wording.versions import RecordVersion, keep_version
from tests.factories import World
from tests.pages import CheckingClient


def test_the_list_is_narrowed_and_counted_by_type(tx: Tx, world: World, now: datetime) -> None:
    centre = world.organisation("centre")
    world.course(centre, title="Ports")
    world.course(centre, title="Courts", type="study_visit")
    chosen = CourseFilters(types=("study_visit",))
    assert [
        c.title for c in queries.list_courses(tx, ANONYMOUS, Wanted(chosen, None, now.date(), "soonest")).items
    ] == ["Courts"]
    assert queries.count_facets(tx, ANONYMOUS, chosen, now.date())["type"] == {"course": 1, "study_visit": 1}


def test_every_type_has_a_name_and_a_course_is_the_usual_one() -> None:
    assert next(iter(rules.TYPES)) == "course"
    assert len({str(name) for name in rules.TYPES.values()}) == 8


def test_a_centre_says_it_and_the_pages_do(
    client: CheckingClient, sign_in: Callable[..., object], world: World
) -> None:
    centre = world.organisation("centre")
    course = world.course(centre, title="Ports", sessions=[{}])
    sign_in(client, world.account(centre))
    assert client.submit(f"/courses/{course.ref}/amend", {"type": "simulation"}).status_code == 303
    page = client.get(f"/courses/{course.ref}").text
    assert "Simulation exercise" in page
    assert "Simulation exercise" in client.get("/courses?type=simulation").text
    assert "Ports" not in client.get("/courses?type=seminar").text
    assert "Ports" in client.get("/courses/calendar?view=list&type=simulation").text
    assert "Ports" not in client.get("/courses/calendar?view=list&type=seminar").text
    history = client.get(f"/courses/{course.ref}/history").text
    assert "Type of course" in history
    assert client.submit(f"/courses/{course.ref}/amend", {"type": "party"}).status_code == 422


def test_courses_that_were_there_before_and_their_versions_are_of_the_usual_type(
    engine_name: str, new_database: Callable[[str], Any], now: datetime
) -> None:
    database = new_database(engine_name)
    migrate.upgrade(database)
    with database.transaction() as tx:
        course = World(tx, now).course(World(tx, now).organisation("centre"), type="seminar")
        keep_version(tx, ANONYMOUS, course, {"title": "Ports", "type": "seminar"}, now)
    migrate.downgrade(database, "0018")
    with database.engine.connect() as connection:
        assert connection.execute(sa.select(RecordVersion.snapshot)).scalar_one() == {"title": "Ports"}
    migrate.upgrade(database)
    with database.reading() as tx:
        assert tx.scalars(sa.select(Course.type)).all() == ["course"]
        assert tx.scalars(sa.select(RecordVersion.snapshot)).one() == {"title": "Ports", "type": "course"}
