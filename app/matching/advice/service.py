"""Saying for one's record whether a lesson is applied; each answer leaves an audit event, and may be changed."""

from __future__ import annotations

from datetime import datetime

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.permissions import Actor, Permission, require
from app.lessons.models import Lesson
from app.matching.advice.models import LessonAnswer
from app.matching.advice.queries import answer_to
from app.matching.advice.rules import AnswerDraft, check_answer
from app.matching.relations.records import Side

EVENTS = {"applied": "lesson_answer.applied", "not_applicable": "lesson_answer.not_applicable"}


def answer_lesson(tx: Tx, actor: Actor, lesson: Lesson, side: Side, draft: AnswerDraft, now: datetime) -> LessonAnswer:
    """Say for the organisation whose record it is whether a lesson is applied; the same said again changes nothing.

    Raises:
        Refused: the actor does not write for the organisation that owns the record.
        AnswerRefused: the answer lacks something.
    """
    require(actor, Permission.LESSON_ANSWER, now, side.record)
    sound = check_answer(draft)
    row = answer_to(tx, lesson, side.kind, side.ref)
    if row is not None and (row.says, row.reason, row.lesson_version) == (sound.says, sound.reason, lesson.version):
        return row
    before = row.says if row is not None else ""
    if row is None:
        row = LessonAnswer(lesson_id=lesson.id, of_kind=side.kind, of_ref=side.ref)
        tx.add(row)
    row.organisation_id, row.account_id = side.record.organisation_id, actor.account_id
    row.says, row.reason, row.lesson_version, row.answered_at = sound.says, sound.reason, lesson.version, now
    details = {"lesson": lesson.ref, "record": side.ref} | ({"before": before} if before else {})
    record_event(tx, actor, EVENTS[sound.says], row, now, details)
    return row
