"""The lists of lessons and outputs: what they are narrowed to, in which order they stand, and what is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, not_, or_, select

from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.paging import PAGE_SIZE, Numbers, Page, numbers_on, page_number
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.lessons.models import Lesson, Output
from app.lessons.queries import evidence_strength, lessons_by_ids, outputs_by_ids, unless
from app.lessons.standing.queries import is_best, is_contradicted, weights_of
from app.lessons.standing.rules import best_known_first

FACETS: Mapping[str, tuple[str, ...]] = {
    "lesson": ("theme", "kind", "country", "audience"),
    "output": ("theme", "kind", "country"),
}
"""Facets that are lists of codes on the record, by the kind of record."""
COLUMN_FACETS: Mapping[str, Mapping[str, str]] = {
    "lesson": {"verdict": "verdict", "status": "status", "evidence": "evidence", "criterion": "criterion",
               "stage": "stage", "nature": "kind"},
    "output": {"output_kind": "kind", "language": "language"},
}  # fmt: skip
"""Facets that are a column of the record, by the kind of record."""

SORTS: Mapping[str, tuple[str, ...]] = {
    "lesson": ("known", "evidence", "newest", "title"),
    "output": ("newest", "title"),
}
"""The orders of each list, the usual one first."""

TEXTS: Mapping[str, tuple[str, ...]] = {
    "lesson": ("title", "context", "action", "result", "cause", "instruction"),
    "output": ("title", "description"),
}
"""Where the words of a search are looked for."""

STANDINGS: Mapping[str, Callable[[Actor], ColumnElement[bool]]] = {
    "best_practice": is_best,
    "contradicted": is_contradicted,
    "uncontradicted": lambda reader: not_(is_contradicted(reader)),
}
"""How lessons stand to one another, as far as a reader may know it, by the codes of the facet."""

MOST_WORDS = 8

Record = TypeVar("Record", Lesson, Output)


@dataclass(frozen=True)
class Filters:
    """What a list of lessons or outputs is narrowed to; several codes of one list mean any of them.

    `kind` is a kind of assistance; `output_kind` and `language` are an output's, all others a lesson's: `nature` is
    its kind (operational, developmental), `standing` is one of STANDINGS.
    """

    theme: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    criterion: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    nature: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    output_kind: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    words: str = ""

    def without(self, facet: str) -> Filters:
        """The same filters but for one."""
        changes: dict[str, Any] = {facet: ()}
        return replace(self, **changes)


def list_lessons(
    tx: Tx, reader: Actor, filters: Filters, page: str | None, sort: str = "known", size: int = PAGE_SIZE
) -> Page[Lesson]:
    """A page of published lessons in one of SORTS; `page` is what the address asks for."""
    numbers = lesson_numbers(tx, reader, filters, page, sort, size)
    return numbers.page_of(lessons_by_ids(tx, reader, numbers.on_page), size)


def lesson_numbers(tx: Tx, reader: Actor, filters: Filters, page: str | None, sort: str, size: int) -> Numbers:
    """Which lessons stand on that page."""
    query = narrowed(reader, Lesson, filters)
    if sort == "known":
        ids = ids_best_known_first(tx, reader, query)
        number = page_number(page, len(ids), size)
        return Numbers(number, len(ids), ids[(number - 1) * size : number * size])
    first: dict[str, list[ColumnElement[Any]]] = {
        "evidence": [evidence_strength().desc(), unless(Lesson.status == "validated")],
        "title": [func.lower(Lesson.title)],
    }
    order = [*first.get(sort, []), Lesson.posted_at.desc(), Lesson.id.desc()]
    return numbers_on(tx, query.with_only_columns(Lesson.id), order, page, size)


def every_lesson(tx: Tx, reader: Actor, filters: Filters, sort: str = "known") -> list[Lesson]:
    """All published lessons that fit, in one of SORTS: what is taken along as a file."""
    total = tx.scalar(select(func.count()).select_from(narrowed(reader, Lesson, filters).subquery())) or 0
    return list(list_lessons(tx, reader, filters, "1", sort, max(1, total)).items)


def ids_best_known_first(tx: Tx, reader: Actor, query: Select[Lesson]) -> list[int]:
    """The lessons of a query by number: validated ones first, the heavier first, and never by date."""
    rows = tx.execute(query.with_only_columns(Lesson.id, Lesson.ref, Lesson.status)).all()
    weights = weights_of(tx, reader, [row.id for row in rows])
    kept = [row for row in rows if row.id in weights]
    kept.sort(key=lambda row: best_known_first(weights[row.id], row.ref, is_validated=row.status == "validated"))
    return [row.id for row in kept]


def list_outputs(
    tx: Tx, reader: Actor, filters: Filters, page: str | None, sort: str = "newest", size: int = PAGE_SIZE
) -> Page[Output]:
    """A page of published outputs in one of SORTS; `page` is what the address asks for."""
    numbers = output_numbers(tx, reader, filters, page, sort, size)
    return numbers.page_of(outputs_by_ids(tx, reader, numbers.on_page), size)


def output_numbers(tx: Tx, reader: Actor, filters: Filters, page: str | None, sort: str, size: int) -> Numbers:
    """Which outputs stand on that page."""
    first = [func.lower(Output.title)] if sort == "title" else []
    order = [*first, Output.posted_at.desc(), Output.id.desc()]
    return numbers_on(tx, narrowed(reader, Output, filters).with_only_columns(Output.id), order, page, size)


def narrowed(reader: Actor, model: type[Record], filters: Filters) -> Select[Record]:
    """The published records of a model that this reader may see and that fit the filters."""
    query = readable(reader, model).where(model.is_published)
    for facet in FACETS[model.record_kind]:
        if codes := getattr(filters, facet):
            query = query.where(has_code(model, facet, codes))
    if model is Lesson and filters.standing:
        query = query.where(or_(*(STANDINGS[code](reader) for code in filters.standing)))
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
    return {str(code): count for code, count in tx.execute(query) if code}


def standing_counts(tx: Tx, reader: Actor, filters: Filters) -> dict[str, int]:
    """For each way to stand, how many lessons fit all the other filters."""
    others = narrowed(reader, Lesson, filters.without("standing")).with_only_columns(Lesson.id)
    counts = {
        code: tx.scalar(select(func.count()).select_from(others.where(holds(reader)).subquery())) or 0
        for code, holds in STANDINGS.items()
    }
    return {code: count for code, count in counts.items() if count}


def counts_of(tx: Tx, reader: Actor, model: type[Record], filters: Filters) -> dict[str, dict[str, int]]:
    """For each facet of a list, how many records each of its values would leave beside the other filters."""
    kind = model.record_kind
    counts = {name: tag_counts(tx, reader, model, filters, name) for name in FACETS[kind]}
    counts |= {name: column_counts(tx, reader, model, filters, name) for name in COLUMN_FACETS[kind]}
    return counts | ({"standing": standing_counts(tx, reader, filters)} if kind == "lesson" else {})
