"""Which programmes overlap is found when one of them changes: one question to the index, then each pair is judged."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from app.config import ROOT
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.messages import msg
from app.foundation.permissions import SYSTEM
from app.matching.duplicates import is_duplicate
from app.matching.overlaps.facts import text_of, told, undertaking
from app.matching.overlaps.models import Overlap
from app.matching.overlaps.rules import Likeness, likeness
from app.programmes.models import Programme, ProgrammeTag
from app.reference.groupings import groupings_of
from app.search.engine_types import EngineQuery, SearchEngine
from app.search.terms import telling_groups

MOST_CANDIDATES = 20
SAME = 10.0
MOST_HITS = 300
"""So many hits are asked of the index, of which the twenty nearest of other organisations are compared."""
WEIGHTS = ROOT / "search_index" / "weights.toml"
PLACES = ("country", "grouping")


@dataclass(frozen=True)
class Alike:
    """Another programme that seems to do the same as one, and why."""

    other: Programme
    likeness: Likeness


@cache
def weights() -> Mapping[str, float]:
    """How much each sign of an overlap weighs, from search_index/weights.toml."""
    found: Mapping[str, float] = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))["overlap"]
    return found


def programmes_of(tx: Tx, ids: Sequence[int]) -> list[Programme]:
    """These programmes with what is compared of them; those that are not published are left out."""
    query = readable(SYSTEM, Programme).where(Programme.id.in_(ids), Programme.is_published)
    return list(tx.scalars(query.options(selectinload(Programme.links)).order_by(Programme.id)))


def find_alike(tx: Tx, engine: SearchEngine, programme: Programme) -> list[Alike]:
    """Every programme of another organisation that seems to do the same; the most alike first, ties by number."""
    ids = {*_public(tx, engine, programme), *_restricted(tx, programme), *_known(tx, programme.id)} - {programme.id}
    mine = undertaking(programme)
    found = []
    for other in programmes_of(tx, sorted(ids)):
        alike = likeness(mine, undertaking(other), weights())
        if alike is not None:
            found.append(Alike(other, _or_the_same(programme, other, alike)))
    return sorted(found, key=lambda each: (-each.likeness.score, each.other.id))


def _or_the_same(one: Programme, other: Programme, alike: Likeness) -> Likeness:
    """A pair that may even be one undertaking says so first, and stands before the others."""
    if not is_duplicate(told(one), told(other)):
        return alike
    return Likeness(
        alike.score + SAME, (msg("may be the same undertaking: place, time and words agree"), *alike.reasons)
    )


def _public(tx: Tx, engine: SearchEngine, programme: Programme) -> list[int]:
    """The nearest public programmes of others by their words, at most twenty, that share a theme and a place."""
    facet = next((facet for facet in PLACES if programme.codes(facet)), None)
    if facet is None or not programme.codes("theme"):
        return []
    filters = {name: frozenset(programme.codes(name)) for name in (facet, "theme")}
    query = EngineQuery(
        telling_groups(text_of(programme)), filters, frozenset({"programme"}), limit=MOST_HITS, all_words_first=False,
        only="public",
    )  # fmt: skip
    hits = [hit.key[1] for hit in engine.search(query).hits]
    # A donor with hundreds of activities in a State would otherwise fill the twenty with its own.
    others = readable(SYSTEM, Programme).where(
        Programme.id.in_(hits), Programme.organisation_id != programme.organisation_id
    )
    theirs = set(tx.scalars(others.with_only_columns(Programme.id)))
    return [number for number in hits if number in theirs][:MOST_CANDIDATES]


def _restricted(tx: Tx, programme: Programme) -> Sequence[int]:
    """Every programme that is not public and shares a theme and a place.

    They are not counted among the twenty: one that a reader may not see would push out one that he may.
    """
    countries, named = programme.codes("country"), programme.codes("grouping")
    groupings = {*named, *(g for country in countries for g in groupings_of(country))}
    query = readable(SYSTEM, Programme).where(
        Programme.is_published,
        Programme.disclosure != "public",
        Programme.organisation_id != programme.organisation_id,
        _has("theme", programme.codes("theme")),
        or_(_has("country", countries), _has("grouping", sorted(groupings))),
    )
    return tx.scalars(query.with_only_columns(Programme.id)).all()


def _has(facet: str, codes: Sequence[str]) -> ColumnElement[bool]:
    tagged = (ProgrammeTag.record_id == Programme.id, ProgrammeTag.facet == facet, ProgrammeTag.value.in_(codes))
    return select(ProgrammeTag.record_id).where(*tagged).exists()


def _known(tx: Tx, number: int) -> list[int]:
    """Those with which it was found to overlap before: whether they still do is asked again."""
    return [row.second_id if row.first_id == number else row.first_id for row in tx.scalars(_pairs_of(number))]


def _pairs_of(number: int) -> Any:
    return select(Overlap).where(or_(Overlap.first_id == number, Overlap.second_id == number))


def store_alike(tx: Tx, programme_id: int, version: int, found: Sequence[Alike], now: datetime) -> None:
    """Make these the overlaps of a programme. What has not changed keeps its hour; what is no longer true goes."""
    before = {(row.first_id, row.second_id): row for row in tx.scalars(_pairs_of(programme_id))}
    for alike in found:
        first, second = sorted([(programme_id, version), (alike.other.id, alike.other.version)])
        values = {
            "first_version": first[1], "second_version": second[1],
            "score": Decimal(f"{alike.likeness.score:.2f}"),
            "reasons": [reason.as_json() for reason in alike.likeness.reasons],
        }  # fmt: skip
        row = before.pop((first[0], second[0]), None)
        if row is None:
            tx.add(Overlap(first_id=first[0], second_id=second[0], computed_at=now, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in {**values, "computed_at": now}.items():
                setattr(row, name, value)
    for row in before.values():
        tx.delete(row)
