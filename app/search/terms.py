"""From words to what the engine is asked: each telling word with its stems and the concepts that it is part of."""

from __future__ import annotations

from app.reference.concepts import concepts_in, known_form
from app.reference.places import named_in
from app.search.engine_types import TermGroup
from app.search.language import query_words, stems_of, words

MOST_WORDS = 24


def place_concept(iso2: str) -> str:
    """What stands for a country among the concepts of a document: found by whatever name one types for it."""
    return f"country:{iso2}"


def groups_of(text: str) -> tuple[TermGroup, ...]:
    """The telling words of a question, each with its stems, and the concepts and countries that it is part of."""
    by_word: dict[str, set[str]] = {}
    for concept in concepts_in(text):
        for terms in concept.terms.values():
            for term in terms:
                for word in words(term):
                    by_word.setdefault(known_form(word), set()).add(concept.id)
    for iso2, named in named_in(text):
        for word in named:
            by_word.setdefault(known_form(word), set()).add(place_concept(iso2))
    found = query_words(text)[:MOST_WORDS]
    return tuple(TermGroup(word, stems_of(word), tuple(sorted(by_word.get(known_form(word), ())))) for word in found)


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
