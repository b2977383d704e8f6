"""The thesaurus of the field: what a text speaks of, whatever its language, and which themes that belongs to."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from app.config import ROOT
from app.foundation.text import fold, without_article
from app.reference.codelists import LANGUAGES

THESAURUS = ROOT / "search_index" / "concepts.toml"

KIND_OF_CONCEPT = {
    "training": "training",
    "train_the_trainers": "training",
    "mentoring": "mentoring",
    "study_tour": "exchange_visit",
    "equipment": "equipment",
    "needs_assessment": "study",
    "infrastructure": "infrastructure",
    "legislative_drafting": "legislation",
    "treaty_accession": "accession",
    "case_management_system": "information_system",
    "criminal_database": "information_system",
}
"""Concepts that name a kind of assistance, and its code in the list of kinds."""

# A concept speaks first of its first theme, and of the others a little less.
FIRST_THEME, OTHER_THEME = 2, 1

LONGEST_ACRONYM = 5
SHORTEST_STEM = 4
SHORTEST_PEOPLE = 5
# Without its s each of these is another word: a custom, minor damage, the French for short.
NEVER_SINGULAR = frozenset({"customs", "minors", "mineurs", "menores", "courts"})
WORD = re.compile(r"[^\W_]+")
# Signs above and below letters that no letter of its own has: they would part a word in two.
SIGNS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")
# And, so; with, for, like: Arabic writes them onto the next word.
ARABIC_AND, ARABIC_WITH = "وف", "بلك"


@dataclass(frozen=True)
class Concept:
    """One thing of the field: the themes that it belongs to, the nearest first, and its names by ISO 639-1 language."""

    id: str
    themes: tuple[str, ...]
    terms: dict[str, tuple[str, ...]] = field(hash=False, compare=False)


@dataclass(frozen=True)
class _Term:
    words: tuple[str, ...]
    concept: Concept
    is_acronym: bool


@cache
def concepts() -> dict[str, Concept]:
    """Every concept of the thesaurus by its id, in the order of the file."""
    with THESAURUS.open("rb") as file:
        entries = tomllib.load(file)["concept"]
    return {entry["id"]: _concept(entry) for entry in entries}


def mentions(text: str) -> Iterator[Concept]:
    """The concepts that a text speaks of, in order, each as often as it is named.

    Whole words are compared, without accents and case, an s at the end more or less; where several terms begin at one
    word the longest counts. Acronyms of up to five letters need their capitals (ATT is a treaty, att is Swedish for
    to), except in a text without any, such as people type into a search box. Of an Arabic word only what the thesaurus
    knows of it is compared, without the article and the little words that are written onto it.
    """
    plain = _one_form(text)
    any_case = plain == plain.lower()
    found = WORD.findall(plain)
    folded = [known_form(fold(word)) for word in found]
    at = 0
    while at < len(found):
        term = _longest_term(folded, found, at, any_case=any_case)
        if term is not None:
            yield term.concept
        at += len(term.words) if term is not None else 1


def concepts_in(text: str) -> list[Concept]:
    """The concepts that a text speaks of, each once, in the order in which they first come."""
    return list(dict.fromkeys(mentions(text)))


def theme_weights(text: str) -> Counter[str]:
    """How much a text speaks of each theme: twice the mentions of what lies nearest to it, once the others."""
    weights: Counter[str] = Counter()
    for concept in mentions(text):
        for place, theme in enumerate(concept.themes):
            weights[theme] += OTHER_THEME if place else FIRST_THEME
    return weights


def themes_in_text(text: str) -> list[str]:
    """The themes that a text speaks of, the most frequent first."""
    return [theme for theme, _weight in theme_weights(text).most_common()]


def kinds_in_text(text: str) -> list[str]:
    """The kinds of assistance that a text names, the most frequent first."""
    named = (KIND_OF_CONCEPT.get(concept.id) for concept in mentions(text))
    return [kind for kind, _times in Counter(filter(None, named)).most_common()]


@lru_cache(maxsize=100_000)
def known_form(word: str) -> str:
    """A folded Arabic word as the thesaurus has it (السلائف for وبالسلائف), and any other word as it is."""
    if word.isascii():
        return word
    # The shortest one, so that a word of a term and the same word of a text are always cut alike.
    return min((form for form in _arabic_forms(word) if form in _arabic_words()), key=len, default=word)


def _arabic_forms(word: str) -> Iterator[str]:
    if word[0] in ARABIC_AND and word[1:2] and word[1] in ARABIC_WITH:
        yield _arabic_form(word[2:])
    if word[0] in ARABIC_AND + ARABIC_WITH:
        yield _arabic_form(word[1:])
    yield _arabic_form(word)


def _arabic_form(word: str) -> str:
    bare = without_article(word)
    # The plural of people ends in -un or -in, as the sentence has it; shorter words (prisons, debts) are none.
    return bare[:-2] + "ين" if len(bare) >= SHORTEST_PEOPLE and bare.endswith("ون") else bare


@cache
def _arabic_words() -> frozenset[str]:
    terms = [name for concept in concepts().values() for name in concept.terms.get("ar", ())]
    return frozenset(_arabic_form(fold(word)) for term in terms for word in WORD.findall(_one_form(term)))


def _longest_term(folded: list[str], written: list[str], at: int, *, any_case: bool) -> _Term | None:
    for term in _terms_by_first_word().get(folded[at], ()):
        if tuple(folded[at : at + len(term.words)]) == term.words and (
            any_case or not term.is_acronym or written[at].isupper()
        ):
            return term
    return None


@cache
def _terms_by_first_word() -> dict[str, list[_Term]]:
    found: dict[tuple[str, ...], _Term] = {}
    for name, concept in _names():
        words = tuple(known_form(fold(word)) for word in WORD.findall(_one_form(name)))
        is_acronym = len(words) == 1 and name.isupper() and len(name) <= LONGEST_ACRONYM
        for form in _forms(words, is_acronym=is_acronym):
            found.setdefault(form, _Term(form, concept, is_acronym))
    by_first: dict[str, list[_Term]] = {}
    for term in found.values():
        by_first.setdefault(term.words[0], []).append(term)
    for terms in by_first.values():
        terms.sort(key=lambda term: len(term.words), reverse=True)
    return by_first


def _names() -> list[tuple[str, Concept]]:
    return [(name, concept) for concept in concepts().values() for names in concept.terms.values() for name in names]


def _forms(words: tuple[str, ...], *, is_acronym: bool) -> list[tuple[str, ...]]:
    *before, last = words
    forms = [words]
    if is_acronym or len(last) < SHORTEST_STEM or last in NEVER_SINGULAR or not last.isascii():
        return forms
    if not last.endswith("s"):
        forms.append((*before, last + "s"))
    elif len(last) > SHORTEST_STEM and not last.endswith("ss"):
        forms.append((*before, last[:-1]))
    return forms


def _one_form(text: str) -> str:
    return SIGNS.sub("", unicodedata.normalize("NFC", text)).replace("œ", "oe").replace("Œ", "OE")


def _concept(entry: dict[str, list[str]]) -> Concept:
    terms = {language: tuple(entry[language]) for language in LANGUAGES if language in entry}
    return Concept(str(entry["id"]), tuple(entry["themes"]), terms)


def concept_name(concept_id: str, language: str) -> str:
    """The first name of a concept in that language."""
    concept = concepts().get(concept_id)
    terms = (concept.terms.get(language) or concept.terms.get("en") or ()) if concept else ()
    return terms[0] if terms else concept_id.replace("_", " ")
