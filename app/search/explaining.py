"""Why a record was found: which words of the question stand in its title and texts, and which concept links the others.

It is read from the record's own words, which whoever sees the record may see, and never from the index: what is said
can be checked by opening the record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.reference.concepts import concepts_in
from app.reference.themes import theme_name
from app.search.documents import TEXTS
from app.search.engine_types import TermGroup
from app.search.language import STEMMERS, terms
from app.search.records import Found

PLACES = ("title", "text", "theme", "organisation")


@dataclass(frozen=True)
class Why:
    """The words of a question by where a record has them, by the concept that links them, and those it has not."""

    places: dict[str, tuple[str, ...]] = field(default_factory=dict)
    concepts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def why_found(found: Found, groups: Iterable[TermGroup]) -> Why:
    """Why a record answers a question, word by word; a word counts at the first place that has it."""
    texts = TEXTS[found.kind](found.record)
    stems = _stems_by_place(found, texts)
    places: dict[str, list[str]] = {}
    concepts: dict[str, list[str]] = {}
    missing: list[str] = []
    named = None
    for group in groups:
        place = next((name for name in PLACES if not stems[name].isdisjoint(group.stems)), None)
        if place:
            places.setdefault(place, []).append(group.word)
            continue
        if named is None:
            named = {concept.id for concept in concepts_in(" \n ".join(text for text, _language in texts))}
        concept = next((one for one in group.concepts if one in named), None)
        (concepts.setdefault(concept, []) if concept else missing).append(group.word)
    return Why(_whole(places), _whole(concepts), tuple(missing))


def _stems_by_place(found: Found, texts: list[tuple[str, str]]) -> dict[str, set[str]]:
    names = {theme_name(code, language) for code in found.record.codes("theme") for language in STEMMERS}
    owner = found.record.organisation.name
    stems: dict[str, set[str]] = {name: set() for name in PLACES}
    for number, (text, language) in enumerate(texts):
        place = "theme" if text in names else "organisation" if text.split(" \n ")[0] == owner else "text"
        stems["title" if number == 0 else place].update(terms(text, language))
    return stems


def _whole(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in lists.items()}
