"""A lesson is looked at again: who is told that its day has passed, how often, and who says that it is still true."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import Refused
from app.lessons import rules
from app.lessons.models import Lesson
from app.lessons.renewal.reactions import look_again
from app.lessons.renewal.service import DayRefused, affirm, notice_due
from tests.factories import World
from tests.pages import CheckingClient

PASSED, AHEAD = date(2026, 11, 1), date(2028, 11, 1)


@pytest.fixture
def lesson(world: World) -> Lesson:
    """A validated lesson whose day has passed."""
    return world.lesson(world.organisation("donor"), review_by=PASSED)


def facts(tx: Tx) -> list[str]:
    return list(tx.scalars(select(OutboxRow.fact)))


def test_what_is_due_is_noticed_once_for_each_day(tx: Tx, world: World, lesson: Lesson, now: datetime) -> None:
    world.lesson(world.organisation(), review_by=PASSED, status="submitted")
    version = lesson.version

    assert [notice_due(tx, now), notice_due(tx, now)] == [1, 0]
    assert facts(tx) == ["LessonDue"]
    tx.refresh(lesson)
    assert lesson.version == version
    lesson.review_by = PASSED + timedelta(days=3)
    tx.flush()
    assert notice_due(tx, now) == 1


def test_the_worker_looks_by_itself(app: Any, tx: Tx, lesson: Lesson) -> None:
    site = app.extensions["counterpart"]
    tx.flush()
    look_again(site)
    look_again(site)
    assert facts(tx) == ["LessonDue"]


def test_it_is_shown_as_before_with_a_word(client: CheckingClient, world: World, sign_in: Any, lesson: Lesson) -> None:
    assert "Due for another look" in client.get(f"/lessons/{lesson.ref}").text
    assert "Due for another look" in client.get("/lessons").text
    sign_in(client, world.account(world.organisation("secretariat")))
    assert lesson.title in client.get("/lessons/queue").text


@pytest.mark.parametrize("who", ["author", "office"])
def test_still_true_sets_the_next_day(tx: Tx, world: World, lesson: Lesson, now: datetime, who: str) -> None:
    actor = world.somebody("secretariat") if who == "office" else world.actor(world.account(lesson.organisation))
    affirm(tx, actor, lesson, AHEAD, now)

    assert (lesson.review_by, lesson.status) == (AHEAD, "validated")
    assert facts(tx) == ["LessonAffirmed"]


def test_others_may_not_say_so_nor_of_what_waits_nor_for_the_past(
    tx: Tx, world: World, lesson: Lesson, now: datetime
) -> None:
    author = world.actor(world.account(lesson.organisation))
    with pytest.raises(Refused):
        affirm(tx, world.somebody("centre"), lesson, AHEAD, now)
    with pytest.raises(DayRefused):
        affirm(tx, author, lesson, now.date(), now)
    lesson.status = "submitted"
    with pytest.raises(rules.MoveRefused):
        affirm(tx, author, lesson, AHEAD, now)


def test_it_is_said_on_the_page(client: CheckingClient, world: World, sign_in: Any, lesson: Lesson, tx: Tx) -> None:
    sign_in(client, world.account(lesson.organisation))
    address = f"/lessons/{lesson.ref}"
    page = client.submit(address, {"review_by": "2020-01-01"}, form_id="affirm-form", to=f"{address}/still-true")
    assert page.status_code == 422
    assert "Choose a day that lies ahead" in page.text
    assert client.submit(address, {}, form_id="affirm-form", to=f"{address}/still-true").status_code == 303
    tx.refresh(lesson)
    assert lesson.review_by is not None
    assert lesson.review_by > date(2028, 1, 1)
    assert "Due for another look" not in client.get(address).text


@pytest.mark.parametrize(
    ("status", "review_by", "due"),
    [
        ("validated", PASSED, True),
        ("validated", AHEAD, False),
        ("submitted", PASSED, False),
        ("validated", None, False),
    ],
)
def test_when_a_lesson_is_due(status: str, review_by: date | None, due: bool) -> None:
    assert rules.is_due(status, review_by, date(2026, 11, 23)) is due
