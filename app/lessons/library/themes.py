"""What is known of one theme, from the validated lessons that a reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.messages import Message
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.lessons import rules
from app.lessons.library.rules import Summary, Told, summarise
from app.lessons.models import Lesson
from app.lessons.standing.queries import ties_among
from app.lessons.standing.rules import CONTRADICTS, CORROBORATES, Source

BY: Mapping[str, Mapping[str, Message]] = {"criterion": rules.CRITERIA, "stage": rules.STAGES}
"""What a summary can be arranged by, the usual one first."""


@dataclass(frozen=True)
class Known:
    """The summary of a theme, and the lessons that it is made of, by number."""

    summary: Summary
    lessons: Mapping[int, Lesson]
    waiting: int


def known_of(tx: Tx, reader: Actor, code: str, by: str) -> Known:
    """What validated lessons say of a theme, by criterion or by stage; `waiting` tells how many are not validated."""
    query = readable(reader, Lesson).where(Lesson.is_published, has_code(Lesson, "theme", [code]))
    rows = list(tx.scalars(query.order_by(Lesson.ref).options(selectinload(Lesson.organisation))))
    lessons = {row.id: row for row in rows if row.status == "validated"}
    told = [
        Told(row.id, row.ref, row.organisation_id, row.verdict, getattr(row, by), _source(row).points)
        for row in lessons.values()
    ]
    ties = ties_among(tx, set(lessons))
    corroborating = [(one, other) for one, other, kind in ties if kind == CORROBORATES]
    contradicting = [(one, other) for one, other, kind in ties if kind == CONTRADICTS]
    summary = summarise(told, corroborating, contradicting, tuple(BY[by]))
    return Known(summary, lessons, len(rows) - len(lessons))


def _source(lesson: Lesson) -> Source:
    return Source(lesson.organisation_id, lesson.evidence, lesson.is_independent)
