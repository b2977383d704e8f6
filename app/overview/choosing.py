"""The address of a picture: what it asks for, and the choices that stand above it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from babel.numbers import get_currency_name

from app.foundation.money import COMMON_CURRENCIES, is_currency
from app.foundation.web import current_language, request, url_for
from app.overview.giving.rules import Choice, Giving
from app.reference.countries import countries, country_options
from app.reference.groupings import grouping_options, groupings, members
from app.reference.themes import theme_options, themes

USUAL_CURRENCY = "EUR"
FIRST_YEAR, LAST_YEAR = 2000, 2099
REPORTED = "reported"

Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """What the address asks for; `more` are the words of one picture alone."""

    endpoint: str
    choice: Choice
    currency: str = USUAL_CURRENCY
    as_reported: bool = False
    more: dict[str, str] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        """The words of the address that are not the usual ones."""
        kept = {
            "grouping": self.choice.grouping,
            "country": self.choice.country,
            "theme": self.choice.theme,
            "year": str(self.choice.year or ""),
            "currency": self.currency if self.currency != USUAL_CURRENCY else "",
            "figures": REPORTED if self.as_reported else "",
            **self.more,
        }
        return {name: value for name, value in kept.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether anything has been chosen."""
        return self.choice != Choice()

    def page(self, number: int) -> str:
        """The address of a page of this picture."""
        return self.address(page=number if number > 1 else "")

    def address(self, endpoint: str = "", **other: Any) -> str:
        """The address of this picture, or of another one or a file, with other words."""
        words = {name: value for name, value in {**self.values, **other}.items() if value}
        return url_for(endpoint or self.endpoint, **words)


def asked_of(endpoint: str, **more: str) -> Asked:
    """What the address asks for; what it does not know is passed over."""
    given = request.args
    grouping, country, theme = given.get("grouping", ""), given.get("country", "").upper(), given.get("theme", "")
    year, currency = given.get("year", ""), given.get("currency", "").upper()
    is_year = year.isdecimal() and len(year) == len("2027") and FIRST_YEAR <= int(year) <= LAST_YEAR
    return Asked(
        endpoint,
        Choice(
            grouping if grouping in groupings() else "",
            country if country in countries() else "",
            theme if theme in themes() else "",
            int(year) if is_year else None,
        ),
        currency if is_currency(currency) else USUAL_CURRENCY,
        given.get("figures") == REPORTED,
        more,
    )


def options_beside(asked: Asked, givings: Iterable[Giving], this_year: int) -> dict[str, Options]:
    """The choices above a picture of what is given."""
    return options_of(asked, {place for giving in givings for place, _share in giving.places}, this_year)


def options_of(asked: Asked, met: AbstractSet[str], this_year: int) -> dict[str, Options]:
    """The choices above a picture: countries are those that something is for, within the grouping that is chosen."""
    language, choice = current_language(), asked.choice
    here = met & members(choice.grouping) if choice.grouping else met
    shown = {*COMMON_CURRENCIES, asked.currency}
    years = sorted({this_year + step for step in range(-15, 4)} | ({choice.year} if choice.year else set()))
    return {
        "grouping": grouping_options(language),
        "country": [pair for pair in country_options(language) if pair[0] in here | {choice.country}],
        "theme": theme_options(language),
        "year": [(str(year), str(year)) for year in years],
        "currency": [(code, f"{get_currency_name(code, locale=language)} {code}") for code in sorted(shown)],
    }
