"""Reading lessons and outputs: lists with their facets, one record, the queue, and the lessons alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select
from sqlalchemy.orm import selectinload

from app.foundation.audit import AuditEvent, history_of
from app.foundation.db import Tx
from app.foundation.disclosure import Owned, readable, visible_to
from app.foundation.paging import PAGE_SIZE, Page, page_number
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.foundation.versions import PastVersion, versions_of
from app.lessons import rules
from app.lessons.models import Lesson, Output
from app.reference.themes import siblings

FACETS = ("theme", "kind", "country")
COLUMN_FACETS: Mapping[str, Mapping[str, str]] = {
    "lesson": {"verdict": "verdict"},
    "output": {"output_kind": "kind", "language": "language"},
}
"""Facets that are a column of the record, by the kind of record."""

SORTS: Mapping[str, tuple[str, ...]] = {
    "lesson": ("validated", "evidence", "newest", "title"),
    "output": ("newest", "title"),
}
"""The orders of each list, the usual one first."""

TEXTS: Mapping[str, tuple[str, ...]] = {
    "lesson": ("title", "context", "action", "result", "cause", "instruction"),
    "output": ("title", "description"),
}
"""Where the words of a search are looked for."""

MOST_WORDS = 8

Record = TypeVar("Record", Lesson, Output)


@dataclass(frozen=True)
class Filters:
    """What a list of lessons or outputs is narrowed to; several codes of one list mean any of them.

    `kind` is a kind of assistance; `verdict` a lesson's, `output_kind` and `language` an output's.
    """

    theme: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    output_kind: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    words: str = ""

    def without(self, facet: str) -> Filters:
        """The same filters but for one."""
        changes: dict[str, Any] = {facet: ()}
        return replace(self, **changes)


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
    query = readable(reader, Lesson).where(Lesson.id.in_(ids)).options(selectinload(Lesson.organisation))
    return {lesson.id: lesson for lesson in tx.scalars(query)}


def outputs_by_ids(tx: Tx, reader: Actor, ids: Sequence[int]) -> dict[int, Output]:
    """The outputs with these numbers that the reader may see, by number."""
    query = readable(reader, Output).where(Output.id.in_(ids)).options(selectinload(Output.organisation))
    return {output.id: output for output in tx.scalars(query)}


def lessons_from(tx: Tx, reader: Actor, subject_ref: str) -> list[Lesson]:
    """The lessons that one record has taught, validated ones first."""
    query = readable(reader, Lesson).where(Lesson.is_published, Lesson.subject_ref == subject_ref)
    ordered = query.order_by(_unless(Lesson.status == "validated"), Lesson.id)
    return list(tx.scalars(ordered.options(selectinload(Lesson.organisation))))


def outputs_from(tx: Tx, reader: Actor, subject_ref: str) -> list[Output]:
    """The outputs that one record has brought."""
    query = readable(reader, Output).where(Output.is_published, Output.subject_ref == subject_ref)
    return list(tx.scalars(query.order_by(Output.id).options(selectinload(Output.organisation))))


def list_lessons(
    tx: Tx, reader: Actor, filters: Filters, page: str | None, sort: str = "validated", size: int = PAGE_SIZE
) -> Page[Lesson]:
    """A page of published lessons in one of SORTS; `page` is what the address asks for."""
    query = narrowed(reader, Lesson, filters)
    first: dict[str, list[ColumnElement[Any]]] = {
        "validated": [_unless(Lesson.status == "validated")],
        "evidence": [_evidence().desc(), _unless(Lesson.status == "validated")],
        "title": [func.lower(Lesson.title)],
    }
    ordered = query.order_by(*first.get(sort, []), Lesson.posted_at.desc(), Lesson.id.desc())
    return _page(tx, ordered.options(selectinload(Lesson.organisation)), query, page, size)


def list_outputs(
    tx: Tx, reader: Actor, filters: Filters, page: str | None, sort: str = "newest", size: int = PAGE_SIZE
) -> Page[Output]:
    """A page of published outputs in one of SORTS; `page` is what the address asks for."""
    query = narrowed(reader, Output, filters)
    first = [func.lower(Output.title)] if sort == "title" else []
    ordered = query.order_by(*first, Output.posted_at.desc(), Output.id.desc())
    return _page(tx, ordered.options(selectinload(Output.organisation)), query, page, size)


def narrowed(reader: Actor, model: type[Record], filters: Filters) -> Select[Record]:
    """The published records of a model that this reader may see and that fit the filters."""
    query = readable(reader, model).where(model.is_published)
    for facet in FACETS:
        if codes := getattr(filters, facet):
            query = query.where(has_code(model, facet, codes))
    for facet, column in COLUMN_FACETS[model.record_kind].items():
        if codes := getattr(filters, facet):
            query = query.where(getattr(model, column).in_(codes))
    columns = TEXTS[model.record_kind]
    for word in filters.words.split()[:MOST_WORDS]:
        query = query.where(or_(*(getattr(model, name).icontains(word, autoescape=True) for name in columns)))
    return query


def tag_counts(tx: Tx, reader: Actor, model: type[Record], filters: Filters, facet: str) -> dict[str, int]:
    """For each code of one list, how many records fit all the other filters."""
    ids = narrowed(reader, model, filters.without(facet)).with_only_columns(model.id)
    tag = model.tag_class
    query = select(tag.value, func.count()).where(tag.facet == facet, tag.record_id.in_(ids)).group_by(tag.value)
    return {str(code): count for code, count in tx.execute(query)}


def column_counts(tx: Tx, reader: Actor, model: type[Record], filters: Filters, facet: str) -> dict[str, int]:
    """For each value of a facet that is a column, how many records fit all the other filters."""
    ids = narrowed(reader, model, filters.without(facet)).with_only_columns(model.id)
    value = getattr(model, COLUMN_FACETS[model.record_kind][facet])
    query = select(value, func.count()).where(visible_to(reader, model), model.id.in_(ids)).group_by(value)
    return {str(code): count for code, count in tx.execute(query)}


def queue(tx: Tx, reader: Actor) -> list[Lesson]:
    """Lessons that wait for validation, those that have waited longest first."""
    query = readable(reader, Lesson).where(Lesson.status == "submitted").order_by(Lesson.changed_at, Lesson.id)
    return list(tx.scalars(query.options(selectinload(Lesson.organisation))))


def return_reason(tx: Tx, lesson: Lesson) -> str:
    """Why the lesson was returned to its author the last time, or nothing. For its author alone."""
    events: Iterable[AuditEvent] = history_of(tx, lesson.ref)
    return next((str(e.details.get("reason", "")) for e in events if e.action == "lesson.returned"), "")


def versions_shown(tx: Tx, reader: Actor, lesson: Lesson) -> list[PastVersion]:
    """The versions of a lesson that the reader may see, newest first.

    What the secretariat has returned to its author stays between the two: it may have named somebody.
    """
    versions = versions_of(tx, reader, lesson)
    if reader.is_secretariat or lesson.organisation_id in reader.organisation_ids:
        return versions
    returned = next((e.happened_at for e in history_of(tx, lesson.ref) if e.action == "lesson.returned"), None)
    return [version for version in versions if returned is None or version.saved_at > returned]


def find_subject(tx: Tx, reader: Actor, ref: str) -> Any:
    """The record that a lesson or an output comes from, if the reader may see it, else nothing.

    The records of neighbouring features are reached through what they have in common: who may see them.
    """
    kind = rules.subject_kind(ref)
    model: Any = next((m for m in Owned.__subclasses__() if kind and m.record_kind == kind), None)
    return None if model is None else tx.scalar(readable(reader, model).where(model.ref == ref))


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
        _unless(Lesson.status == "validated"),
        case((_has("theme", themes), 0), (_has("theme", near), 1), else_=2),
        _unless(_has("kind", kinds)),
        _evidence().desc(),
        _unless(_has("country", countries)),
        Lesson.id,
    ).options(selectinload(Lesson.organisation))
    best = list(tx.scalars(ordered.limit(limit)))
    warning = tx.scalar(ordered.where(Lesson.verdict.in_(rules.WARNINGS)).limit(1))
    return rules.with_a_warning(best, warning)


def _evidence() -> ColumnElement[int]:
    return case({code: rules.strength(code) for code in rules.EVIDENCE}, value=Lesson.evidence, else_=0)


def _has(facet: str, codes: Sequence[str]) -> ColumnElement[bool]:
    return has_code(Lesson, facet, codes) if codes else false()


def _unless(criterion: ColumnElement[bool]) -> ColumnElement[int]:
    return case((criterion, 0), else_=1)


def _page(tx: Tx, ordered: Select[Record], query: Select[Record], page: str | None, size: int) -> Page[Record]:
    total = tx.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = page_number(page, total, size)
    return Page(list(tx.scalars(ordered.offset((number - 1) * size).limit(size))), number, total, size)
