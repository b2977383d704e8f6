"""From a question and the two parts of the index to one page of hits, the same for the same question, always."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.search.engine_types import EngineAnswer, EngineQuery, Hit, Key
from app.search.snapshot import Floats, Mask, Snapshot, allowed_by, count_values, score_groups, sort_key

FEWEST_WORDS = 0.5
"""When nothing has all the words, at least this share of them has to be there."""


@dataclass
class Part:
    """One part of the index with what the query means in it."""

    snapshot: Snapshot
    base: Mask
    scores: Floats
    coverage: Floats
    mask: Mask


def rank(query: EngineQuery, public: Snapshot, restricted: Snapshot) -> EngineAnswer:
    """Answer a query over what the reader's tokens open."""
    parts = [_part(query, public, public, public.live)] if query.only != "restricted" else []
    if query.only != "public" and (query.tokens is None or query.tokens):
        parts.append(_part(query, restricted, public, restricted.open_to(query.tokens)))
    relaxed = _require_words(query, parts)
    hits = _ordered(query, parts)
    return EngineAnswer(
        hits=tuple(hits[query.offset : query.offset + query.limit]),
        total=sum(int(part.mask.sum()) for part in parts),
        counts=_counts(query, parts),
        relaxed=relaxed,
    )


def _part(query: EngineQuery, snapshot: Snapshot, public: Snapshot, base: Mask) -> Part:
    if query.groups:
        scores, coverage = score_groups(snapshot, public, query.groups)
    else:
        scores, coverage = np.ones(snapshot.size), np.ones(snapshot.size)
    base = within(snapshot, query.within, base)
    return Part(snapshot, base, scores * coverage, coverage, allowed_by(snapshot, query, base))


def within(snapshot: Snapshot, keys: frozenset[Key] | None, base: Mask) -> Mask:
    """Those of `base` whose records are among these; all of them where nothing is said."""
    if keys is None:
        return base
    mask = np.zeros(snapshot.size, dtype=bool)
    mask[[number for number, key in snapshot.keys.items() if key in keys]] = True
    return base & mask


def _require_words(query: EngineQuery, parts: list[Part]) -> bool:
    """Keep what has all the words, or, if nothing does, what has enough of them; tells whether words were let go."""
    if not query.groups:
        return False
    every = [part.coverage > 1 - 1e-9 for part in parts]
    has_every = any(bool((part.mask & whole).any()) for part, whole in zip(parts, every, strict=True))
    strict = query.all_words_first and has_every
    fewest = FEWEST_WORDS - 1e-9 if query.all_words_first else 0.0
    for part, whole in zip(parts, every, strict=True):
        words = whole if strict else (part.coverage > 0) & (part.coverage >= fewest)
        part.base = part.base & words
        part.mask = part.mask & words
    return query.all_words_first and not has_every


def _ordered(query: EngineQuery, parts: list[Part]) -> list[Hit]:
    found: list[tuple[float, float, str, int]] = []
    wanted = query.offset + query.limit
    for part in parts:
        order = sort_key(part.snapshot, query.sort, part.scores)
        numbers = np.flatnonzero(part.mask)
        if len(numbers) > 4 * wanted:
            # Everything that ties with the last place has to stay, or pages would not be stable.
            cut = np.partition(order[numbers], len(numbers) - wanted)[len(numbers) - wanted]
            numbers = numbers[order[numbers] >= cut]
        for number in numbers.tolist():
            kind, record = part.snapshot.keys[number]
            found.append((-round(float(order[number]), 9), -round(float(part.scores[number]), 9), kind, record))
    found.sort()
    return [Hit((kind, record), -score) for _order, score, kind, record in found]


def _counts(query: EngineQuery, parts: list[Part]) -> Mapping[str, Mapping[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for facet in query.facets:
        counted: dict[str, int] = {}
        for part in parts:
            mask = allowed_by(part.snapshot, query, part.base, without=facet)
            for value, count in count_values(part.snapshot, facet, mask).items():
                counted[value] = counted.get(value, 0) + count
        counts[facet] = counted
    return counts
