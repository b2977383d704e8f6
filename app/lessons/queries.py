"""Reading lessons and outputs: one record, what it comes from, the queue, its versions, and the lessons alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, false, or_, select, union
from sqlalchemy.orm import selectinload

from app.foundation.audit import AuditEvent, history_of
from app.foundation.db import Tx
from app.foundation.disclosure import find_readable, may_see_field, model_of, readable
from app.foundation.paging import in_parts
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.foundation.wording.versions import PastVersion, versions_of
from app.lessons import rules
from app.lessons.models import Lesson, LessonLink, Output, Review
from app.reference.themes import siblings


def find_lesson(tx: Tx, reader: Actor, ref: str) -> Lesson | None:
    """The lesson with that reference, if the reader may see it."""
    query = readable(reader, Lesson).where(Lesson.ref == ref)
    return tx.scalar(query.options(selectinload(Lesson.organisation)))


def find_output(tx: Tx, reader: Actor, ref: str) -> Output | None:
    """The output with that reference, if the reader may see it."""
    query = readable(reader, Output).where(Output.ref == ref)
    return tx.scalar(query.options(selectinload(Output.organisation)))


def lessons_by_ids(tx: Tx, reader: Actor, ids: Sequence[int]) -> dict[int, Lesson]:
    """The lessons with these numbers that the reader may see, by number."""
    query = readable(reader, Lesson).options(selectinload(Lesson.organisation))
    return {row.id: row for some in in_parts(ids) for row in tx.scalars(query.where(Lesson.id.in_(some)))}


def outputs_by_ids(tx: Tx, reader: Actor, ids: Sequence[int]) -> dict[int, Output]:
    """The outputs with these numbers that the reader may see, by number."""
    query = readable(reader, Output).options(selectinload(Output.organisation))
    return {row.id: row for some in in_parts(ids) for row in tx.scalars(query.where(Output.id.in_(some)))}


def lessons_from(tx: Tx, reader: Actor, subject_ref: str) -> list[Lesson]:
    """The lessons that one record has taught, validated ones first."""
    taught = select(Lesson.id).where(Lesson.subject_ref == subject_ref)
    linked = select(LessonLink.lesson_id).where(LessonLink.subject_ref == subject_ref)
    query = readable(reader, Lesson).where(Lesson.is_published, Lesson.id.in_(union(taught, linked)))
    ordered = query.order_by(unless(Lesson.status == "validated"), Lesson.id)
    return list(tx.scalars(ordered.options(selectinload(Lesson.organisation))))


def outputs_from(tx: Tx, reader: Actor, subject_ref: str) -> list[Output]:
    """The outputs that one record has brought."""
    # By number: else SQLite goes through all that are published instead of the few of a record.
    brought = select(Output.id).where(Output.subject_ref == subject_ref)
    query = readable(reader, Output).where(Output.is_published, Output.id.in_(brought))
    return list(tx.scalars(query.order_by(Output.id).options(selectinload(Output.organisation))))


def queue(tx: Tx, reader: Actor) -> list[Lesson]:
    """Lessons that wait for this person's word, those that have waited longest first.

    All that wait, for those who decide for the secretariat; else those that this person was asked to review.
    """
    query = readable(reader, Lesson).where(Lesson.is_published, Lesson.status == "submitted")
    if not reader.of_kind("secretariat"):
        if not reader.is_verified:
            return []
        asked = select(Review.lesson_id).where(Review.account_id == reader.account_id)
        query = query.where(Lesson.id.in_(asked), Lesson.organisation_id.not_in(reader.organisation_ids))
    return list(tx.scalars(query.order_by(Lesson.changed_at, Lesson.id).options(selectinload(Lesson.organisation))))


def return_reason(tx: Tx, lesson: Lesson) -> str:
    """Why the lesson was returned to its author the last time, or nothing. For its author alone."""
    events: Iterable[AuditEvent] = history_of(tx, lesson.ref)
    return next((str(e.details.get("reason", "")) for e in events if e.action == "lesson.returned"), "")


def versions_shown(tx: Tx, reader: Actor, lesson: Lesson) -> list[PastVersion]:
    """The versions of a lesson that the reader may see, newest first.

    What was returned to its author stays between the two: it may have named somebody. So does what whoever validated
    it has put differently and closed.
    """
    versions = versions_of(tx, reader, lesson)
    if reader.is_secretariat or lesson.organisation_id in reader.organisation_ids:
        return versions
    returned = next((e.happened_at for e in history_of(tx, lesson.ref) if e.action == "lesson.returned"), None)
    shown = [version for version in versions if returned is None or version.saved_at > returned]
    if lesson.validated_at is None or may_see_field(reader, lesson, "author_words"):
        return shown
    return [version for version in shown if version.saved_at >= lesson.validated_at]


Finder = Callable[[Tx, Actor, str], Any]
_FINDERS: dict[str, Finder] = {}


def register_subject(kind: str, find: Finder) -> None:
    """Let another feature say how a record of its own is found for a reader, where its tier alone does not tell."""
    _FINDERS[kind] = find


def find_subject(tx: Tx, reader: Actor, ref: str) -> Any:
    """The record that a lesson or an output comes from, if the reader may see it, else nothing.

    The records of neighbouring features are reached through what they have in common: who may see them.
    """
    kind = rules.subject_kind(ref)
    if kind in _FINDERS:
        return _FINDERS[kind](tx, reader, ref)
    model: Any = model_of(kind)
    return None if model is None else find_readable(tx, reader, model, ref)


def lessons_alike(
    tx: Tx, reader: Actor, themes: Sequence[str], kinds: Sequence[str], countries: Sequence[str], limit: int = 3
) -> list[Lesson]:
    """The lessons to read before deciding on something of these themes, kinds of assistance and countries.

    Validated ones first, the same theme before a neighbouring one, then the same kind, the stronger evidence and the
    same country; never by date. One at least warns, if there is one that does.
    """
    near = sorted(set[str]().union(*(siblings(theme) for theme in themes)) - set(themes))
    ways = [_has("theme", [*themes, *near]), _has("kind", kinds)]
    query = readable(reader, Lesson).where(Lesson.is_published, or_(*ways))
    ordered = query.order_by(
        unless(Lesson.status == "validated"),
        case((_has("theme", themes), 0), (_has("theme", near), 1), else_=2),
        unless(_has("kind", kinds)),
        evidence_strength().desc(),
        unless(_has("country", countries)),
        Lesson.id,
    ).options(selectinload(Lesson.organisation))
    best = list(tx.scalars(ordered.limit(limit)))
    warning = tx.scalar(ordered.where(Lesson.verdict.in_(rules.WARNINGS)).limit(1))
    return rules.with_a_warning(best, warning)


def evidence_strength() -> ColumnElement[int]:
    """How strong the evidence of a lesson is, for an order."""
    return case({code: rules.strength(code) for code in rules.EVIDENCE}, value=Lesson.evidence, else_=0)


def _has(facet: str, codes: Sequence[str]) -> ColumnElement[bool]:
    return has_code(Lesson, facet, codes) if codes else false()


def unless(criterion: ColumnElement[bool]) -> ColumnElement[int]:
    """What puts those first for which the criterion holds."""
    return case((criterion, 0), else_=1)
