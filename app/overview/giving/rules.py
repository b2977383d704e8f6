"""What one programme or pledge gives, how its money is divided among themes and places, and what is left of a choice.

Plain values in, plain out. Money is divided by the shares that the record gives, otherwise equally, to the cent: the
parts always add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.foundation.money import CENT, Money
from app.reference.groupings import groupings_of, members

Shares = tuple[tuple[str, Decimal | None], ...]
"""Codes, each with its percentage where the record gives one."""

NOT_SAID = ""
"""Stands for the theme or the place of what names none."""
NOT_NAMED = 0
"""Stands for a donor whom the reader may not know."""
GROUPING = "grouping:"
"""Begins the code of a place that is a whole regional organisation; others are countries (ISO 3166-1 alpha-2)."""
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Giving:
    """A programme or an accepted pledge as far as one reader may see it.

    `places` are countries and groupings; `money` is empty where none is given or where the reader may not see it;
    `paid_from` is the number of the programme that a pledge is paid from, `need` the reference of the need that it is
    for.
    """

    kind: str
    number: int
    ref: str
    title: str
    language: str
    donor: int
    themes: Shares = ()
    places: Shares = ()
    money: tuple[Money, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    paid_from: int | None = None
    need: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """Its kind and number."""
        return self.kind, self.number


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see: one grouping, country, theme and year, or all of them where nothing is given."""

    grouping: str = ""
    country: str = ""
    theme: str = ""
    year: int | None = None

    def wants_theme(self, theme: str) -> bool:
        """Whether what is for this theme is wanted."""
        return not self.theme or theme == self.theme

    def wants_place(self, place: str) -> bool:
        """Whether what is for this place is wanted; what is for a whole grouping is for each of its members."""
        if self.country:
            return place == self.country or _of(place) in groupings_of(self.country)
        if self.grouping:
            return _of(place) == self.grouping or place in members(self.grouping)
        return True

    def wants(self, giving: Giving) -> bool:
        """Whether anything of it is wanted."""
        if not (self.theme or self.country or self.grouping):
            return True
        themes, places = codes(giving.themes), codes(giving.places)
        return any(map(self.wants_theme, themes)) and any(map(self.wants_place, places))


def _of(place: str) -> str:
    """The grouping that a place is, or nothing."""
    return place.removeprefix(GROUPING) if place.startswith(GROUPING) else NOT_SAID


def codes(shares: Shares) -> tuple[str, ...]:
    """The codes alone; that nothing is said is said where there are none."""
    return tuple([code for code, _share in shares]) or (NOT_SAID,)


@dataclass(frozen=True, slots=True)
class Part:
    """The part of what is given that is for one theme and one place."""

    giving: Giving
    theme: str
    place: str
    amount: Decimal


def parts_of(giving: Giving, amount: Decimal) -> list[Part]:
    """An amount divided among the themes, and each theme's among the places; all parts together are the amount."""
    return [
        Part(giving, theme, place, part)
        for theme, for_theme in divided(amount, giving.themes)
        for place, part in divided(for_theme, giving.places)
    ]


def divided(amount: Decimal, shares: Shares) -> list[tuple[str, Decimal]]:
    """An amount by shares, or equally where a code has none; cents go where the largest fractions were cut off."""
    if len(shares) <= 1:
        return [(code, amount) for code in codes(shares)]
    given = [share for _code, share in shares if share is not None]
    weights = given if len(given) == len(shares) and sum(given) > 0 and min(given) >= 0 else [Decimal(1)] * len(shares)
    return list(zip((code for code, _share in shares), by_weight(amount, weights), strict=True))


def by_weight(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount in as many parts as there are weights, to the cent (largest remainder)."""
    cents, whole = int(amount / CENT), sum(weights)
    exact = [cents * weight / whole for weight in weights]
    floors = [int(part) for part in exact]
    order = sorted(range(len(weights)), key=lambda at: (floors[at] - exact[at], at))
    for at in order[: cents - sum(floors)]:
        floors[at] += 1
    return [part * CENT for part in floors]


def wanted_parts(amounts: Mapping[tuple[str, int], Decimal], givings: Iterable[Giving], choice: Choice) -> list[Part]:
    """The parts of what is given, by the amounts of each, that a choice leaves."""
    return [
        part
        for giving in givings
        if giving.key in amounts
        for part in parts_of(giving, amounts[giving.key])
        if choice.wants_theme(part.theme) and choice.wants_place(part.place)
    ]


@dataclass(frozen=True)
class Period:
    """Some time, from its first day to its last."""

    first: date
    last: date

    def meets(self, starts_on: date | None, ends_on: date | None) -> bool:
        """Whether any day is in both; what says nothing of a day is open on that side."""
        return (starts_on is None or starts_on <= self.last) and (ends_on is None or ends_on >= self.first)


def whole_year(year: int) -> Period:
    """A year from its first day to its last."""
    return Period(date(year, 1, 1), date(year, 12, 31))
