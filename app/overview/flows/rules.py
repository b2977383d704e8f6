"""The geometry of the flow of money: three columns of bars, and ribbons between them that are as wide as the sums.

Plain values in, plain out. Each amount has a donor, a theme and a place, so that the three columns add up to the same;
at every bar the ribbons that arrive and leave are together as high as the bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

DONOR, THEME, PLACE = 0, 1, 2
COLUMNS = (DONOR, THEME, PLACE)
OTHERS = "*"
"""The bar of those that are too small for one of their own."""
MOST = 10
"""So many bars stand in a column besides that of the others."""
ZERO = Decimal(0)

WIDTH = 1000.0
BAR = 12.0
LABELS = 224.0
"""How wide the room is for the words beside the first and the last column."""
TALLEST = 420.0
"""How high all ribbons of one column are together."""
SLOT = 34.0
"""So much room has each bar at least: two lines of words."""
GAP = 10.0

Flow = tuple[tuple[str, str, str], Decimal]
"""Donor, theme and place by their codes, and an amount."""


@dataclass(frozen=True)
class Bar:
    """One donor, theme or place: how much, and where its bar stands; `gathered` are the codes of the others."""

    column: int
    code: str
    amount: Decimal
    x: float
    y: float
    height: float
    gathered: tuple[str, ...] = ()

    @property
    def middle(self) -> float:
        """Half-way down."""
        return round(self.y + self.height / 2, 1)


@dataclass(frozen=True)
class Ribbon:
    """What flows from one bar to one of the next column: how much, how high, and from where to where."""

    column: int
    begin: str
    end: str
    amount: Decimal
    begin_y: float
    end_y: float
    height: float

    @property
    def path(self) -> str:
        """The shape, as SVG reads it."""
        left, right = column_x(self.column) + BAR, column_x(self.column + 1)
        bend, top, low = round((left + right) / 2, 1), round(self.begin_y, 1), round(self.end_y, 1)
        height = round(self.height, 2)
        there = f"M{left:g} {top:g}C{bend:g} {top:g} {bend:g} {low:g} {right:g} {low:g}v{height:g}"
        back = f"C{bend:g} {low + height:g} {bend:g} {top + height:g} {left:g} {top + height:g}z"
        return there + back


@dataclass(frozen=True)
class Drawing:
    """All bars and ribbons, and how high the picture is."""

    bars: Sequence[Bar]
    ribbons: Sequence[Ribbon]
    height: float
    total: Decimal

    def bars_in(self, column: int) -> list[Bar]:
        """The bars of one column from top to bottom."""
        return [bar for bar in self.bars if bar.column == column]


def column_x(column: int) -> float:
    """Where the bars of a column begin."""
    return (LABELS, (WIDTH - BAR) / 2, WIDTH - LABELS - BAR)[column]


def sums_by(flows: Iterable[Flow], column: int) -> dict[str, Decimal]:
    """How much each code of a column has, the largest first."""
    sums: dict[str, Decimal] = {}
    for codes, amount in flows:
        sums[codes[column]] = sums.get(codes[column], ZERO) + amount
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


def gathered(flows: Sequence[Flow], most: int = MOST) -> tuple[list[Flow], dict[int, tuple[str, ...]]]:
    """The flows with the smallest of each column under one code, and which these are; a single one is left alone."""
    small: dict[int, tuple[str, ...]] = {}
    for column in COLUMNS:
        codes = list(sums_by(flows, column))
        small[column] = tuple(codes[most:]) if len(codes) > most + 1 else ()
    return [(_renamed(codes, small), amount) for codes, amount in flows], small


def _renamed(codes: tuple[str, str, str], small: Mapping[int, Sequence[str]]) -> tuple[str, str, str]:
    donor, theme, place = (OTHERS if codes[column] in small[column] else codes[column] for column in COLUMNS)
    return donor, theme, place


def drawn(flows: Iterable[Flow], most: int = MOST) -> Drawing:
    """The picture of these flows; what is nothing is not drawn."""
    flowing = [(codes, amount) for codes, amount in flows if amount > 0]
    merged, small = gathered(flowing, most)
    total = sum((amount for _codes, amount in merged), ZERO)
    scale = TALLEST / float(total) if total else 0.0
    columns = [_order(sums_by(merged, column)) for column in COLUMNS]
    height = max((_column_height(sums, scale) for sums in columns), default=0.0)
    bars = [
        bar
        for column, sums in zip(COLUMNS, columns, strict=True)
        for bar in _stacked(column, sums, scale, (height - _column_height(sums, scale)) / 2, small[column])
    ]
    ribbons = [ribbon for column in (DONOR, THEME) for ribbon in _between(column, merged, bars, scale)]
    return Drawing(bars, ribbons, round(height, 1), total)


def _order(sums: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The largest first and the others last, however much they are together."""
    return dict(sorted(sums.items(), key=lambda pair: pair[0] == OTHERS))


def _room(amount: Decimal, scale: float) -> float:
    return max(SLOT, float(amount) * scale)


def _column_height(sums: Mapping[str, Decimal], scale: float) -> float:
    return sum(_room(amount, scale) for amount in sums.values()) + GAP * max(0, len(sums) - 1)


def _stacked(
    column: int, sums: Mapping[str, Decimal], scale: float, top: float, small: tuple[str, ...]
) -> Iterable[Bar]:
    y = top
    for code, amount in sums.items():
        high, room = float(amount) * scale, _room(amount, scale)
        codes = small if code == OTHERS else ()
        yield Bar(column, code, amount, column_x(column), y + (room - high) / 2, high, codes)
        y += room + GAP


def _between(column: int, flows: Iterable[Flow], bars: Sequence[Bar], scale: float) -> list[Ribbon]:
    """The ribbons from a column to the next, in the order of the bars at both ends, so that they cross little."""
    begins = {bar.code: bar for bar in bars if bar.column == column}
    ends = {bar.code: bar for bar in bars if bar.column == column + 1}
    sums: dict[tuple[str, str], Decimal] = {}
    for codes, amount in flows:
        pair = codes[column], codes[column + 1]
        sums[pair] = sums.get(pair, ZERO) + amount
    leaves = {code: bar.y for code, bar in begins.items()}
    arrives = {code: bar.y for code, bar in ends.items()}
    ribbons = []
    for (begin, end), amount in sorted(sums.items(), key=lambda pair: (begins[pair[0][0]].y, ends[pair[0][1]].y)):
        high = float(amount) * scale
        ribbons.append(Ribbon(column, begin, end, amount, leaves[begin], arrives[end], high))
        leaves[begin] += high
        arrives[end] += high
    return ribbons
