"""Reading what belongs to the validation of lessons: the queue, the thread of comments, and the author's own words."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Account
from app.foundation.db import Tx
from app.foundation.disclosure import may_see_field, readable
from app.foundation.permissions import Actor
from app.foundation.wording.changes import FieldChange, field_changes
from app.lessons import rules
from app.lessons.changes import PARTS
from app.lessons.models import Lesson, LessonComment


def comments_of(tx: Tx, reader: Actor, lesson: Lesson) -> list[LessonComment]:
    """The words on a lesson that this reader may see, the oldest first."""
    query = readable(reader, LessonComment).where(LessonComment.lesson_id == lesson.id)
    query = query.options(joinedload(LessonComment.by_organisation)).order_by(LessonComment.id)
    return list(tx.scalars(query))


def reviewer_of(tx: Tx, lesson: Lesson) -> Account | None:
    """Who was asked to review a lesson. For its page as the secretariat, the author and the reviewer see it."""
    return tx.scalar(select(Account).where(Account.id == lesson.reviewer_id)) if lesson.reviewer_id else None


def due(tx: Tx, reader: Actor, today: date) -> list[Lesson]:
    """Validated lessons whose day of review has passed, those first that have waited longest."""
    query = readable(reader, Lesson).where(Lesson.is_published, Lesson.status == "validated", Lesson.review_by < today)
    return list(tx.scalars(query.order_by(Lesson.review_by, Lesson.id).options(selectinload(Lesson.organisation))))


def author_changes(reader: Actor, lesson: Lesson) -> list[FieldChange]:
    """Where the words that are shown differ from the author's own, if this reader may see those."""
    if not lesson.author_words or not may_see_author_words(reader, lesson):
        return []
    before = {part: str(text) for part, text in lesson.author_words.items()}
    labels = {part: PARTS[part].label for part in rules.WORDS if part in before}
    return field_changes(labels, before, {part: str(getattr(lesson, part)) for part in labels})


def may_see_author_words(reader: Actor, lesson: Lesson) -> bool:
    """Everybody who may see the lesson, unless whoever validated it closed them; then its own people and the office."""
    return reader.is_secretariat or may_see_field(reader, lesson, "author_words")
