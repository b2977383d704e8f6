"""What the index is told of each kind of record: its words, its facets, and who may find it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.courses.models import Course
from app.foundation.confirming import Confirmable
from app.foundation.db import Tx
from app.foundation.disclosure import Audience, audience_tokens, visible_to
from app.foundation.permissions import SYSTEM
from app.lessons.models import Lesson, Output
from app.needs.models import Need
from app.organisations.models import Organisation
from app.programmes.models import Programme
from app.reference.concepts import concepts_in, with_broader
from app.reference.groupings import groupings_of
from app.reference.themes import theme_name
from app.search.engine_types import IndexDocument, Key
from app.search.in_files import words_of_files
from app.search.language import STEMMERS, terms, words
from app.search.terms import in_title, place_concept

MODELS: dict[str, type[Any]] = {
    "need": Need,
    "programme": Programme,
    "course": Course,
    "lesson": Lesson,
    "output": Output,
}
OPEN_NEED = frozenset({"posted", "partly_met"})
LONGEST_BODY = 4000


def documents(tx: Tx, kind: str, ids: Sequence[int]) -> list[IndexDocument]:
    """The documents of the published records among these; the others are to be taken out of the index."""
    model = MODELS[kind]
    query = select(model).where(model.id.in_(ids), model.is_published, visible_to(SYSTEM, model))
    rows = tx.scalars(query.options(*_whole(kind))).all()
    named = _named(tx, kind, [row.id for row in rows if row.disclosure == "named"])
    files = words_of_files(tx, rows)
    return [_document(kind, row, named.get(row.id, []), files.get(row.ref, ())) for row in rows]


def _whole(kind: str) -> list[Any]:
    options = [selectinload(MODELS[kind].organisation)]
    if kind == "programme":
        options.append(selectinload(Programme.texts))
    return options


def _named(tx: Tx, kind: str, ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in tx.scalars(select(Audience).where(Audience.record_kind == kind, Audience.record_id.in_(ids))):
        found.setdefault(row.record_id, []).append(row.organisation_id)
    return found


def _document(kind: str, row: Any, named: list[int], files: tuple[str, ...]) -> IndexDocument:
    texts = TEXTS[kind](row)
    title = [term for text, language in texts[:1] for term in terms(text, language)]
    body = [term for text, language in texts[1:] for term in terms(text, language)][:LONGEST_BODY]
    whole = " \n ".join(text for text, _language in texts)
    is_public = row.disclosure == "public"
    return IndexDocument(
        key=(kind, row.id),
        version=row.version,
        title=tuple(title),
        body=tuple(body),
        concepts=_concepts(kind, row, whole),
        words=tuple(dict.fromkeys(words(whole))) if is_public else (),
        facets=_facets(kind, row),
        is_public=is_public,
        tokens=() if is_public else tuple(sorted(set(audience_tokens(row, named)))),
        posted=_ordinal(row.posted_at),
        due=_ordinal(_due(kind, row)),
        confirm=_ordinal(row.confirm_due if isinstance(row, Confirmable) else None),
        files=files,
    )


def _concepts(kind: str, row: Any, whole: str) -> tuple[str, ...]:
    """What the texts speak of, with what that is part of, and the countries, so that one finds them by any name."""
    named = with_broader(concept.id for concept in concepts_in(whole))
    entitled = with_broader(concept.id for concept in concepts_in(row.title))
    countries = row.places if kind == "programme" else row.codes("country")
    return tuple(sorted({*named, *map(in_title, entitled), *map(place_concept, countries)}))


def _ordinal(when: date | datetime | None) -> int:
    return when.toordinal() if when else 0


def _due(kind: str, row: Any) -> date | None:
    if kind == "need":
        return row.offers_due_on  # type: ignore[no-any-return]
    if kind == "programme":
        return row.apply_by  # type: ignore[no-any-return]
    if kind == "course":
        return min((s.register_by or s.starts_on for s in row.sessions if s.status == "open"), default=None)
    return None


Texts = list[tuple[str, str]]


def _join(parts: Iterable[str]) -> str:
    return " \n ".join(part for part in parts if part)


def _theme_words(row: Any) -> Texts:
    # A theme that a person picked says in every language what the record is about.
    return [(theme_name(code, language), language) for code in row.codes("theme") for language in STEMMERS]


def _need_texts(need: Need) -> Texts:
    # Fields that have a narrower tier than the record (place, baseline, contact, budget) are never indexed.
    parts = [need.summary, need.problem, need.causes, need.effects, need.objectives, need.beneficiary_unit,
             need.capacity, need.past_help, need.sustainability, need.evaluation_recommendation]  # fmt: skip
    lines = [_join([line.description, line.beneficiary_unit]) for line in need.lines]
    main = [(need.title, need.language), (_join(parts + lines), need.language)]
    # The author's own words in further languages, each read as what it is.
    others = [(_join([t.title, t.summary, t.problem, t.objectives]), t.language) for t in need.other_texts]
    return [*main, *others, *_theme_words(need), *_owner(need)]


def _programme_texts(programme: Programme) -> Texts:
    offers = [offer.description for offer in programme.offers]
    others = [
        (_join([t.title, t.description]), t.language) for t in programme.texts if t.language != programme.language
    ]
    body = _join([programme.description, programme.conditions, *offers])
    names = [(programme.iati_identifier or "", "")]
    main = [(programme.title, programme.language), (body, programme.language)]
    return [*main, *others, *_theme_words(programme), *_owner(programme), *names]


def _course_texts(course: Course) -> Texts:
    parts = [course.description, course.objectives, course.audience, course.prerequisites, course.code]
    places = [session.place for session in course.sessions]
    body = _join([*parts, *places])
    return [(course.title, course.language), (body, course.language), *_theme_words(course), *_owner(course)]


def _lesson_texts(lesson: Lesson) -> Texts:
    body = _join([lesson.context, lesson.action, lesson.result, lesson.cause, lesson.instruction, lesson.audience])
    return [(lesson.title, lesson.language), (body, lesson.language), *_theme_words(lesson)]


def _output_texts(output: Output) -> Texts:
    return [(output.title, output.language), (output.description, output.language), *_theme_words(output)]


def _owner(row: Any) -> Texts:
    organisation: Organisation = row.organisation
    names = [organisation.name, organisation.acronym, *map(str, organisation.names.values())]
    return [(_join(names), organisation.language)]


TEXTS: dict[str, Callable[[Any], Texts]] = {
    "need": _need_texts,
    "programme": _programme_texts,
    "course": _course_texts,
    "lesson": _lesson_texts,
    "output": _output_texts,
}


def _facets(kind: str, row: Any) -> dict[str, tuple[str, ...]]:
    countries = row.places if kind == "programme" else row.codes("country")
    groupings = set(row.codes("grouping")) | (
        {g for c in countries for g in groupings_of(c)} if kind == "need" else set()
    )
    kinds = row.codes("kind") if kind != "course" else ["training"]
    facets = {
        "theme": row.codes("theme"),
        "country": countries,
        "grouping": sorted(groupings),
        "kind": kinds,
        "language": sorted({row.language, *row.codes("language")} - {""}),
        "organisation": [row.organisation.ref],
        "donor": [row.organisation.ref] if kind == "programme" else [],
        "status": [_status(kind, row)],
        "year": _years(kind, row),
    }
    return {name: tuple(values) for name, values in facets.items()}


def _status(kind: str, row: Any) -> str:
    """One of open, closed, for what one can act upon now; lessons tell whether they are validated."""
    if kind == "need":
        return "open" if row.status in OPEN_NEED else "closed"
    if kind == "programme":
        return {"yes": "open", "no": "closed"}.get(row.accepting, "record")
    if kind == "course":
        return "open" if any(s.status == "open" for s in row.sessions) else "record"
    return "validated" if row.status in {"validated", "posted"} else "submitted"


def _years(kind: str, row: Any) -> list[str]:
    days = [s.starts_on for s in row.sessions] if kind == "course" else [getattr(row, "starts_on", None)]
    return sorted({str(day.year) for day in days if day})


def key_of(kind: str, record_id: int) -> Key:
    """The key of a record in the index."""
    return kind, record_id
