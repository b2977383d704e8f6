"""Which countries a text or the name of a file speaks of: names in every language of the site, short forms, nationals.

Names are those of CLDR; short forms in use (DRC, East Timor) stand in
search_index/country_names.csv. A word that begins as one country's name alone
and ends as the nationals of countries do (Colombian, sénégalaise, hondureño) counts as naming that country.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from app.config import ROOT
from app.foundation.text import fold
from app.reference.codelists import LANGUAGES
from app.reference.countries import countries, country_name

ACRONYMS = frozenset({"drc", "rdc", "uae", "uk", "usa", "dprk"})
# So do the words for the nationals of countries end, in the languages of the site.
NATIONAL = re.compile(
    r"(?:i?ans?|n|ns|ien|iens|ienne|iennes|ais|aise|aises|anos?|anas?|enos?|enas?|enses?|es|esa|esas|eses|i|is|"
    r"ese|ien(?:ne)?s?|inos?|inas?)"
)
SHORT_NAMES = ROOT / "search_index" / "country_names.csv"
SHORTEST_NAME, SHORTEST_STEM = 4, 5
# Names that are also other words, people's names, or parts of many names.
AMBIGUOUS = frozenset({
    "jersey", "georgia", "georgie", "jordan", "jordania", "chad", "man", "niger", "guinea", "guinee", "guine",
    "guernsey", "turkey", "mali", "cuba", "peru", "iran", "togo", "oman",
})  # fmt: skip
WORD = re.compile(r"[^\W_]+")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def countries_in(text: str) -> list[str]:
    """ISO 3166 codes of the countries that a text names, the most often named first, then in order."""
    return [iso2 for iso2, _times in Counter(iso2 for iso2, _words in named_in(text)).most_common()]


def named_in(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each mention of a country in a text: its code and the folded words that name it. The longest name counts."""
    written = WORD.findall(text)
    folded = [fold(word) for word in written]
    at = 0
    while at < len(folded):
        found = _longest(folded, written, at)
        if found is None:
            national = _nationals().get(folded[at][:SHORTEST_STEM]) if len(folded[at]) > SHORTEST_STEM else None
            if national is not None and _is_national(folded[at], national[0]):
                yield national[1], (folded[at],)
            at += 1
        else:
            yield found
            at += len(found[1])


def country_of_file(name: str) -> str | None:
    """The country that the name of a file tells: as publishers name theirs (donor-CD, SenegalAIMS), or None."""
    named = set(countries_in(CAMEL.sub(" ", name).replace("-", " ").replace("_", " ")))
    if len(named) == 1:
        return named.pop()
    codes = {part for part in re.findall(r"(?:^|[-_.])([A-Z]{2})(?=[-_.]|$)", name) if part in countries()}
    return codes.pop() if len(codes) == 1 and not named else None


def _longest(folded: list[str], written: list[str], at: int) -> tuple[str, tuple[str, ...]] | None:
    for words, iso2 in _names().get(folded[at], ()):
        if tuple(folded[at : at + len(words)]) != words:
            continue
        # An acronym needs its capitals where others have some: DRC, and not the beginning of a word.
        if words[0] in ACRONYMS and written[at].islower() and any(not word.islower() for word in written):
            continue
        return iso2, words
    return None


@cache
def _short_names() -> dict[str, list[str]]:
    with SHORT_NAMES.open(encoding="utf-8", newline="") as file:
        return {row["iso2"]: row["names"].split("|") for row in csv.DictReader(file)}


@cache
def _names() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[tuple[str, ...], str] = {}
    for iso2 in countries():
        for name in _names_of(iso2):
            words = tuple(WORD.findall(fold(name)))
            short = len(words) == 1 and len(words[0]) < SHORTEST_NAME and words[0] not in ACRONYMS
            if words and not short:
                found.setdefault(words, iso2)
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, iso2 in found.items():
        by_first.setdefault(words[0], []).append((words, iso2))
    for names in by_first.values():
        names.sort(key=lambda pair: -len(pair[0]))
    return by_first


def _names_of(iso2: str) -> Iterable[str]:
    yield from _short_names().get(iso2, ())
    for language in LANGUAGES:
        yield country_name(iso2, language)


@cache
def _nationals() -> dict[str, tuple[str, str]]:
    """By the first letters: the stem of the one country whose name begins so, and its code."""
    stems: dict[str, set[tuple[str, str]]] = {}
    for iso2 in countries():
        for language in LANGUAGES[:4]:
            words = WORD.findall(fold(country_name(iso2, language)))
            if len(words) == 1 and len(words[0]) >= SHORTEST_STEM and words[0] not in AMBIGUOUS:
                stem = words[0].rstrip("aeios")
                if len(stem) >= SHORTEST_STEM:
                    stems.setdefault(words[0][:SHORTEST_STEM], set()).add((stem, iso2))
    alone = {first: found for first, found in stems.items() if len({iso2 for _stem, iso2 in found}) == 1}
    return {first: min(found) for first, found in alone.items()}


def _is_national(word: str, stem: str) -> bool:
    return word.startswith(stem) and NATIONAL.fullmatch(word[len(stem) :]) is not None
