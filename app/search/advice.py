"""What helps where little or nothing was found: a word that no record has, what to leave out, and what that gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.search.asking import Seeker, count_found
from app.search.engine_types import EngineQuery
from app.search.request import DATES, SearchRequest
from app.search.values import FACETS

MOST_TRIED = 8
MOST_WORDS = 8
MOST_SAID = 4


@dataclass(frozen=True)
class Lighter:
    """The same question with one thing left out: a word (`facet` is empty), a ticked value or a date."""

    facet: str
    value: str
    count: int
    address: str


def words_let_go(seeker: Seeker, query: EngineQuery) -> tuple[str, ...]:
    """The words of a question that no record has which passes its filters.

    Raises:
        EngineBroken: the index cannot be read.
    """
    alone = replace(query, facets=(), limit=1, offset=0)
    groups = query.groups[:MOST_WORDS]
    return tuple(g.word for g in groups if not seeker.engine.search(replace(alone, groups=(g,))).total)


def lighter(seeker: Seeker, request: SearchRequest) -> list[Lighter]:
    """What to leave out of a question that finds nothing, and how many records that gives; most first.

    Raises:
        EngineBroken: the index cannot be read.
    """
    tries = [*_without_words(request), *_without_ticks(request)][:MOST_TRIED]
    found = [
        Lighter(facet, value, count_found(seeker, less), less.address())
        for facet, value, less in tries
        if less.asks_something
    ]
    helpful = [one for one in found if one.count]
    return sorted(helpful, key=lambda one: -one.count)[:MOST_SAID]


def _without_words(request: SearchRequest) -> Iterator[tuple[str, str, SearchRequest]]:
    pieces = [part for part in request.question.parts if part.kind != "clause"]
    for part in pieces if len(pieces) > 1 else []:
        yield "", part.written, replace(request, text=request.question.without([part]), page="1")


def _without_ticks(request: SearchRequest) -> Iterator[tuple[str, str, SearchRequest]]:
    for facet in FACETS:
        for value in request.filters.get(facet, ()) if facet != "type" or not request.only else ():
            yield facet, value, request.less(facet, value)
    for facet, typed in zip(DATES, (request.since, request.until), strict=True):
        if typed:
            yield facet, typed, request.less(facet, typed)
