"""How names of things of the field are found in a text: whole words, one or several, in any language of the site."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from app.foundation.text import fold, without_article

LONGEST_ACRONYM = 5
SHORTEST_STEM = 4
SHORTEST_PEOPLE = 5
AGREEING_LANGUAGES, AGREEING_SHARE = 2, 0.25
# Without its s each of these is another word: a custom, minor damage, the French for short and for of taxes, a river.
NEVER_SINGULAR = frozenset({"customs", "minors", "mineurs", "menores", "courts", "fiscales", "maras"})
WORD = re.compile(r"[^\W_]+")
# Signs above and below letters that no letter of its own has: they would part a word in two.
SIGNS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")
# And, so; with, for, like: Arabic writes them onto the next word.
ARABIC_AND, ARABIC_WITH = "وف", "بلك"

# How a folded word becomes several where that is more than an s: agencies, unidades, prisões, tribunaux.
PLURALS = {
    "en": [(re.compile("(?<=[^aeiou])y$"), "ies"), (re.compile("(?<=ss|ch|sh)$"), "es")],
    "fr": [(re.compile("al$"), "aux"), (re.compile("(?<=eau)$"), "x")],
    "es": [(re.compile("z$"), "ces"), (re.compile("(?<=[dlnr])$"), "es")],
    "pt": [
        (re.compile("ao$"), "oes"),
        (re.compile("(?<=[aeou])l$"), "is"),
        (re.compile("m$"), "ns"),
        (re.compile("(?<=[rz])$"), "es"),
    ],
}
# After the thing itself come these: unités de police, cadenas de custodia, codes of conduct.
LINKS = {
    "en": frozenset({"of", "in", "for", "on", "to", "with", "against"}),
    "fr": frozenset({"de", "d", "du", "des", "a", "en", "aux", "sur", "pour", "contre"}),
    "es": frozenset({"de", "del", "en", "a", "para", "por", "contra", "sobre"}),
    "pt": frozenset({"de", "do", "da", "dos", "das", "em", "a", "para", "contra", "sobre"}),
}
# In these the adjective follows and has the number of its thing: armas ligeras, arma ligera.
ADJECTIVES_AGREE = frozenset({"fr", "es", "pt"})


@dataclass(frozen=True)
class Concept:
    """One thing of the field: the themes that it belongs to, the nearest first, and its names by ISO 639-1 language."""

    id: str
    themes: tuple[str, ...]
    terms: dict[str, tuple[str, ...]] = field(hash=False, compare=False)

    @property
    def names(self) -> Iterator[tuple[str, str]]:
        """(language, name) of each of its names."""
        return ((language, name) for language, names in self.terms.items() for name in names)


@dataclass(frozen=True)
class _Term:
    concept: Concept
    is_acronym: bool


class Thesaurus:
    """Concepts, and what a text names of them."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = {concept.id: concept for concept in concepts}
        self._arabic_words = frozenset(_words_in_arabic(self.concepts.values()))
        self.known_form = lru_cache(maxsize=100_000)(self._known_form)
        self._terms = self._all_terms()
        self._lengths = _lengths_by_first_word(self._terms)

    def mentions(self, text: str) -> Iterator[Concept]:
        """The concepts that a text speaks of, in order, each as often as it is named."""
        plain = one_form(text)
        any_case = plain == plain.lower()
        found, folded = self._words_of(plain)
        past = 0
        # Of most words no term begins; only those where one may are looked at further.
        for at in [at for at, word in enumerate(folded) if word in self._lengths]:
            if at >= past:
                length, term = self._longest_term(folded, found, at, any_case=any_case)
                if term is not None:
                    yield term.concept
                past = at + length

    def named_by_words(self, text: str) -> dict[str, set[str]]:
        """For each folded word of a text the concepts whose names it is part of there, names inside others too."""
        plain = one_form(text)
        any_case = plain == plain.lower()
        found, folded = self._words_of(plain)
        by_word: dict[str, set[str]] = {}
        for at, first in enumerate(folded):
            for length in self._lengths.get(first, ()):
                term = self._terms.get(tuple(folded[at : at + length]))
                if term is not None and (any_case or not term.is_acronym or found[at].isupper()):
                    for word in found[at : at + length]:
                        by_word.setdefault(fold(word), set()).add(term.concept.id)
        return by_word

    def _words_of(self, plain: str) -> tuple[list[str], list[str]]:
        """The words of a text as they are written, and as they are compared."""
        found = WORD.findall(plain)
        if plain.isascii():
            return found, WORD.findall(plain.lower())
        return found, [word.lower() if word.isascii() else self.known_form(fold(word)) for word in found]

    def forms(self, name: str, language: str) -> set[tuple[str, ...]]:
        """Each way in which a text may write this name, as the folded words that are compared."""
        words = self._words(name)
        return set(_forms(words, language, is_acronym=_is_acronym(name, words)))

    @cached_property
    def broader(self) -> Mapping[str, frozenset[str]]:
        """For each concept those that its own names speak of: prison overcrowding is about prisons.

        Names in two languages at least, and a good part of them all, have to agree, so that no play of words makes a
        relation.
        """
        return {concept.id: self._broader_than(concept) for concept in self.concepts.values()}

    def _broader_than(self, concept: Concept) -> frozenset[str]:
        inside = [(language, self._inside(self._words(name)) - {concept.id}) for language, name in concept.names]
        votes = Counter(each for _language, found in inside for each in found)
        spoken = {each: {language for language, found in inside if each in found} for each in votes}
        least = AGREEING_SHARE * len(inside)
        return frozenset(
            each for each, times in votes.items() if times >= least and len(spoken[each]) >= AGREEING_LANGUAGES
        )

    def _inside(self, words: tuple[str, ...]) -> set[str]:
        size = len(words)
        parts = (words[a:b] for a in range(size) for b in range(a + 1, size + 1) if b - a < size)
        return {self._terms[part].concept.id for part in parts if part in self._terms}

    def _longest_term(
        self, folded: list[str], written: list[str], at: int, *, any_case: bool
    ) -> tuple[int, _Term | None]:
        for length in self._lengths.get(folded[at], ()):
            term = self._terms.get(tuple(folded[at : at + length]))
            if term is not None and (any_case or not term.is_acronym or written[at].isupper()):
                return length, term
        return 1, None

    def _words(self, name: str) -> tuple[str, ...]:
        return tuple([self.known_form(fold(word)) for word in WORD.findall(one_form(name))])

    def _all_terms(self) -> dict[tuple[str, ...], _Term]:
        found: dict[tuple[str, ...], _Term] = {}
        names = [
            (self._words(name), language, name, concept)
            for concept in self.concepts.values()
            for language, name in concept.names
        ]
        # What is written in the thesaurus counts before what is only a form of it.
        for words, _language, name, concept in names:
            if words:
                found.setdefault(words, _Term(concept, _is_acronym(name, words)))
        for words, language, name, concept in names:
            for form in _forms(words, language, is_acronym=_is_acronym(name, words)):
                found.setdefault(form, _Term(concept, is_acronym=False))
        return found

    def _known_form(self, word: str) -> str:
        if word.isascii():
            return word
        # The shortest one, so that a word of a term and the same word of a text are always cut alike.
        return min((form for form in _arabic_forms(word) if form in self._arabic_words), key=len, default=word)


