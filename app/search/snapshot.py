"""One part of the index as a process holds it: the columns of its segments end to end, and what has been deleted.

A commit adds one small segment and some deletions; what was there before is not read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search.columns import PLAIN, TOKENS, TYPE, Array, Forward, Segment
from app.search.engine_types import Key

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

LENGTHS = {"title": 8.0, "body": 120.0}
"""How long a field is held to be where no document tells."""


class Growing:
    """An array that grows at its end; what was shown of it before stays as it was."""

    def __init__(self, kind: str, values: Iterable[int] = ()) -> None:
        self._room = np.array([*values], dtype=kind)
        self._size = len(self._room)

    def extend(self, values: Array) -> None:
        """Put values at the end."""
        wanted = self._size + len(values)
        if wanted > len(self._room):
            room = np.empty(wanted + wanted // 4 + 64, dtype=self._room.dtype)
            room[: self._size] = self._room[: self._size]
            self._room = room
        self._room[self._size : wanted] = values
        self._size = wanted

    def shown(self) -> Array:
        """All values up to now."""
        return self._room[: self._size]


@dataclass(frozen=True)
class Facet:
    """The values of a facet in one snapshot: document d has the codes `codes[ptr[d]:ptr[d + 1]]`."""

    values: Sequence[str]
    code_of: Mapping[str, int]
    ptr: Array
    codes: Array

    def owners(self, values: Iterable[str]) -> Numbers:
        """The documents that have one of these values; one that has two of them may come twice."""
        wanted = [self.code_of[value] for value in values if value in self.code_of]
        if not wanted:
            return np.zeros(0, dtype=np.int64)
        has = self.codes == wanted[0]
        for code in wanted[1:]:
            has |= self.codes == code
        return np.searchsorted(self.ptr, np.flatnonzero(has), side="right") - 1

    def counts(self, docs: Numbers) -> dict[str, int]:
        """How often each value occurs among these documents."""
        first = self.ptr[docs]
        lengths = self.ptr[docs + 1] - first
        ends = np.cumsum(lengths)
        entries = np.repeat(first - ends + lengths, lengths) + np.arange(int(lengths.sum()))
        counted = np.bincount(self.codes[entries])
        return {self.values[code]: int(counted[code]) for code in np.flatnonzero(counted).tolist()}


class GrowingFacet:
    """A facet that grows by the segments of a part; a value keeps its code."""

    def __init__(self, size: int) -> None:
        self.values: list[str] = []
        self.code_of: dict[str, int] = {}
        self._ptr, self._codes = Growing("<i8", [0] * (size + 1)), Growing("<i4")

    def extend(self, forward: Forward | None, size: int) -> None:
        """Take the facet of a segment of this size, or none if its documents do not have it."""
        end = len(self._codes.shown())
        if forward is None:
            self._ptr.extend(np.full(size, end))
            return
        codes = [self._code(value.decode()) for value in forward.values.tolist()]
        self._codes.extend(np.array(codes, dtype=np.int32)[forward.codes])
        self._ptr.extend(forward.ptr[1:] + end)

    def _code(self, value: str) -> int:
        if value not in self.code_of:
            self.code_of[value] = len(self.values)
            self.values.append(value)
        return self.code_of[value]

    def shown(self) -> Facet:
        """The facet as it is now."""
        return Facet(tuple(self.values), self.code_of, self._ptr.shown(), self._codes.shown())


@dataclass(frozen=True)
class Found:
    """For each term asked for, in order, the wanted documents `docs[ptr[t]:ptr[t + 1]]` that have it, and how often.

    `live` tells for each term how many live documents have it, wanted or not.
    """

    ptr: Numbers
    docs: Array
    counts: Array
    live: Numbers


FEW = 8
"""Where the wanted are so many times fewer than those that have a word, each of them is looked up instead."""


class Wanted:
    """Which documents of a segment are wanted; it picks them out of sorted lists."""

    def __init__(self, size: int, docs: Array) -> None:
        self._docs = docs.astype(np.int32)
        self._mask = np.zeros(size, dtype=bool)
        self._mask[self._docs] = True
        self._is_all = len(docs) == size

    def places(self, listed: Array) -> Any:
        """The places in the list where a wanted document stands."""
        if self._is_all:
            return slice(None)
        if len(self._docs) * FEW > len(listed):
            return np.flatnonzero(self._mask[listed])
        at = listed.searchsorted(self._docs)
        return at[listed.take(at, mode="clip") == self._docs]

    def count(self, listed: Array) -> int:
        """How many wanted documents stand in the list."""
        return len(listed[self.places(listed)]) if len(self._docs) else 0


@dataclass(frozen=True)
class Snapshot:
    """One part at one moment: nothing in it changes any more."""

    segments: tuple[tuple[int, Segment], ...]
    plain: Mapping[str, Array]
    facets: Mapping[str, Facet]
    live: Mask
    _masks: dict[Any, Mask] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many documents there are, with those that are deleted."""
        return len(self.live)

    @cached_property
    def count(self) -> int:
        """How many documents are live."""
        return int(np.count_nonzero(self.live))

    def average(self, name: str) -> float:
        """The mean length of a field over live documents."""
        return self._averages[name]

    @cached_property
    def _averages(self) -> Mapping[str, float]:
        # Every question asks for them, and a snapshot does not change.
        count = self.count
        lengths = {name: np.maximum(self.plain[f"{name}_length"][self.live], 1) for name in LENGTHS}
        sums = {name: float(long.sum(dtype=np.float64)) for name, long in lengths.items()}
        return {name: sums[name] / count if count else LENGTHS[name] for name in LENGTHS}

    def open_to(self, tokens: frozenset[str] | None) -> Mask:
        """Which documents these tokens open; None opens all."""
        if tokens is None:
            return self.live
        return self.live & self.with_values(TOKENS, tokens)

    def with_values(self, facet: str, values: frozenset[str]) -> Mask:
        """Which documents have one of these values. The mask is kept for the next question and must not be changed."""
        mask = self._masks.get((facet, values))
        if mask is None:
            mask = np.zeros(self.size, dtype=bool)
            if facet in self.facets:
                mask[self.facets[facet].owners(values)] = True
            if len(self._masks) < 64:  # noqa: PLR2004
                self._masks[facet, values] = mask
        return mask

    def find(self, name: str, terms: Sequence[str], wanted: Numbers) -> Found:
        """The wanted documents (their numbers, sorted) that have each of these terms in a field of words."""
        asked = [term.encode() for term in terms]
        docs: list[list[Array]] = [[] for _term in asked]
        counts: list[list[Array]] = [[] for _term in asked]
        live = np.zeros(len(asked), dtype=np.int64)
        for base, segment in self.segments if asked else ():
            words, last = segment.words[name], base + segment.size
            picked, gone = self._within(wanted, base, last), self._within(self._gone, base, last)
            places = words.find(asked)
            begins, ends = words.ptr[places].tolist(), words.ptr[places + 1].tolist()
            for term in np.flatnonzero(places >= 0).tolist():
                begin, end = begins[term], ends[term]
                listed = words.docs[begin:end]
                live[term] += end - begin - gone.count(listed)
                at = picked.places(listed)
                docs[term].append(listed[at] + base)
                if words.counts is not None:
                    counts[term].append(words.counts[begin:end][at])
        sizes = [sum(map(len, lists)) for lists in docs]
        ptr = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
        return Found(ptr, _end_to_end(docs), _end_to_end(counts), live)

    @cached_property
    def _gone(self) -> Numbers:
        return np.flatnonzero(~self.live)

    def _within(self, docs: Numbers, base: int, end: int) -> Wanted:
        first, last = np.searchsorted(docs, (base, end))
        return Wanted(end - base, docs[first:last] - base)

    def keys(self, docs: Array) -> list[Key]:
        """The keys of these documents."""
        if not len(docs):
            return []
        types = self.facets[TYPE]
        kinds = types.codes[docs].tolist()
        return [(types.values[k], r) for k, r in zip(kinds, self.plain["record"][docs].tolist(), strict=True)]

    def numbers_of(self, keys: Iterable[Key]) -> Numbers:
        """The live documents with these keys."""
        records: dict[str, list[int]] = {}
        for kind, record in keys:
            records.setdefault(kind, []).append(record)
        found = np.zeros(self.size, dtype=bool)
        for kind, ids in records.items():
            code = self.facets[TYPE].code_of.get(kind, -1) if TYPE in self.facets else -1
            if code >= 0:
                found |= (self.facets[TYPE].codes == code) & np.isin(self.plain["record"], ids)
        return np.flatnonzero(found & self.live)

    def versions(self) -> Iterator[tuple[Key, int]]:
        """Which version of which record there is."""
        docs = np.flatnonzero(self.live)
        return zip(self.keys(docs), self.plain["version"][docs].tolist(), strict=True)


