"""Asking what was learned, and answering: with a lesson, or that there is nothing to tell. Each leaves one event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.closing.events import LessonAsked
from app.closing.models import LessonRequest
from app.closing.rules import ASKED, NOTHING, TOLD, Wanted, check_open
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, require
from app.lessons.models import Lesson
from app.lessons.service import LessonDraft, record_lesson


def ask_for(tx: Tx, wanted: Iterable[Wanted], now: datetime) -> list[LessonRequest]:
    """Ask each of these organisations once; whoever was asked already is not in the list."""
    made = []
    for one in wanted:
        row = LessonRequest(
            organisation_id=one.organisation_id, of_kind=one.of_kind, of_ref=one.of_ref, about_kind=one.about_kind,
            about_ref=one.about_ref, view=one.view, tier=one.tier, status=ASKED, asked_at=now,
        )  # fmt: skip
        tx.add(row)
        tx.flush()
        record_event(tx, SYSTEM, "lesson_request.asked", row, now, {"of": one.of_ref})
        tell(tx, LessonAsked(row.id), now)
        made.append(row)
    return made


def answer_with_lesson(tx: Tx, actor: Actor, request: LessonRequest, draft: LessonDraft, now: datetime) -> Lesson:
    """Tell the lesson that was asked for; it is recorded as any other and waits for validation.

    Raises:
        Refused: the actor does not write for that organisation. MoveRefused: it was answered already.
    """
    require(actor, Permission.LESSON_RECORD, now, request)
    check_open(request.status)
    lesson = record_lesson(tx, actor, request.organisation_id, draft, now)
    request.lesson_id = lesson.id
    _answered(tx, actor, request, TOLD, now)
    return lesson


def nothing_to_tell(tx: Tx, actor: Actor, request: LessonRequest, now: datetime) -> None:
    """There is nothing to tell; that is kept, and nobody of the organisation is asked again.

    Raises:
        Refused: the actor does not write for that organisation. MoveRefused: it was answered already.
    """
    require(actor, Permission.LESSON_RECORD, now, request)
    check_open(request.status)
    _answered(tx, actor, request, NOTHING, now)


def _answered(tx: Tx, actor: Actor, request: LessonRequest, status: str, now: datetime) -> None:
    request.status, request.answered_at, request.answered_by = status, now, actor.account_id
    record_event(tx, actor, f"lesson_request.{status}", request, now)
