"""Looking for records that seem to be the same: what may be it, for this reader, and how strongly it seems so.

Public candidates come from the public index and from the newest public rows; what is not public is compared whole, so
that a record that a reader may not see pushes none aside. Of many at once each record is read once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import lazyload, selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import Actor
from app.matching.guard.newest import NewestOfMany, newest_of, places_of
from app.matching.guard.records import LOT, MODELS, facts_of
from app.matching.guard.rules import SHOWN, Facts, Judgement, is_one_undertaking, judge
from app.matching.relations.records import Side, side_of
from app.search.engine_types import EngineBroken, EngineQuery, SearchEngine
from app.search.terms import telling_groups

MOST_HITS = 60
AT_ONCE, MOST_HELD = 100, 10_000
"""So many are looked at together, and so many of the records that they are compared with are held for the next ones."""


@dataclass(frozen=True)
class Suspect:
    """A record that seems to be the same as what is about to be posted, and by what one sees it."""

    side: Side
    facts: Facts
    judgement: Judgement


@dataclass(frozen=True)
class _Found:
    """The same by its number."""

    number: int
    facts: Facts
    judgement: Judgement


def suspects(  # noqa: PLR0913 - who looks for what, where, and beside what
    tx: Tx, engine: SearchEngine, reader: Actor, kind: str, mine: Facts, own_number: int = 0, *, if_strong: bool = False
) -> list[Suspect]:
    """The few records of this kind that seem to be the same and that this reader may see, the strongest first.

    With `if_strong` there are none as long as none of them is strong.
    """
    numbers = {*_hits(engine, kind, mine), *newest_of(tx, reader, kind, mine)} - {own_number}
    there = facts_of(tx, reader, kind, numbers)
    return _shown(tx, reader, kind, [_if_strong(mine, there) if if_strong else _judged(mine, there)])[0]


def suspects_of_many(
    tx: Tx, engine: SearchEngine, reader: Actor, kind: str, several: Sequence[Facts], own_numbers: Sequence[int] = ()
) -> list[list[Suspect]]:
    """The same for each of many, in their order; none of one that has no strong one.

    `own_numbers` are those of records that are amended, 0 of one that is new; without them all are new.
    """
    each = list(zip(several, own_numbers or [0] * len(several), strict=True))
    found = [_if_strong(mine, there) for mine, there in _candidates(tx, engine, reader, kind, each)]
    return _shown(tx, reader, kind, found)


def _candidates(
    tx: Tx, engine: SearchEngine, reader: Actor, kind: str, several: Sequence[tuple[Facts, int]]
) -> Iterator[tuple[Facts, Mapping[int, Facts]]]:
    """Each with the records that it is compared with; what is amended is not compared with itself."""
    newest = NewestOfMany(tx, reader, kind, [mine for mine, _own in several])
    held: dict[int, Facts] = {}
    for begin in range(0, len(several), AT_ONCE):
        some = several[begin : begin + AT_ONCE]
        wanted = [{*_hits(engine, kind, mine), *newest.of(mine)} - {own} for mine, own in some]
        held = held if len(held) < MOST_HELD else {}
        held |= facts_of(tx, reader, kind, set[int]().union(*wanted) - held.keys())
        for (mine, _own), numbers in zip(some, wanted, strict=True):
            yield mine, {number: held[number] for number in numbers & held.keys()}


def _if_strong(mine: Facts, there: Mapping[int, Facts]) -> list[_Found]:
    # What is only alike is not shown alone, and costs more to see.
    return _judged(mine, there) if any(is_one_undertaking(mine, its) for its in there.values()) else []


def _judged(mine: Facts, there: Mapping[int, Facts]) -> list[_Found]:
    judged = ((number, its, judge(mine, its)) for number, its in there.items())
    found = [_Found(number, its, judgement) for number, its, judgement in judged if judgement is not None]
    return sorted(found, key=lambda one: (not one.judgement.is_strong, -one.judgement.score, one.number))[:SHOWN]


def _shown(tx: Tx, reader: Actor, kind: str, found: Sequence[Sequence[_Found]]) -> list[list[Suspect]]:
    """What was found, with the records themselves, which are read here."""
    sides: dict[int, Side] = {}
    numbers = sorted({one.number for some in found for one in some})
    for begin in range(0, len(numbers), LOT):
        model = MODELS[kind]
        query = readable(reader, model).where(model.id.in_(numbers[begin : begin + LOT]))
        # Of its parts nothing is shown beyond what was read as facts.
        rows: Sequence[Any] = tx.scalars(query.options(lazyload("*"), selectinload(model.organisation))).all()
        sides |= {row.id: side_of(row) for row in rows}
    return [
        [Suspect(sides[one.number], one.facts, one.judgement) for one in some if one.number in sides] for some in found
    ]


def _hits(engine: SearchEngine, kind: str, mine: Facts) -> list[int]:
    """The nearest public records by their words and concepts, in the same places or the same groupings."""
    groups = telling_groups(f"{mine.title} {mine.title} {mine.text}")
    themes = {"theme": mine.near_themes} if mine.themes else {}
    query = EngineQuery(groups, themes, frozenset({kind}), limit=MOST_HITS, all_words_first=False, only="public")
    try:
        answers = engine.search_each(query, places_of(mine))
    except EngineBroken:
        # The newest rows and those that are not public are still looked at.
        return []
    return [hit.key[1] for answer in answers for hit in answer.hits]
