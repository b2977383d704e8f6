"""Both sides are told of a new match, on every way on which one comes about, from the strength on that each chose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.courses.events import CourseAmended, CoursePosted, SessionPosted
from app.matching.models import Match
from app.needs.events import NeedAmended, NeedPosted
from app.notifications.following import service
from app.notifications.following.rules import STRENGTHS, is_enough
from app.notifications.models import Notice
from app.programmes.events import ProgrammeAmended, ProgrammePosted
from tests.notifications.mailbox import carried


@pytest.fixture
def sides(world: Any) -> Any:
    """A need, a programme and a course with a session, and somebody of each."""
    need = world.need(world.organisation())
    programme, course = world.programme(world.organisation("donor")), world.course(world.organisation("centre"))
    people = {row.record_kind: world.account(row.organisation) for row in (need, programme, course)}
    return need, programme, course, people


WAYS = [
    ("programme", lambda row: NeedPosted(row["need"].id)),
    ("programme", lambda row: NeedAmended(row["need"].id, 2)),
    ("programme", lambda row: ProgrammePosted(row["programme"].id)),
    ("programme", lambda row: ProgrammeAmended(row["programme"].id)),
    ("course", lambda row: CoursePosted(row["course"].id)),
    ("course", lambda row: CourseAmended(row["course"].id)),
]


@pytest.mark.parametrize(("kind", "fact"), WAYS)
def test_both_sides_are_told(sides: Any, kind: str, fact: Any, tell: Any, pair: Any, mails: Any) -> None:
    need, programme, course, people = sides
    offer = {"programme": programme, "course": course}[kind]
    pair(need, offer, kind)
    rows = {row.record_kind: row for row in (need, programme, course)}
    told = tell(fact(rows), fact(rows))
    assert told == {
        people["need"].id: [f"“{offer.title}” fits your need “{need.title}”"],
        people[kind].id: [f"The need “{need.title}” fits what you offer: “{offer.title}”"],
    }
    assert set(mails()) == {people["need"].email, people[kind].email}


def test_both_sides_are_told_of_a_new_session(sides: Any, tell: Any, pair: Any, world: Any) -> None:
    need, _programme, course, people = sides
    pair(need, course, "course")
    run = world.course_session(course, created_at=course.posted_at + timedelta(days=3))
    told = tell(SessionPosted(course.id, run.id))
    assert told == {
        people["need"].id: [f"“{course.title}”, which fits your need “{need.title}”, has a new session"],
        people["course"].id: [f"The need “{need.title}” fits what you offer: “{course.title}”"],
    }


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("least", [None, *STRENGTHS])
def test_each_is_told_from_the_strength_on_that_was_chosen(
    sides: Any,
    tell: Any,
    pair: Any,
    tx: Any,
    world: Any,
    now: Any,
    strength: str,
    least: str | None,
) -> None:
    need, programme, _course, people = sides
    colleague = world.account(need.organisation)
    pair(need, programme)
    tx.scalars(select(Match)).one().strength = strength
    if least:
        service.choose_threshold(tx, world.actor(people["need"]), least, now)
    told = tell(NeedPosted(need.id))
    assert (people["need"].id in told) == is_enough(strength, least or "fair")
    assert (colleague.id in told) == (strength != "weak")


def test_the_best_that_one_wants_comes_by_mail(
    sides: Any,
    tell: Any,
    pair: Any,
    tx: Any,
    world: Any,
    now: Any,
) -> None:
    need, programme, _course, people = sides
    other = world.programme(world.organisation("donor"))
    pair(need, programme, score=9)
    pair(need, other, score=5)
    tx.scalars(select(Match).order_by(Match.id)).first().strength = "fair"
    service.choose_threshold(tx, world.actor(people["need"]), "strong", now)
    tell(NeedPosted(need.id))
    causes = [cause for address, cause in carried(tx) if address == people["need"].email]
    assert causes == [f"offer_fits|need:{need.ref}|programme:{other.ref}"]
    assert len(tx.scalars(select(Notice).where(Notice.account_id == people["need"].id)).all()) == 1
