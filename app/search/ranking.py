"""From a question and the two parts of the index to one page of hits, the same for the same question, always.

What may be shown or counted is found first and scored then; only the hits of the page become objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.search.columns import TYPE, Array
from app.search.engine_types import EngineAnswer, EngineQuery, Filters, Hit, Key
from app.search.scoring import Question, score
from app.search.snapshot import Floats, Mask, Numbers, Snapshot

FEWEST_WORDS = 0.5
"""When nothing has all the words, at least this share of them has to be there."""
DIGITS = 9
LATEST = 10**8
UNCONFIRMED = 0.8
"""Of its score is left to what its owner has not confirmed in time: it stands lower, and is found all the same."""


@dataclass
class Part:
    """One part of the index with what the question means in it: candidates, and for each of them what it passes."""

    snapshot: Snapshot
    docs: Numbers
    passes: Mapping[str, Mask]
    scores: Floats
    coverage: Floats
    words: Mask

    @classmethod
    def of(cls, query: EngineQuery, snapshot: Snapshot, base: Mask) -> Part:
        """The candidates of one part: what passes all filters, or all but one that is counted."""
        filters = {facet: snapshot.with_values(facet, values) for facet, values in filters_of(query).items()}
        base = within(snapshot, query.within, base)
        wanted = together(base, filters)
        for facet in filters:
            if facet in query.facets:
                wanted = wanted | together(base, filters, without=facet)
        docs = np.flatnonzero(wanted)
        passes = {facet: mask[docs] for facet, mask in filters.items()}
        return cls(snapshot, docs, passes, np.ones(len(docs)), np.ones(len(docs)), np.ones(len(docs), dtype=bool))

    def allowed(self, without: str = "") -> Mask:
        """Which candidates pass the words and every filter but the one on facet `without`."""
        return together(self.words, self.passes, without)


def filters_of(query: EngineQuery) -> dict[str, frozenset[str]]:
    """Every filter of a question by its facet; the kind of record is the facet `type`."""
    filters = {facet: values for facet, values in query.filters.items() if values and facet != TYPE}
    asked = query.filters.get(TYPE, frozenset())
    kinds = query.kinds & asked if query.kinds and asked else query.kinds or asked
    return filters | ({TYPE: kinds} if query.kinds or asked else {})


def together(base: Mask, filters: Mapping[str, Mask], without: str = "") -> Mask:
    """What is in the base and passes every filter but one."""
    mask = base
    for facet, passing in filters.items():
        if facet != without:
            mask = mask & passing
    return mask


def rank_each(
    query: EngineQuery, narrower: Sequence[Filters], public: Snapshot, restricted: Snapshot
) -> list[EngineAnswer]:
    """Answer a query over what the reader's tokens open, with each of these further filters by itself.

    Its words are weighed once for all of them.
    """
    asked = [replace(query, filters={**query.filters, **filters}) for filters in narrower]
    found = [_parts(one, public, restricted) for one in asked]
    if query.groups:
        _score(query, [part for parts in found for part in parts], public)
    return [_answer(one, parts) for one, parts in zip(asked, found, strict=True)]


def _parts(query: EngineQuery, public: Snapshot, restricted: Snapshot) -> list[Part]:
    parts = [Part.of(query, public, public.live)] if query.only != "restricted" else []
    if query.only != "public" and (query.tokens is None or query.tokens):
        parts.append(Part.of(query, restricted, restricted.open_to(query.tokens)))
    return parts


def _answer(query: EngineQuery, parts: list[Part]) -> EngineAnswer:
    if query.today:
        _lower_unconfirmed(query, parts)
    relaxed = _require_words(query, parts)
    shown = [np.flatnonzero(part.allowed()) for part in parts]
    return EngineAnswer(
        hits=_page(query, parts, shown),
        total=sum(map(len, shown)),
        counts=_counts(query, parts, shown),
        relaxed=relaxed,
    )


def _score(query: EngineQuery, parts: Sequence[Part], public: Snapshot) -> None:
    """Score the candidates; what is one in several parts of a snapshot is scored once."""
    of_public = [part.docs for part in parts if part.snapshot is public]
    question = Question.of(query.groups, public, either(of_public, public.size), in_files=query.in_files)
    for snapshot in {id(part.snapshot): part.snapshot for part in parts}.values():
        same = [part for part in parts if part.snapshot is snapshot]
        docs = either([part.docs for part in same], snapshot.size)
        scores, coverage = score(question, snapshot, public, docs)
        for part in same:
            at = slice(None) if part.docs is docs else docs.searchsorted(part.docs)
            part.coverage = coverage[at]
            part.scores = scores[at] * part.coverage


def either(lists: Sequence[Numbers], size: int) -> Numbers:
    """The documents of all these lists, sorted, each once; `size` is how many documents there are."""
    if len(lists) == 1:
        return lists[0]
    mask = np.zeros(size, dtype=bool)
    for docs in lists:
        mask[docs] = True
    return np.flatnonzero(mask)


def _lower_unconfirmed(query: EngineQuery, parts: Sequence[Part]) -> None:
    for part in parts:
        due = part.snapshot.plain["confirm"][part.docs]
        part.scores = np.where((due > 0) & (due < query.today), part.scores * UNCONFIRMED, part.scores)


def within(snapshot: Snapshot, keys: frozenset[Key] | None, base: Mask) -> Mask:
    """Those of `base` whose records are among these; all of them where nothing is said."""
    if keys is None:
        return base
    mask = np.zeros(snapshot.size, dtype=bool)
    mask[snapshot.numbers_of(keys)] = True
    return base & mask


def _require_words(query: EngineQuery, parts: list[Part]) -> bool:
    """Keep what has all the words, or, if nothing does, what has enough of them; tells whether words were let go."""
    if not query.groups:
        return False
    every = [part.coverage > 1 - 1e-9 for part in parts]
    has_every = any(bool((part.allowed() & whole).any()) for part, whole in zip(parts, every, strict=True))
    strict = query.all_words_first and has_every
    fewest = FEWEST_WORDS - 1e-9 if query.all_words_first else 0.0
    for part, whole in zip(parts, every, strict=True):
        part.words = whole if strict else (part.coverage > 0) & (part.coverage >= fewest)
    return query.all_words_first and not has_every


def _page(query: EngineQuery, parts: Sequence[Part], shown: Sequence[Numbers]) -> tuple[Hit, ...]:
    kinds = {kind: place for place, kind in enumerate(sorted({k for p in parts for k in _kinds(p)}))}
    wanted = query.offset + query.limit
    best = [_best(query, part, numbers, kinds, wanted) for part, numbers in zip(parts, shown, strict=True)]
    if not best or wanted <= 0:
        return ()
    columns = [np.concatenate(arrays) for arrays in zip(*best, strict=True)]
    order = np.lexsort(columns[::-1])[query.offset : wanted]
    names = list(kinds)
    _order, scores, of_kind, records = (column[order].tolist() for column in columns)
    return tuple(
        Hit((names[kind], record), round(-negative, DIGITS))
        for negative, kind, record in zip(scores, of_kind, records, strict=True)
    )


def _kinds(part: Part) -> Sequence[str]:
    types = part.snapshot.facets.get(TYPE)
    return types.values if types is not None else ()


def _best(
    query: EngineQuery, part: Part, numbers: Numbers, kinds: Mapping[str, int], wanted: int
) -> tuple[Array, Array, Array, Array]:
    """What orders the best hits of a part, least first: order, score, kind and number; enough of them for the page."""
    docs = part.docs[numbers]
    scores = -np.round(part.scores[numbers], DIGITS)
    places = np.array([kinds[kind] for kind in _kinds(part)], dtype=np.int64)
    of_kind = places[part.snapshot.facets[TYPE].codes[docs]] if len(docs) else np.zeros(0, dtype=np.int64)
    keys = (_order(query, part.snapshot, docs, scores), scores, of_kind, part.snapshot.plain["record"][docs])
    chosen = smallest(keys, wanted)
    return keys[0][chosen], keys[1][chosen], keys[2][chosen], keys[3][chosen]


def _order(query: EngineQuery, snapshot: Snapshot, docs: Numbers, scores: Floats) -> Array:
    """What orders the hits, least first: the day it was posted, the nearest deadline, or the score, all the best."""
    if query.sort == "newest":
        return -snapshot.plain["posted"][docs].astype(np.float64)
    if query.sort == "deadline":
        due = snapshot.plain["due"][docs].astype(np.float64)
        return np.where(due > 0, due, float(LATEST))
    return scores


def smallest(keys: Sequence[Array], wanted: int) -> Numbers:
    """The places of so many smallest, by the first key, ties by the next, and so on; in no order."""
    pool, sure = np.arange(len(keys[0])), []
    for key in keys:
        if len(pool) <= wanted or wanted <= 0:
            break
        values = key[pool]
        cut = np.partition(values, wanted - 1)[wanted - 1]
        below = pool[values < cut]
        sure.append(below)
        wanted -= len(below)
        # Everything that ties with the last place goes on to the next key, or pages would not be stable.
        pool = pool[values == cut]
    return np.concatenate([*sure, pool])


def _counts(query: EngineQuery, parts: Sequence[Part], shown: Sequence[Numbers]) -> Mapping[str, Mapping[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for facet in query.facets:
        counted: dict[str, int] = {}
        for part, numbers in zip(parts, shown, strict=True):
            # A facet counts what its other values would give, so that one can change one's mind.
            places = np.flatnonzero(part.allowed(without=facet)) if facet in part.passes else numbers
            if facet in part.snapshot.facets and len(places):
                for value, count in part.snapshot.facets[facet].counts(part.docs[places]).items():
                    counted[value] = counted.get(value, 0) + count
        counts[facet] = counted
    return counts
