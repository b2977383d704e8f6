"""Regional organisations and the States that belong to them."""

from __future__ import annotations

import csv
from functools import cache

from app.reference.codelists import DATA, Code, codelist


def groupings() -> dict[str, Code]:
    """Every grouping by its code (ECOWAS, OAS ...)."""
    return codelist("groupings")


@cache
def members(grouping: str) -> frozenset[str]:
    """ISO codes of a grouping's member States, suspended ones included: assistance may still be for them."""
    return frozenset(iso2 for code, iso2 in _memberships() if code == grouping)


@cache
def groupings_of(iso2: str) -> frozenset[str]:
    """The groupings that a State belongs to."""
    return frozenset(code for code, member in _memberships() if member == iso2)


@cache
def _memberships() -> tuple[tuple[str, str], ...]:
    with (DATA / "memberships.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["grouping"], row["iso2"]) for row in csv.DictReader(file))


def grouping_name(code: str, language: str) -> str:
    """The acronym that the language uses: ECOWAS, CEDEAO."""
    entry = groupings().get(code)
    if entry is None:
        return code
    return entry.more.get(f"acronym_{language}") or entry.more.get("acronym_en") or code


def grouping_options(language: str) -> list[tuple[str, str]]:
    """(code, acronym and name) for a select; the name alone where the language has no acronym."""
    return [(code, _acronym_and_name(code, entry, language)) for code, entry in groupings().items()]


def _acronym_and_name(code: str, entry: Code, language: str) -> str:
    acronym, name = grouping_name(code, language), entry.name(language)
    return name if acronym == name else f"{acronym} – {name}"
