"""The columns of one segment of the index: what is known of each document, and which documents have each word.

A segment never changes once it is made. Its arrays stand in one file, which a process maps into memory and reads where
it needs; two segments with the same documents in the same order are the same, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Ints = NDArray[np.int32]

PLAIN = {
    "record": "<i8", "version": "<i8", "posted": "<i4", "due": "<i4", "confirm": "<i4",
    "title_length": "<i4", "body_length": "<i4",
}  # fmt: skip
WORD_FIELDS = ("body", "concepts", "files", "title", "words")
COUNTED = frozenset({"title", "body"})
TYPE, TOKENS = "type", "=tokens"
MOST_OFTEN = 65_535


@dataclass(frozen=True)
class Inverted:
    """Sorted terms, and for term t the documents `docs[ptr[t]:ptr[t + 1]]`, each with how often (once if None)."""

    terms: Array
    ptr: Array
    docs: Ints
    counts: Array | None

    def find(self, wanted: Sequence[bytes]) -> Ints:
        """The place of each wanted term among the terms; -1 for one that is not there."""
        width, size = self.terms.dtype.itemsize, len(self.terms)
        if not size:
            return np.full(len(wanted), -1, dtype=np.int32)
        # A wider array would make numpy copy the whole table; what is longer than its terms is not in it.
        asked = np.array([term if len(term) <= width else b"" for term in wanted], dtype=self.terms.dtype)
        places = np.searchsorted(self.terms, asked)
        places[places == size] = 0
        return np.where((self.terms[places] == asked) & (asked != b""), places, -1).astype(np.int32)


@dataclass(frozen=True)
class Forward:
    """The values of a facet, and for document d the codes of its values `codes[ptr[d]:ptr[d + 1]]`."""

    values: Array
    ptr: Array
    codes: Ints


@dataclass(frozen=True)
class Segment:
    """The columns of so many documents."""

    size: int
    plain: Mapping[str, Array]
    words: Mapping[str, Inverted]
    facets: Mapping[str, Forward]

    def arrays(self) -> dict[str, Array]:
        """Every array by its name in the file."""
        found = dict(self.plain)
        for name, inverted in self.words.items():
            found |= {f"word {name} terms": inverted.terms, f"word {name} ptr": inverted.ptr}
            found[f"word {name} docs"] = inverted.docs
            if inverted.counts is not None:
                found[f"word {name} counts"] = inverted.counts
        for name, forward in self.facets.items():
            found |= {f"facet {name} values": forward.values, f"facet {name} ptr": forward.ptr}
            found[f"facet {name} codes"] = forward.codes
        return found

    @classmethod
    def of(cls, size: int, arrays: Mapping[str, Array]) -> Segment:
        """The segment that these arrays make."""
        facets = sorted({name.removeprefix("facet ").rpartition(" ")[0] for name in arrays if name[:6] == "facet "})
        return cls(
            size=size,
            plain={name: arrays[name] for name in PLAIN},
            words={
                name: Inverted(
                    arrays[f"word {name} terms"],
                    arrays[f"word {name} ptr"],
                    arrays[f"word {name} docs"],
                    arrays.get(f"word {name} counts"),
                )
                for name in WORD_FIELDS
            },
            facets={
                name: Forward(
                    arrays[f"facet {name} values"], arrays[f"facet {name} ptr"], arrays[f"facet {name} codes"]
                )
                for name in facets
            },
        )


def inverted_of(terms: Array, ids: Ints, docs: Ints, counts: Array | None) -> Inverted:
    """Entries (term, document), the documents in order, as term by term lists; terms without entries go."""
    used, places = sorted_terms(terms, ids)
    order = np.argsort(places, kind="stable")
    kept = None if counts is None else np.minimum(counts[order], MOST_OFTEN).astype("<u2")
    return Inverted(used, pointers(places, len(used)), docs[order].astype("<i4"), kept)


def forward_of(size: int, values: Array, ids: Ints, docs: Ints) -> Forward:
    """Entries (value, document), the documents in order, as document by document lists of codes."""
    used, places = sorted_terms(values, ids)
    order = np.lexsort((places, docs))
    return Forward(used, pointers(docs, size), places[order].astype("<i4"))


def sorted_terms(terms: Array, ids: Ints) -> tuple[Array, Ints]:
    """The terms that occur, sorted and each once, and the ids as places among them."""
    distinct, of_term = np.unique(terms, return_inverse=True)
    places = of_term.reshape(-1)[ids] if len(terms) else np.zeros(0, dtype=np.int64)
    occurring = np.bincount(places, minlength=len(distinct)) > 0
    used = distinct[occurring]
    width = int(np.char.str_len(used).max()) if len(used) else 1
    return used.astype(f"S{width}"), (np.cumsum(occurring) - 1)[places].astype(np.int32)


def pointers(places: Array, size: int) -> Array:
    """Where the list of each place begins, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(np.bincount(places, minlength=size)))).astype("<i8")


def merged(segments: Sequence[Segment], kept: Sequence[NDArray[np.bool_]]) -> Segment:
    """One segment of the documents of several that are to be kept, in their order."""
    starts = np.cumsum([0, *(int(mask.sum()) for mask in kept)])
    numbers = [np.cumsum(mask) - 1 + start for mask, start in zip(kept, starts, strict=False)]
    size = int(starts[-1])
    joined = [*zip(segments, kept, numbers, strict=True)]
    plain = {name: _joined([s.plain[name][mask] for s, mask, _n in joined], kind) for name, kind in PLAIN.items()}
    words = {name: inverted_of(*_entries_of_words(name, joined)) for name in WORD_FIELDS}
    facets = sorted({name for segment in segments for name in segment.facets})
    forwards = {name: forward_of(size, *_entries_of_facet(name, joined)) for name in facets}
    return Segment(size, plain, words, {name: facet for name, facet in forwards.items() if len(facet.values)})


Joined = Sequence[tuple[Segment, NDArray[np.bool_], Array]]


def _entries_of_words(name: str, joined: Joined) -> tuple[Array, Ints, Ints, Array | None]:
    terms, ids, docs, counts, base = [], [], [], [], 0
    for segment, mask, numbers in joined:
        words = segment.words[name]
        stays = mask[words.docs]
        ids.append((np.repeat(np.arange(len(words.terms)), np.diff(words.ptr)) + base)[stays])
        docs.append(numbers[words.docs[stays]])
        counts += [words.counts[stays]] if words.counts is not None else []
        terms.append(words.terms)
        base += len(words.terms)
    return _joined(terms, "S1"), _joined(ids), _joined(docs), _joined(counts) if name in COUNTED else None


def _entries_of_facet(name: str, joined: Joined) -> tuple[Array, Ints, Ints]:
    values, ids, docs, base = [], [], [], 0
    for segment, mask, numbers in joined:
        facet = segment.facets.get(name)
        if facet is None:
            continue
        owners = np.repeat(np.arange(segment.size), np.diff(facet.ptr))
        stays = mask[owners]
        ids.append(facet.codes[stays] + base)
        docs.append(numbers[owners[stays]])
        values.append(facet.values)
        base += len(facet.values)
    return _joined(values, "S1"), _joined(ids), _joined(docs)


def _joined(arrays: Iterable[Array], kind: str = "<i4") -> Array:
    found = list(arrays)
    if kind == "S1":
        return np.concatenate(found) if found else np.zeros(0, dtype=kind)
    return np.concatenate(found).astype(kind) if found else np.zeros(0, dtype=kind)
