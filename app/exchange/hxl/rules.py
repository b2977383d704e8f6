"""From one activity to its rows: one for each place and theme, the money divided among them. Plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from app.exchange.dictionary.rules import SEPARATOR
from app.foundation.money import CENT
from app.reference.groupings import groupings_of, members

Shares = Sequence[tuple[str, Decimal | None]]
"""Codes, each with its share in per cent where it is known."""
ALL_YEARS = "all"


@dataclass(frozen=True)
class Place:
    """A country (ISO 3166-1 alpha-2) with a first-level area of it, or a whole grouping; empty where none is named."""

    country: str = ""
    grouping: str = ""
    area: str = ""
    area_code: str = ""


@dataclass(frozen=True)
class Activity:
    """A programme or an accepted pledge as far as one reader may see it; `amount` is in units of `currency`."""

    organisation: str
    organisation_ref: str
    organisation_iati: str
    organisation_type: str
    kind: str
    ref: str
    title: str
    address: str
    status: str
    themes: Shares = ()
    places: Sequence[tuple[Place, Decimal | None]] = ()
    kinds: Sequence[str] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class Wanted:
    """What somebody wants of it: a grouping, a country, a theme; a year, `all` years, or what runs today."""

    grouping: str = ""
    country: str = ""
    theme: str = ""
    year: str = ""

    @property
    def is_everything(self) -> bool:
        """Whether the whole of what runs today is wanted."""
        return self == Wanted()

    def wants(self, place: Place, theme: str) -> bool:
        """Whether a row is wanted; what is for a whole grouping is for each of its members."""
        if self.theme and theme != self.theme:
            return False
        if self.country:
            return self.country == place.country or place.grouping in groupings_of(self.country)
        if self.grouping:
            return place.grouping == self.grouping or place.country in members(self.grouping)
        return True


@dataclass(frozen=True)
class Row:
    """One row: an activity, one of its places and one of its themes, with the part of the money that is for them."""

    activity: Activity
    place: Place
    theme: str
    amount: Decimal | None

    @property
    def kinds(self) -> str:
        """The kinds of assistance in one cell."""
        return SEPARATOR.join(self.activity.kinds)


def rows_of(activity: Activity, wanted: Wanted) -> Iterator[Row]:
    """The rows of an activity that are wanted; all of its rows together have the whole of its money."""
    themes = list(activity.themes) or [("", None)]
    places = list(activity.places) or [(Place(), None)]
    for (theme, _), part in zip(themes, divided(activity.amount, [share for _, share in themes]), strict=True):
        for (place, _), amount in zip(places, divided(part, [share for _, share in places]), strict=True):
            if wanted.wants(place, theme):
                yield Row(activity, place, theme, amount)


def divided(amount: Decimal | None, shares: Sequence[Decimal | None]) -> list[Decimal | None]:
    """An amount by shares, or equally where one is not known; what rounding to the cent leaves goes to the last."""
    if amount is None:
        return [None] * len(shares)
    given = [share for share in shares if share is not None and share >= 0]
    weights = given if len(given) == len(shares) and sum(given) > 0 else [Decimal(1)] * len(shares)
    parts = [(amount * weight / sum(weights)).quantize(CENT, ROUND_DOWN) for weight in weights[:-1]]
    return [*parts, (amount - sum(parts, Decimal(0))).quantize(CENT)]


AREA = ":"
"""Between country, name and code of an area, as a programme keeps it."""


def area_kept(country: str, name: str, code: str) -> str:
    """A first-level area as a programme keeps it: its country, its name and its code (ISO 3166-2)."""
    return AREA.join([country, name.replace(AREA, " "), code])


def area_read(kept: str) -> Place:
    """The place that was kept so."""
    country, name, code = [*kept.split(AREA), "", ""][:3]
    return Place(country=country, area=name, area_code=code)


def with_areas(countries: Shares, kept: Sequence[str]) -> list[tuple[Place, Decimal | None]]:
    """Countries with their shares as places: each area of a country that has some, with an equal part of its share."""
    found: list[tuple[Place, Decimal | None]] = []
    for country, share in countries:
        areas = [place for place in map(area_read, sorted(kept)) if place.country == country] or [Place(country)]
        found += [(place, None if share is None else share / len(areas)) for place in areas]
    return found
