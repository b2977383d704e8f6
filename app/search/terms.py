"""From words to what the engine is asked: each telling word with its stems and the concepts that it is part of."""

from __future__ import annotations

from collections.abc import Iterable

from app.reference.concepts import concepts_in, named_by_words
from app.reference.places import named_in
from app.search.engine_types import TermGroup
from app.search.language import query_words, stems_of, words

MOST_WORDS = 24
WITHOUT_CONCEPT = 0.7
"""A word that names nothing of the field says less of what somebody looks for than one that does."""


def place_concept(iso2: str) -> str:
    """What stands for a country among the concepts of a document: found by whatever name one types for it."""
    return f"country:{iso2}"


def in_title(concept: str) -> str:
    """What stands for a concept that a document's title names: rarer than the concept, so that it weighs more."""
    return f"title:{concept}"


def groups_of(text: str) -> tuple[TermGroup, ...]:
    """The telling words of a question, each with its stems, and the concepts and countries that it is part of."""
    by_word = {word: {*ids, *map(in_title, ids)} for word, ids in named_by_words(text).items()}
    for iso2, named in named_in(text):
        for word in named:
            by_word.setdefault(word, set()).add(place_concept(iso2))
    found = query_words(text)[:MOST_WORDS]
    return tuple(_group(word, by_word.get(word, ())) for word in found)


def _group(word: str, concepts: Iterable[str]) -> TermGroup:
    named = tuple(sorted(concepts))
    return TermGroup(word, stems_of(word), named, 1.0 if named else WITHOUT_CONCEPT)


def telling_groups(text: str, most: int = 25) -> tuple[TermGroup, ...]:
    """The words that a text repeats most, as term groups weighted by how often each occurs."""
    counted: dict[str, int] = {}
    for word in words(text):
        counted[word] = counted.get(word, 0) + 1
    telling = [word for word in query_words(text) if not word.isdecimal()]
    best = sorted(telling, key=lambda word: (-counted.get(word, 0), telling.index(word)))[:most]
    concepts = tuple(sorted({concept.id for concept in concepts_in(text)}))
    groups = [TermGroup(word, stems_of(word), (), float(counted.get(word, 1))) for word in best]
    return tuple(groups + [TermGroup(f"concept {c}", (), (c,), 2.0) for c in concepts])
