"""Looking at a lesson again: it is still true until another day; and noticing that a day has passed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, update

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, require
from app.foundation.wording.versions import check_version, keep_before, keep_version
from app.lessons import rules
from app.lessons.changes import snapshot
from app.lessons.events import LessonAffirmed, LessonDue
from app.lessons.models import Lesson

MOST_AT_ONCE = 200


class DayRefused(ValueError):
    """The next day of review does not lie ahead."""


def affirm(
    tx: Tx, actor: Actor, lesson: Lesson, review_by: date, now: datetime, opened_version: int | None = None
) -> None:
    """Say that a validated lesson is still true, and when to look at it again.

    Raises:
        Refused: the actor writes neither for its author nor for the secretariat. MoveRefused: it is not validated.
        StaleVersion: it was changed since it was opened. DayRefused: that day does not lie ahead.
    """
    require(actor, Permission.LESSON_AFFIRM, now, lesson)
    if lesson.status != "validated":
        raise rules.MoveRefused(lesson.status, "validated")
    check_version(lesson, opened_version)
    if review_by <= now.date():
        raise DayRefused(review_by.isoformat())
    keep_before(tx, lesson, snapshot(lesson))
    lesson.review_by, lesson.changed_at = review_by, now
    tx.flush()
    keep_version(tx, actor, lesson, snapshot(lesson), now)
    record_event(tx, actor, "lesson.affirmed", lesson, now)
    tell(tx, LessonAffirmed(lesson.id), now)


def notice_due(tx: Tx, now: datetime) -> int:
    """Let those whom it concerns be told, once for each day, that a lesson waits for another look; how many do."""
    query = readable(SYSTEM, Lesson).where(
        Lesson.is_published,
        Lesson.status == "validated",
        Lesson.review_by < now.date(),
        or_(Lesson.due_told_for.is_(None), Lesson.due_told_for != Lesson.review_by),
    )
    found = list(tx.scalars(query.order_by(Lesson.review_by, Lesson.id).limit(MOST_AT_ONCE)))
    for lesson in found:
        # Not a change of the lesson: whoever has it open is not told that somebody else has changed it.
        told = update(Lesson).where(Lesson.id == lesson.id).values(due_told_for=Lesson.review_by)
        tx.execute(told, execution_options={"synchronize_session": False})
        tell(tx, LessonDue(lesson.id), now)
    return len(found)
