"""ISO 3166 countries: codes and facts kept here, names from CLDR in every language that Babel knows."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from babel import Locale

from app.reference.codelists import DATA


@dataclass(frozen=True)
class Country:
    """`iso2` and `iso3` as in ISO 3166-1, `m49` as in UN M49; `languages` are ISO 639-1 codes of government."""

    iso2: str
    iso3: str
    m49: str
    region: str
    subregion: str
    is_dac_recipient: bool
    is_small_island: bool
    languages: tuple[str, ...]


@cache
def countries() -> dict[str, Country]:
    """Every country by its ISO 3166 two-letter code."""
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso2"]: _country(row) for row in csv.DictReader(file)}


def _country(row: dict[str, str]) -> Country:
    return Country(
        iso2=row["iso2"],
        iso3=row["iso3"],
        m49=row["m49"],
        region=row["region"],
        subregion=row["subregion"],
        is_dac_recipient=row["dac_recipient"] == "Y",
        is_small_island=row["sids"] == "Y",
        languages=tuple(row["languages"].split()),
    )


def country_name(iso2: str, language: str) -> str:
    """The country's name in that language, from CLDR."""
    name = Locale.parse(language).territories.get(iso2)
    return str(name) if name else iso2


@cache
def country_options(language: str) -> list[tuple[str, str]]:
    """(iso2, name), by name as that language sorts without accents."""
    from app.foundation.text import fold  # noqa: PLC0415 - needed here alone

    named = [(iso2, country_name(iso2, language)) for iso2 in countries()]
    return sorted(named, key=lambda pair: fold(pair[1]))


def region_of(iso2: str) -> str:
    """The UN M49 sub-region, or nothing."""
    country = countries().get(iso2)
    return country.subregion if country else ""
