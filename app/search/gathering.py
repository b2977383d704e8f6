"""From documents to the columns of a segment: each word is noted once per document, and sorted when all are there."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from app.search.columns import (
    COUNTED,
    PLAIN,
    TOKENS,
    TYPE,
    WORD_FIELDS,
    Array,
    Forward,
    Inverted,
    Segment,
    forward_of,
    inverted_of,
)
from app.search.engine_types import IndexDocument


class Entries:
    """Which terms occur in which documents, as they come in."""

    def __init__(self) -> None:
        self.vocabulary: defaultdict[str, int] = defaultdict()
        self.vocabulary.default_factory = self.vocabulary.__len__
        self.ids, self.docs, self.counts = array("i"), array("i"), array("i")

    def add(self, number: int, counted: Mapping[str, int]) -> None:
        """Note the terms of a document, documents in order."""
        self.ids.extend(map(self.vocabulary.__getitem__, counted))
        self.docs.extend([number] * len(counted))
        self.counts.extend(counted.values())

    def terms(self) -> Array:
        """Every term in the order of its id."""
        found = [term.encode() for term in self.vocabulary]
        return np.array(found) if found else np.zeros(0, dtype="S1")

    def inverted(self, *, is_counted: bool) -> Inverted:
        """The entries term by term."""
        counts = _numbers(self.counts) if is_counted else None
        return inverted_of(self.terms(), _numbers(self.ids), _numbers(self.docs), counts)

    def forward(self, size: int) -> Forward:
        """The entries document by document."""
        return forward_of(size, self.terms(), _numbers(self.ids), _numbers(self.docs))


class Gathering:
    """Documents on their way into one segment."""

    def __init__(self) -> None:
        self.size = 0
        self.plain: dict[str, array[int]] = {name: array("q") for name in PLAIN}
        self.words = {name: Entries() for name in WORD_FIELDS}
        self.facets: defaultdict[str, Entries] = defaultdict(Entries)

    def add(self, document: IndexDocument) -> None:
        """Take one document."""
        lengths = {"title_length": len(document.title), "body_length": len(document.body)}
        self.add_row(document, {name: Counter(getattr(document, name)) for name in COUNTED}, lengths)

    def add_row(
        self, document: IndexDocument, counted: Mapping[str, Mapping[str, int]], lengths: Mapping[str, int]
    ) -> None:
        """Take one document whose words of title and body are counted already."""
        kind, record = document.key
        row = {"record": record, "version": document.version, "posted": document.posted, "due": document.due,
               "confirm": document.confirm}  # fmt: skip
        for name, value in {**row, **lengths}.items():
            self.plain[name].append(value)
        for name in WORD_FIELDS:
            self.words[name].add(self.size, counted[name] if name in COUNTED else _once(getattr(document, name)))
        for facet, values in {**document.facets, TYPE: (kind,), TOKENS: document.tokens}.items():
            if values:
                self.facets[facet].add(self.size, _once(values))
        self.size += 1

    def segment(self) -> Segment:
        """The columns of everything that was taken."""
        return Segment(
            size=self.size,
            plain={name: np.array(self.plain[name], dtype=kind) for name, kind in PLAIN.items()},
            words={name: self.words[name].inverted(is_counted=name in COUNTED) for name in WORD_FIELDS},
            facets={name: self.facets[name].forward(self.size) for name in sorted(self.facets)},
        )


def segment_of(documents: Iterable[IndexDocument]) -> Segment:
    """The columns of these documents, in their order."""
    gathering = Gathering()
    for document in documents:
        gathering.add(document)
    return gathering.segment()


def _once(values: Sequence[str]) -> dict[str, int]:
    return dict.fromkeys(values, 1)


def _numbers(values: array[int]) -> Array:
    return np.frombuffer(values, dtype=np.int32) if values else np.zeros(0, dtype=np.int32)
