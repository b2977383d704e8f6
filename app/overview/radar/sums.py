"""Sums by country, theme and quarter in one pass over what is asked and who is there.

A row of sixteen sums is one whole number, forty bits for each quarter: two rows are added in one step, and exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache

from app.overview.radar.rules import EVERYWHERE, UNNAMED, WHOLE, Asking, Cell, Presence

BITS = 40
FIELD = (1 << BITS) - 1

Key = tuple[str, str]
"""A country and a theme, or EVERYWHERE."""
Masks = dict[tuple[str, int], int]
"""For each kind of assistance and provider a bit for each quarter in which it is there."""


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
    return sum(1 << (BITS * place) for place in range(mask.bit_length()) if mask >> place & 1)


def numbers(sums: int, size: int) -> list[int]:
    """The sums of a row, quarter by quarter."""
    return [sums >> (BITS * place) & FIELD for place in range(size)]


def counted(masks: Iterable[int], size: int) -> list[int]:
    """In each quarter, how many of these are there."""
    return numbers(sum(map(row, masks)), size)


class Sums:
    """What is asked, pledged and delivered, and who is there, by country and theme."""

    def __init__(self, askings: Iterable[Asking], presences: Iterable[Presence], size: int) -> None:
        self.size = size
        self.asked: dict[Key, int] = defaultdict(int)
        self.pledged: dict[Key, int] = defaultdict(int)
        self.delivered: dict[Key, int] = defaultdict(int)
        self.masks: dict[Key, Masks] = defaultdict(dict)
        for asking in askings:
            self._ask(asking)
        for presence in presences:
            self._be_there(presence)

    @property
    def keys(self) -> set[Key]:
        """Every country and theme of which there is anything to say."""
        return self.asked.keys() | self.masks.keys()

    def _ask(self, asking: Asking) -> None:
        asked = ones(asking.first, asking.last)
        for country in asking.countries:
            for theme in (EVERYWHERE, *asking.themes):
                self.asked[country, theme] += asked
                if asking.pledged:
                    self.pledged[country, theme] += asked * asking.pledged
                if asking.delivered:
                    self.delivered[country, theme] += asked * asking.delivered

    def _be_there(self, presence: Presence) -> None:
        here = bits(presence.first, presence.last)
        names = [(kind, presence.provider) for kind in presence.kinds or ("",)]
        for country in presence.countries:
            for theme in (EVERYWHERE, *presence.themes):
                masks = self.masks[country, theme]
                for name in names:
                    masks[name] = masks.get(name, 0) | here

    def open(self, key: Key) -> list[int]:
        """In each quarter, how many parts of lines nobody has pledged."""
        rows = zip(
            numbers(self.asked.get(key, 0), self.size), numbers(self.pledged.get(key, 0), self.size), strict=True
        )
        return [asked * WHOLE - pledged for asked, pledged in rows]

    def providers(self, key: Key) -> list[int]:
        """In each quarter, how many organisations are there; one whom the reader may not know counts if it is alone."""
        by_provider: dict[int, int] = {}
        for (_kind, provider), mask in self.masks.get(key, {}).items():
            by_provider[provider] = by_provider.get(provider, 0) | mask
        unnamed = by_provider.pop(UNNAMED, 0)
        known = counted(by_provider.values(), self.size)
        return [number or unnamed >> place & 1 for place, number in enumerate(known)]

    def by_kind(self, key: Key) -> Iterator[tuple[str, list[int]]]:
        """For each kind of assistance that several give, how many known organisations give it in each quarter."""
        masks: dict[str, list[int]] = defaultdict(list)
        for (kind, provider), mask in self.masks.get(key, {}).items():
            if kind and provider != UNNAMED:
                masks[kind].append(mask)
        return ((kind, counted(its, self.size)) for kind, its in masks.items())

    def cells(self, key: Key) -> list[Cell]:
        """One country and theme, quarter by quarter."""
        asked = numbers(self.asked.get(key, 0), self.size)
        pledged = numbers(self.pledged.get(key, 0), self.size)
        delivered = numbers(self.delivered.get(key, 0), self.size)
        there = self.providers(key)
        return [
            Cell(asked[place], _lines(pledged[place]), _lines(delivered[place]), there[place])
            for place in range(self.size)
        ]


def _lines(part: int) -> Decimal:
    return Decimal(part) / WHOLE
