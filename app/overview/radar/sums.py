"""Sums by theme and quarter of one country, in one pass over what is asked and who is there.

A row of sixteen sums is one whole number, 64 bits for each quarter: two rows are added in one step, and exactly. Who is
there when is a bit for each quarter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from itertools import chain
from struct import Struct

from app.overview.radar.rules import AHEAD, BACK, EVERY, NO_THEME, UNNAMED, WHOLE, Asking, Cell, Presence

BITS = 64
SIZE = BACK + AHEAD
FIELDS = Struct(f"<{SIZE}Q")


@cache
def ones(first: int, last: int) -> int:
    """A row with 1 in each quarter from one to another."""
    return sum(1 << (BITS * place) for place in range(first, last + 1))


@cache
def bits(first: int, last: int) -> int:
    """A mask with a bit for each quarter from one to another."""
    return (1 << (last + 1)) - (1 << first)


@cache
def row(mask: int) -> int:
    """A row with 1 in each quarter of a mask."""
    return sum(1 << (BITS * place) for place in range(SIZE) if mask >> place & 1)


def numbers(sums: int) -> tuple[int, ...]:
    """The sums of a row, quarter by quarter."""
    return FIELDS.unpack(sums.to_bytes(FIELDS.size, "little"))


def counted(masks: Iterable[int]) -> tuple[int, ...]:
    """In each quarter, how many of these are there."""
    return numbers(sum(map(row, masks)))


def filled(sums: int) -> int:
    """The quarters in which a row has something."""
    return sum(1 << place for place, number in enumerate(numbers(sums)) if number) if sums else 0


class Asked:
    """What is asked under one key, as rows: lines, and the parts of them that are pledged and delivered."""

    __slots__ = ("delivered", "lines", "pledged")

    def __init__(self) -> None:
        self.lines = self.pledged = self.delivered = 0

    def add(self, asking: Asking) -> None:
        """Count one more line."""
        row_of_it = ones(asking.first, asking.last)
        self.lines += row_of_it
        self.pledged += row_of_it * asking.pledged
        self.delivered += row_of_it * asking.delivered

    @property
    def open(self) -> int:
        """The parts of lines that nobody has pledged; no line is pledged more than whole."""
        return self.lines * WHOLE - self.pledged


Masks = dict[str, dict[int, int]]
"""For each kind of assistance and each provider of it, a bit for each quarter in which it is there."""


class Sums:
    """What is asked and who is there in one country, by theme or EVERY; all these rows are of that country."""

    def __init__(self, askings: Iterable[Asking], presences: Iterable[Presence]) -> None:
        self.asked: dict[str, Asked] = defaultdict(Asked)
        self.there: dict[str, Masks] = defaultdict(lambda: defaultdict(dict))
        for asking in askings:
            # A line with two themes is still one line of its country.
            for theme in (EVERY, *asking.themes):
                self.asked[theme].add(asking)
        for presence in presences:
            self._be_there(presence)

    def _be_there(self, presence: Presence) -> None:
        here = bits(presence.first, presence.last)
        provider, kinds = presence.provider, presence.kinds or ("",)
        for theme in presence.themes or (NO_THEME,):
            by_kind = self.there[theme]
            for kind in kinds:
                masks = by_kind[kind]
                masks[provider] = masks.get(provider, 0) | here

    def themes(self) -> set[str]:
        """Every theme of which there is anything to say."""
        return (self.asked.keys() | self.there.keys()) - {EVERY, NO_THEME}

    def providers(self, theme: str) -> list[int]:
        """In each quarter, how many organisations are there; one whom the reader may not know counts if it is alone."""
        by_provider: dict[int, int] = {}
        for by_kind in self.there.values() if theme == EVERY else [self.there.get(theme, {})]:
            for provider, mask in chain.from_iterable(masks.items() for masks in by_kind.values()):
                by_provider[provider] = by_provider.get(provider, 0) | mask
        unnamed = by_provider.pop(UNNAMED, 0)
        return [number or unnamed >> place & 1 for place, number in enumerate(counted(by_provider.values()))]

    def somebody(self, theme: str) -> int:
        """The quarters in which anybody is there."""
        found = 0
        for masks in self.there.get(theme, {}).values():
            for mask in masks.values():
                found |= mask
        return found

    def cells(self, theme: str) -> list[Cell]:
        """One theme, quarter by quarter."""
        asked = self.asked.get(theme) or Asked()
        rows = zip(
            numbers(asked.lines), numbers(asked.pledged), numbers(asked.delivered), self.providers(theme), strict=True
        )
        return [Cell(lines, _lines(pledged), _lines(delivered), there) for lines, pledged, delivered, there in rows]


def _lines(part: int) -> Decimal:
    return Decimal(part) / WHOLE
