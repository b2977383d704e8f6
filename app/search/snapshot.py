"""One generation of an index, held in memory as columns: what matches, how well, and how often each facet occurs.

Scoring is BM25 (k1 1.2, b 0.75) over title and body. The statistics of words come from the public index alone, so that
neither order nor score of what one may see tells anything about what one may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search.engine_types import EngineQuery, Key, TermGroup

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
Postings = tuple[Numbers, Floats]

K1 = 1.2
B = 0.75
TITLE_WEIGHT = 2.0
CONCEPT_WEIGHT = 0.9
LENGTHS = {"title": 8.0, "body": 120.0}


@dataclass(frozen=True)
class Row:
    """What is kept of each document beside its words."""

    number: int
    key: Key
    version: int
    facets: Mapping[str, list[str]]
    tokens: list[str]
    posted: int
    due: int
    lengths: Mapping[str, int]


class Snapshot:
    """The columns of one generation; `read_postings(field, term)` gives document numbers and term frequencies."""

    def __init__(self, rows: Iterable[Row], size: int, read_postings: Callable[[str, str], Postings]) -> None:
        self.size = size
        self.keys: dict[int, Key] = {}
        self.version_of: dict[Key, int] = {}
        self.live = np.zeros(size, dtype=bool)
        self.posted = np.zeros(size, dtype=np.int64)
        self.due = np.zeros(size, dtype=np.int64)
        self.length = {name: np.ones(size) for name in LENGTHS}
        self.facets: dict[str, dict[str, Numbers]] = {}
        self.tokens: dict[str, Numbers] = {}
        self._read = read_postings
        self._postings: dict[tuple[str, str], Postings] = {}
        self._fill(rows)

    def _fill(self, rows: Iterable[Row]) -> None:
        facets: dict[str, dict[str, list[int]]] = {}
        tokens: dict[str, list[int]] = {}
        for row in rows:
            self.keys[row.number], self.version_of[row.key] = row.key, row.version
            self.live[row.number] = True
            self.posted[row.number], self.due[row.number] = row.posted, row.due
            for name, length in row.lengths.items():
                self.length[name][row.number] = max(1, length)
            facets.setdefault("type", {}).setdefault(row.key[0], []).append(row.number)
            for facet, values in row.facets.items():
                for value in values:
                    facets.setdefault(facet, {}).setdefault(value, []).append(row.number)
            for token in row.tokens:
                tokens.setdefault(token, []).append(row.number)
        self.facets = {name: {v: np.array(n) for v, n in values.items()} for name, values in facets.items()}
        self.tokens = {token: np.array(numbers) for token, numbers in tokens.items()}
        self.count = int(self.live.sum())
        self.average = {name: float(lengths[self.live].mean()) if self.count else LENGTHS[name]
                        for name, lengths in self.length.items()}  # fmt: skip

    def postings(self, field: str, term: str) -> Postings:
        """Documents that have the term, and how often; read once for each generation."""
        found = self._postings.get((field, term))
        if found is None:
            found = self._postings[field, term] = self._read(field, term)
        return found

    def open_to(self, tokens: frozenset[str] | None) -> Mask:
        """Which documents these tokens open; None opens all."""
        if tokens is None:
            return self.live.copy()
        mask = np.zeros(self.size, dtype=bool)
        for token in tokens & self.tokens.keys():
            mask[self.tokens[token]] = True
        return mask & self.live

    def with_values(self, facet: str, values: Iterable[str]) -> Mask:
        """Which documents have one of these values."""
        mask = np.zeros(self.size, dtype=bool)
        known = self.facets.get(facet, {})
        for value in values:
            if value in known:
                mask[known[value]] = True
        return mask

    def idf(self, field: str, term: str) -> float:
        """How telling a term is: rare ones more. It is BM25's idf, never below a small positive number."""
        frequency = len(self.postings(field, term)[0])
        return max(0.05, log(1 + (self.count - frequency + 0.5) / (frequency + 0.5)))


def score_groups(part: Snapshot, public: Snapshot, groups: tuple[TermGroup, ...]) -> tuple[Floats, Floats]:
    """For each document of `part`: its score, and what share of the groups' weight it matches."""
    total = np.zeros(part.size)
    matched = np.zeros(part.size)
    weights = sum(group.weight for group in groups) or 1.0
    for group in groups:
        scores = _score_group(part, public, group)
        total += group.weight * scores
        matched += group.weight * (scores > 0)
    return total, matched / weights


def _score_group(part: Snapshot, public: Snapshot, group: TermGroup) -> Floats:
    scores = np.zeros(part.size)
    for field, weight in (("title", TITLE_WEIGHT), ("body", 1.0)):
        best = np.zeros(part.size)
        for term in group.stems:
            numbers, frequencies = part.postings(field, term)
            if len(numbers):
                best[numbers] = np.maximum(best[numbers], _bm25(part, public, field, term, numbers, frequencies))
        scores += weight * best
    by_concept = np.zeros(part.size)
    for concept in group.concepts:
        numbers, _frequencies = part.postings("concepts", concept)
        by_concept[numbers] = np.maximum(by_concept[numbers], CONCEPT_WEIGHT * public.idf("concepts", concept))
    return np.maximum(scores, by_concept)


def _bm25(part: Snapshot, public: Snapshot, field: str, term: str, numbers: Numbers, frequencies: Floats) -> Floats:
    norm = K1 * (1 - B + B * part.length[field][numbers] / public.average[field])
    scores: Floats = public.idf(field, term) * frequencies * (K1 + 1) / (frequencies + norm)
    return scores


def allowed_by(part: Snapshot, query: EngineQuery, base: Mask, without: str = "") -> Mask:
    """The documents of `base` that pass every filter but the one on facet `without`."""
    mask = base
    if query.kinds and without != "type":
        mask = mask & part.with_values("type", query.kinds)
    for facet, values in query.filters.items():
        if facet != without and values:
            mask = mask & part.with_values(facet, values)
    return mask


def count_values(part: Snapshot, facet: str, mask: Mask) -> dict[str, int]:
    """How often each value of a facet occurs among the documents of the mask."""
    counted = {value: int(mask[numbers].sum()) for value, numbers in part.facets.get(facet, {}).items()}
    return {value: count for value, count in counted.items() if count}


def sort_key(part: Snapshot, sort: str, scores: Floats) -> Any:
    """What orders the hits, highest first: the score, the day it was posted, or the nearest deadline."""
    if sort == "newest":
        return part.posted
    if sort == "deadline":
        return -np.where(part.due > 0, part.due, 10**8)
    return scores
