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
from app.search.in_files import file_with
from app.search.language import STEMMERS, terms, words
from app.search.records import Found, has_phrase

PLACES = ("title", "text", "theme", "organisation")


@dataclass(frozen=True)
class Why:
    """The words of a question by where a record has them, by the concept or file that does, and those it has not."""

    places: dict[str, tuple[str, ...]] = field(default_factory=dict)
    concepts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def why_found(found: Found, groups: Iterable[TermGroup], phrases: tuple[str, ...] = ()) -> Why:
    """Why a record answers a question, phrase by phrase and word by word, each at the first place that has it."""
    texts = TEXTS[found.kind](found.record)
    stems = _stems_by_place(found, texts)
    places = _places_of(phrases, found, texts)
    quoted = {word for phrase in phrases for word in words(phrase)} if places else set()
    concepts: dict[str, list[str]] = {}
    files: dict[str, list[str]] = {}
    missing: list[str] = []
    named = None
    for group in [group for group in groups if group.word not in quoted]:
        place = next((name for name in PLACES if not stems[name].isdisjoint(group.stems)), None)
        if place:
            places.setdefault(place, []).append(group.word)
            continue
        if named is None:
            named = {concept.id for concept in concepts_in(" \n ".join(text for text, _language in texts))}
        concept = next((one for one in group.concepts if one in named), None)
        file = file_with(group, found.files) if concept is None else None
        where = concepts.setdefault(concept, []) if concept else files.setdefault(file, []) if file else missing
        where.append(group.word)
    return Why(_whole(places), _whole(concepts), _whole(files), tuple(missing))


def _places_of(phrases: tuple[str, ...], found: Found, texts: list[tuple[str, str]]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for phrase in phrases:
        number = next((n for n, (text, _language) in enumerate(texts) if has_phrase(text, phrase)), None)
        if number is not None:
            place = "title" if number == 0 else _place_of(found, texts[number][0])
            places.setdefault(place, []).append(f"“{phrase}”")
    return places


def _place_of(found: Found, text: str) -> str:
    if text in {theme_name(code, language) for code in found.record.codes("theme") for language in STEMMERS}:
        return "theme"
    return "organisation" if text.split(" \n ", maxsplit=1)[0] == found.record.organisation.name else "text"


def _stems_by_place(found: Found, texts: list[tuple[str, str]]) -> dict[str, set[str]]:
    stems: dict[str, set[str]] = {name: set() for name in PLACES}
    for number, (text, language) in enumerate(texts):
        stems["title" if number == 0 else _place_of(found, text)].update(terms(text, language))
    return stems


def _whole(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(those) for name, those in lists.items()}
