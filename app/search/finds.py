"""Everything that a followed search finds, however far down it ranks, and what of it was found before.

A record is a find where the search as a whole would list it: what has only some of the words, or a near one, counts
only while the search itself has to be content with that, and nothing depends on which records one asks about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, select

from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import Actor
from app.search.asking import MOST_CANDIDATES, Seeker, ask, within_days
from app.search.documents import MODELS
from app.search.engine_types import EngineAnswer, Key
from app.search.models import SearchFind
from app.search.request import SearchRequest
from app.search.understanding import near_of, understand
from app.search.values import NEAR

SLICE = MOST_CANDIDATES
"""Of so many records every one is read for a phrase."""
ALL = 10**9


def finds_of(seeker: Seeker, address: str) -> frozenset[Key]:
    """Everything that a search finds for this reader at this hour.

    Raises:
        EngineBroken: the index cannot be read.
    """
    return finds_among(seeker, address, None)


def finds_among(seeker: Seeker, address: str, keys: Collection[Key] | None) -> frozenset[Key]:
    """Those of these records (or of all) that a search finds for this reader at this hour, without a limit by rank.

    Raises:
        EngineBroken: the index cannot be read.
    """
    # Of what this reader may not see nothing is found, so that the index need not be asked.
    asked_for = None if keys is None else _seen(seeker, keys)
    if asked_for is not None and not asked_for:
        return frozenset()
    request = _understood(seeker, address)
    if not request.question.plain:
        # Without words nothing hangs on what else there is, and one question is enough.
        return _seen(seeker, _keys_in(ask(seeker, request, asked_for, limit=ALL, facets=()).answer))
    whole = ask(seeker, request, limit=1, facets=())
    if not whole.answer.total and not whole.is_bounded:
        return frozenset()
    if request.question.phrases:
        slices: Iterable[frozenset[Key] | None] = _with_phrases(seeker, request, asked_for)
    else:
        slices = [_both(whole.query.within, asked_for)]
    found: set[Key] = set()
    for among in slices:
        # The very question that the whole search ended with, so that nothing hangs on which records one asks about.
        answer = seeker.engine.search(replace(whole.query, within=among, limit=ALL, offset=0))
        if whole.answer.relaxed or not answer.relaxed:
            found.update(_keys_in(answer))
    return _seen(seeker, found)


def _keys_in(answer: EngineAnswer) -> Iterator[Key]:
    return (hit.key for hit in answer.hits)


def _understood(seeker: Seeker, address: str) -> SearchRequest:
    request = SearchRequest.from_query(address)
    return understand(seeker.tx, seeker.reader, request, seeker.reader.language)[0]


def _both(one: frozenset[Key] | None, other: frozenset[Key] | None) -> frozenset[Key] | None:
    return other if one is None else one if other is None else one & other


def _with_phrases(
    seeker: Seeker, request: SearchRequest, keys: Collection[Key] | None
) -> Iterator[frozenset[Key] | None]:
    """The records that have the phrases, slice by slice: of each slice all are read, however far down they rank."""
    within = within_days(seeker, request)
    every = _both(within, frozenset(_every_key(seeker) if keys is None else keys)) or frozenset()
    for some in _slices(every, SLICE):
        yield ask(seeker, request, some, limit=1, facets=()).query.within


def _slices(keys: Collection[Key], size: int) -> Iterator[frozenset[Key]]:
    ordered = sorted(keys)
    for begin in range(0, len(ordered), size):
        yield frozenset(ordered[begin : begin + size])


def _every_key(seeker: Seeker) -> set[Key]:
    found: set[Key] = set()
    for kind, model in MODELS.items():
        query = select(model.id).where(model.is_published, visible_to(seeker.reader, model))
        found.update((kind, number) for number in seeker.tx.scalars(query))
    return found


def _seen(seeker: Seeker, keys: Iterable[Key]) -> frozenset[Key]:
    """Those of them that the database too shows to this reader: the index may be a moment behind."""
    ids: dict[str, list[int]] = {}
    for kind, number in keys:
        ids.setdefault(kind, []).append(number)
    seen: set[Key] = set()
    for kind, numbers in ids.items():
        model = MODELS[kind]
        for begin in range(0, len(numbers), SLICE):
            some = numbers[begin : begin + SLICE]
            query = select(model.id).where(model.id.in_(some), model.is_published, visible_to(seeker.reader, model))
            seen.update((kind, number) for number in seeker.tx.scalars(query))
    return frozenset(seen)


def rights_of(reader: Actor, tokens: Iterable[str], address: str = "") -> str:
    """What of a reader decides what a search finds: people who agree in it find the same."""
    request = SearchRequest.from_query(address)
    near = near_of(reader)[0] if NEAR in request.filters.get("grouping", ()) else ""
    return " ".join([*sorted(tokens), *([f"near:{near}"] if near else [])])


def known_finds(tx: Tx, saved_search_id: int, keys: Collection[Key] | None = None) -> frozenset[Key]:
    """What a followed search has found before, of these records or of all."""
    query = select(SearchFind.record_kind, SearchFind.record_id).where(SearchFind.saved_search_id == saved_search_id)
    if keys is not None and len(keys) <= SLICE:
        query = query.where(SearchFind.record_id.in_({number for _kind, number in keys}))
    found = frozenset((kind, number) for kind, number in tx.execute(query))
    return found if keys is None else found & frozenset(keys)


def note_finds(tx: Tx, saved_search_id: int, keys: Iterable[Key], now: datetime, announced_at: datetime | None) -> None:
    """Note that a followed search has found these: once for each of them, or the whole transaction fails."""
    rows = [
        {"saved_search_id": saved_search_id, "record_kind": kind, "record_id": number, "found_at": now,
         "announced_at": announced_at}
        for kind, number in sorted(keys)
    ]  # fmt: skip
    if rows:
        tx.execute(insert(SearchFind), rows)