def _end_to_end(lists: Sequence[Sequence[Array]]) -> Array:
    arrays = [one for several in lists for one in several]
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int32)


class GrowingPart:
    """The segments of a part as they come in; it makes a snapshot at each commit."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._segments: list[tuple[int, Segment]] = []
        self._size = 0
        self._plain = {name: Growing(kind) for name, kind in PLAIN.items()}
        self._facets: dict[str, GrowingFacet] = {}

    def by_name(self) -> dict[str, Segment]:
        """The segments that it has."""
        return {name: segment for name, (_base, segment) in zip(self.names, self._segments, strict=True)}

    def extend(self, name: str, segment: Segment) -> None:
        """Take one more segment."""
        for column, values in self._plain.items():
            values.extend(segment.plain[column])
        for facet in segment.facets:
            if facet not in self._facets:
                self._facets[facet] = GrowingFacet(self._size)
        for facet, growing in self._facets.items():
            growing.extend(segment.facets.get(facet), segment.size)
        self._segments.append((self._size, segment))
        self.names.append(name)
        self._size += segment.size

    def snapshot(self, deleted: Iterable[Iterable[int]]) -> Snapshot:
        """The part as it is now; for each segment the documents in it that are deleted."""
        live = np.ones(self._size, dtype=bool)
        for (base, _segment), numbers in zip(self._segments, deleted, strict=True):
            gone = np.fromiter(numbers, dtype=np.int64)
            live[gone + base] = False
        return Snapshot(
            segments=tuple(self._segments),
            plain={name: growing.shown() for name, growing in self._plain.items()},
            facets={name: growing.shown() for name, growing in self._facets.items()},
            live=live,
        )
