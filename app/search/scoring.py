"""How well documents fit a question: BM25 (k1 1.2, b 0.75) over title and body, and concepts across languages.

The statistics of words come from the live documents of the public part alone, so that neither order nor score of what
one may see tells anything about what one may not. Only documents that may be shown or counted are scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from app.search.columns import Array
from app.search.engine_types import TermGroup
from app.search.snapshot import Floats, Found, Numbers, Snapshot

K1 = 1.2
B = 0.75
TITLE_WEIGHT = 2.0
CONCEPT_WEIGHT = 0.9
FILE_WEIGHT = 0.3
"""A word in a file says little of what the record is about: what has it in its own words stands before."""
FIELDS = ("title", "body", "concepts", "files")
UNCOUNTED = {"concepts": CONCEPT_WEIGHT, "files": FILE_WEIGHT}
"""Fields of which it is known only whether they have a term."""


@dataclass(frozen=True)
class Question:
    """The terms of a question, each once, and what the public part says of them."""

    groups: tuple[TermGroup, ...]
    terms: Mapping[str, Mapping[str, int]]
    found: Mapping[str, Found]
    idf: Mapping[str, Floats]
    average: Mapping[str, float]

    @classmethod
    def of(
        cls, groups: tuple[TermGroup, ...], public: Snapshot, candidates: Numbers, *, in_files: bool = False
    ) -> Question:
        """Look the words of a question up in the public part, among these candidates."""
        stems = list(dict.fromkeys(stem for group in groups for stem in group.stems))
        concepts = list(dict.fromkeys(concept for group in groups for concept in group.concepts))
        terms = {"title": stems, "body": stems, "concepts": concepts, "files": stems if in_files else []}
        found = {name: public.find(name, wanted, candidates) for name, wanted in terms.items()}
        return cls(
            groups=groups,
            terms={name: {term: place for place, term in enumerate(wanted)} for name, wanted in terms.items()},
            found=found,
            idf=weights_of(public.count, found, in_files=in_files),
            average={name: public.average(name) for name in ("title", "body")},
        )

    def found_in(self, part: Snapshot, public: Snapshot, candidates: Numbers) -> Mapping[str, Found]:
        """The same words in this part."""
        if part is public:
            return self.found
        return {name: part.find(name, list(terms), candidates) for name, terms in self.terms.items()}


def idf(count: int, of_terms: Numbers) -> Floats:
    """How telling each term is: rare ones more. It is BM25's idf, never below a small positive number."""
    return np.array([max(0.05, log(1 + (count - n + 0.5) / (n + 0.5))) for n in of_terms.tolist()])


def weights_of(count: int, found: Mapping[str, Found], *, in_files: bool) -> dict[str, Floats]:
    """How telling each term is in each field. Few records have files: a word is as common there as in the texts."""
    telling = {name: idf(count, found[name].live) for name in FIELDS}
    if in_files:
        telling["files"] = np.minimum(telling["files"], telling["body"])
    return telling


@dataclass(frozen=True)
class Entries:
    """For each term of a field: the places of its candidates, and what the term adds to each."""

    ptr: Sequence[int]
    places: Array
    scores: Floats


class Scores:
    """The scores of candidates, each group of terms adding its own; only what has a term is touched."""

    def __init__(self, size: int) -> None:
        self.total, self.matched = np.zeros(size), np.zeros(size)
        self._best = {name: np.zeros(size) for name in FIELDS}

    def add(self, question: Question, entries: Mapping[str, Entries]) -> None:
        """Score every group."""
        for group in question.groups:
            touched: list[Array] = []
            for name in FIELDS:
                wanted = group.concepts if name == "concepts" else group.stems
                asked = question.terms[name]
                touched += self._note(name, entries[name], [asked[term] for term in wanted if term in asked])
            if touched:
                self._add_group(np.concatenate(touched), group.weight)

    def _note(self, name: str, entries: Entries, terms: Sequence[int]) -> list[Array]:
        best, touched = self._best[name], []
        for term in terms:
            begin, end = entries.ptr[term], entries.ptr[term + 1]
            if begin < end:
                places = entries.places[begin:end]
                # The forms of one word count as the one that fits best.
                best[places] = np.maximum(best[places], entries.scores[begin:end])
                touched.append(places)
        return touched

    def _add_group(self, touched: Array, weight: float) -> None:
        title, body, concepts, files = (self._best[name] for name in FIELDS)
        own = np.maximum(TITLE_WEIGHT * title[touched] + body[touched], concepts[touched])
        scores = np.maximum(own, files[touched])
        # A place may be there twice: it gets the same sum twice, not two sums.
        self.total[touched] = self.total[touched] + weight * scores
        self.matched[touched] = self.matched[touched] + weight
        for best in (title, body, concepts, files):
            best[touched] = 0.0


def score(question: Question, part: Snapshot, public: Snapshot, candidates: Numbers) -> tuple[Floats, Floats]:
    """For each candidate: its score, and what share of the groups' weight it matches."""
    place_of = np.full(part.size, -1, dtype=np.int32)
    place_of[candidates] = np.arange(len(candidates), dtype=np.int32)
    found = question.found_in(part, public, candidates)
    scores = Scores(len(candidates))
    scores.add(question, {name: _entries(question, name, part, found[name], place_of) for name in FIELDS})
    weights = sum(group.weight for group in question.groups) or 1.0
    return scores.total, scores.matched / weights


def _entries(question: Question, name: str, part: Snapshot, found: Found, place_of: Array) -> Entries:
    places, ptr = place_of[found.docs], found.ptr
    weight = np.repeat(question.idf[name], np.diff(ptr))
    if name in UNCOUNTED:
        return Entries(ptr.tolist(), places, UNCOUNTED[name] * weight)
    often = found.counts.astype(np.float64)
    lengths = np.maximum(part.plain[f"{name}_length"][found.docs], 1)
    norm = K1 * (1 - B + B * lengths / question.average[name])
    return Entries(ptr.tolist(), places, weight * often * (K1 + 1) / (often + norm))
