"""Other names under which people look for a country: its codes, and what it is called in the site's other languages."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

from app.foundation.languages import LANGUAGES
from app.foundation.text import fold

SAME_BEGINNING = 4


@cache
def country_alternatives(code: str, language: str) -> str:
    """Words to find an ISO 3166 country by besides its name in `language` and its two letters.

    Kept small, because it travels with every list of countries: the codes, and those names that begin differently.
    """
    shown = Locale.parse(language).territories.get(code)
    if not shown or not code.isalpha():
        return ""
    kept = {fold(shown)[:SAME_BEGINNING]}
    words = list(_three_letters().get(code, []))
    for other in LANGUAGES:
        name = fold(Locale.parse(other).territories.get(code) or "")
        if name and name[:SAME_BEGINNING] not in kept and (other != "ar" or language == "ar"):
            kept.add(name[:SAME_BEGINNING])
            words.append(name)
    return " ".join(words)


@cache
def _three_letters() -> dict[str, list[str]]:
    # CLDR keeps the ISO 3166 three-letter codes as aliases of the two-letter ones.
    found: dict[str, list[str]] = {}
    for alias, codes in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(codes) == 1:  # noqa: PLR2004 - ISO 3166-1 alpha-3
            found.setdefault(codes[0], []).append(alias.lower())
    return found
