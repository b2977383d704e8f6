"""Looking for records that seem to be the same: what may be it, for this reader, and how strongly it seems so.

Public candidates come from the public index and from the newest public rows; what is not public is compared whole, so
that a record that a reader may not see pushes none aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import selectinload

from app.courses.models import Course
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.matching.guard.facts import facts
from app.matching.guard.rules import SHOWN, Facts, Judgement, judge
from app.matching.relations.records import Side, side_of
from app.needs.models import Need
from app.needs.rules import OPEN
from app.programmes.models import Programme
from app.programmes.rules import CANCELLED
from app.reference.themes import siblings
from app.search.engine_types import EngineBroken, EngineQuery, SearchEngine
from app.search.terms import telling_groups

MODELS: dict[str, Any] = {"need": Need, "programme": Programme, "course": Course}
LIVE: dict[str, Any] = {
    "need": Need.status.in_(sorted(OPEN | {"met"})),
    "programme": Programme.status != CANCELLED,
    "course": Course.status == "posted",
}
"""A need that was closed may be asked for again. Of programmes the dates tell whether it is the same one."""
MOST_HITS, NEWEST = 60, 20


@dataclass(frozen=True)
class Suspect:
    """A record that seems to be the same as what is about to be posted, and by what one sees it."""

    side: Side
    facts: Facts
    judgement: Judgement


def suspects(tx: Tx, engine: SearchEngine, reader: Actor, kind: str, mine: Facts, own_number: int = 0) -> list[Suspect]:
    """The few records of this kind that seem to be the same and that this reader may see, the strongest first."""
    numbers = {*_found(engine, kind, mine), *_rows(tx, reader, kind, mine)} - {own_number}
    found = []
    for row in _readable(tx, reader, kind, numbers):
        its = facts(kind, row, row.organisation_id)
        judgement = judge(mine, its)
        if judgement is not None:
            found.append(Suspect(side_of(row), its, judgement))
    return sorted(found, key=lambda one: (not one.judgement.is_strong, -one.judgement.score, one.side.number))[:SHOWN]


def _readable(tx: Tx, reader: Actor, kind: str, numbers: Iterable[int]) -> Sequence[Any]:
    model = MODELS[kind]
    options = [selectinload(model.organisation)]
    options += [selectinload(Programme.links), selectinload(Programme.texts)] if kind == "programme" else []
    query = readable(reader, model).where(model.id.in_(sorted(numbers)), model.is_published, LIVE[kind])
    return tx.scalars(query.options(*options).order_by(model.id)).all()


def _found(engine: SearchEngine, kind: str, mine: Facts) -> list[int]:
    """The nearest public records by their words and concepts, in the same places or the same groupings."""
    groups = telling_groups(f"{mine.title} {mine.title} {mine.text}")
    themes = {"theme": _near_themes(mine)} if mine.themes else {}
    found: list[int] = []
    for place in _places(mine):
        query = EngineQuery(
            groups, {**themes, **place}, frozenset({kind}), limit=MOST_HITS, all_words_first=False, only="public"
        )
        try:
            found += [hit.key[1] for hit in engine.search(query).hits]
        except EngineBroken:
            # The newest rows and those that are not public are still looked at.
            return found
    return found


def _places(mine: Facts) -> list[dict[str, frozenset[str]]]:
    groupings = mine.groupings | mine.groupings_of
    asked = [{"country": mine.countries}, {"grouping": groupings}]
    return [place for place in asked if all(place.values())] or [{}]


def _near_themes(mine: Facts) -> frozenset[str]:
    return mine.themes | {sibling for theme in mine.themes for sibling in siblings(theme)}


def _rows(tx: Tx, reader: Actor, kind: str, mine: Facts) -> list[int]:
    """The newest public rows that the index may not know yet, and every row that is not public and may be seen."""
    model = MODELS[kind]
    near: list[ColumnElement[bool]] = [model.is_published, LIVE[kind]]
    if mine.themes:
        near.append(has_code(model, "theme", sorted(_near_themes(mine))))
    places = [has_code(model, facet, sorted(codes)) for place in _places(mine) for facet, codes in place.items()]
    query = readable(reader, model).where(*near, *([or_(*places)] if places else [])).with_only_columns(model.id)
    newest = query.where(model.disclosure == "public").order_by(model.id.desc()).limit(NEWEST)
    return [*tx.scalars(newest), *tx.scalars(query.where(model.disclosure != "public"))]
