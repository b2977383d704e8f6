"""What the values of a facet are called, in every language of the site, and which of them somebody means by a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache

from babel import Locale

from app.foundation.languages import LANGUAGES, language_name, name_of, say
from app.foundation.messages import N_
from app.foundation.text import fold
from app.reference.codelists import codelist
from app.reference.countries import countries, country_name
from app.reference.groupings import grouping_name, groupings
from app.reference.themes import themes
from app.search.language import words
from app.search.question import FIRST_YEAR, LAST_YEAR

FACETS = ("type", "theme", "country", "grouping", "donor", "kind", "language", "status", "year")
NEAR = "near"
"""In the place of a grouping: those of the reader's own country."""
MOST_MEANT = 3
NEAR_ENOUGH = 0.75

TYPES = {
    "need": N_("Needs"),
    "programme": N_("Programmes"),
    "course": N_("Courses"),
    "lesson": N_("Lessons"),
    "output": N_("Outputs"),
}
ONE_OF = {
    "need": N_("Need"),
    "programme": N_("Programme"),
    "course": N_("Course"),
    "lesson": N_("Lesson"),
    "output": N_("Output"),
}
STATUSES = {
    "open": N_("Open: one may act now"),
    "record": N_("Record of what is or was done"),
    "closed": N_("Closed"),
    "validated": N_("Validated"),
    "submitted": N_("Not yet validated"),
}

Names = Mapping[str, tuple[str, ...]]
"""Names in one form (folded, words parted by one space), each with the codes that are called so."""


def in_one_form(text: str) -> str:
    """A name as it is compared: without accents, case and marks."""
    return " ".join(words(text))


def meant(names: Names, typed: str) -> tuple[str, ...]:
    """The codes that are called what was typed; where none is, up to three whose name begins with it or has it."""
    wanted = in_one_form(typed)
    if not wanted:
        return ()
    if wanted in names:
        return names[wanted]
    for fits in (_begins, _has):
        codes = {code for name, its in names.items() if fits(name, wanted) for code in its}
        if 0 < len(codes) <= MOST_MEANT:
            return tuple(sorted(codes))
    return ()


def _begins(name: str, wanted: str) -> bool:
    return name.startswith(f"{wanted} ")


def _has(name: str, wanted: str) -> bool:
    return f" {wanted} " in f" {name} "


def codes_called(facet: str, typed: str) -> tuple[str, ...]:
    """The codes of a facet that somebody means by a code or by a name in any of the languages."""
    if facet == "year":
        year = fold(typed)
        return (year,) if year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year[:9]) <= LAST_YEAR else ()
    return meant(names_in(facet), typed)


def nearest(facet: str, typed: str, language: str) -> str:
    """The name of the value that is written most like what was typed, in that language; nothing if none is near."""
    if facet not in NAMERS:
        return ""
    names = names_in(facet)
    found = get_close_matches(in_one_form(typed)[:60], names, n=1, cutoff=NEAR_ENOUGH)
    return value_name(facet, names[found[0]][0], language, {}) if found else ""


def value_name(facet: str, value: str, language: str, donors: Mapping[str, str]) -> str:
    """What a facet value is called in that language; donors by their organisations' names."""
    own = {"type": TYPES, "status": STATUSES}
    if facet in own:
        return say(own[facet][value], language) if value in own[facet] else value
    if facet == "donor":
        return donors.get(value, value)
    return value if facet == "year" else name_of(facet, value, language)


@cache
def names_in(facet: str) -> Names:
    """Every name of every value of a facet."""
    found: dict[str, set[str]] = {}
    for code, names in NAMERS[facet]():
        for name in (code, *names):
            if form := in_one_form(name):
                found.setdefault(form, set()).add(code)
    return {name: tuple(sorted(codes)) for name, codes in found.items()}


Pairs = Iterable[tuple[str, Iterable[str]]]


def _countries() -> Pairs:
    return [(iso2, [one.iso3, *(country_name(iso2, each) for each in LANGUAGES)]) for iso2, one in countries().items()]


def _themes() -> Pairs:
    return [(code, entry.names.values()) for code, entry in themes().items()]


def _groupings() -> Pairs:
    found = groupings().items()
    return [
        (code, [*entry.names.values(), *(grouping_name(code, each) for each in LANGUAGES)]) for code, entry in found
    ]


def _kinds() -> Pairs:
    return [(code, entry.names.values()) for code, entry in codelist("assistance_kinds").items()]


def _languages() -> Pairs:
    two_letters = [code for code in map(str, Locale.parse("en").languages) if len(code) == 2]  # noqa: PLR2004 - ISO 639-1
    return [(code, [language_name(code, each) for each in LANGUAGES]) for code in two_letters]


def _own(*lists: Mapping[str, str]) -> Callable[[], Pairs]:
    return lambda: [(code, [say(own[code], each) for own in lists for each in LANGUAGES]) for code in lists[0]]


NAMERS: dict[str, Callable[[], Pairs]] = {
    "country": _countries,
    "theme": _themes,
    "grouping": _groupings,
    "kind": _kinds,
    "language": _languages,
    "type": _own(TYPES, ONE_OF),
    "status": _own(STATUSES),
}