def one_form(text: str) -> str:
    """A text with its letters composed, without the signs of vowels that nobody types in a search."""
    if text.isascii():
        return text
    return SIGNS.sub("", unicodedata.normalize("NFC", text)).replace("œ", "oe").replace("Œ", "OE")


def _is_acronym(name: str, words: tuple[str, ...]) -> bool:
    return len(words) == 1 and name.isupper() and len(name) <= LONGEST_ACRONYM


def _forms(words: tuple[str, ...], language: str, *, is_acronym: bool) -> Iterator[tuple[str, ...]]:
    if words:
        yield words
    if words and not is_acronym:
        yield from _forms_of_last(words, language)
        yield from _forms_of_first(words, language)


def _lengths_by_first_word(terms: Iterable[tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for words in terms:
        lengths.setdefault(words[0], set()).add(len(words))
    return {first: tuple(sorted(its, reverse=True)) for first, its in lengths.items()}


def _forms_of_last(words: tuple[str, ...], language: str) -> Iterator[tuple[str, ...]]:
    *before, last = words
    if not _has_number(last) or last in NEVER_SINGULAR:
        return
    if not last.endswith("s"):
        yield (*before, last + "s")
        yield (*before, _plural(last, language))
    elif (one := _singular(last)) != last:
        yield (*before, one)


def _forms_of_first(words: tuple[str, ...], language: str) -> Iterator[tuple[str, ...]]:
    first, *others = words
    if not others or not _has_number(first):
        return
    if others[0] in LINKS.get(language, ()):
        yield (_plural(first, language), *others)
    elif language in ADJECTIVES_AGREE and len(others) == 1 and _has_number(others[0]):
        if first.endswith("s") and others[0].endswith("s"):
            yield (_singular(first), _singular(others[0]))
        else:
            yield (_plural(first, language), _plural(others[0], language))


def _has_number(word: str) -> bool:
    return word.isascii() and len(word) >= SHORTEST_STEM


def _singular(word: str) -> str:
    return word[:-1] if len(word) > SHORTEST_STEM and word.endswith("s") and not word.endswith("ss") else word


def _plural(word: str, language: str) -> str:
    for ending, several in PLURALS.get(language, ()):
        if ending.search(word):
            return ending.sub(several, word)
    return word if word.endswith(("s", "x")) else word + "s"


def _words_in_arabic(concepts: Iterable[Concept]) -> Iterator[str]:
    for concept in concepts:
        for name in concept.terms.get("ar", ()):
            yield from (_arabic_form(fold(word)) for word in WORD.findall(one_form(name)))


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
