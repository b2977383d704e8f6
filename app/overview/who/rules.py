"""The table of donors by themes or countries: how many programmes and pledges each cell has, how much, and how dark.

Plain values in, plain out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from app.overview.giving.rules import Choice, Giving, Part, codes

OTHERS = "*"
"""The column of those that are too few for one of their own."""
MOST_COLUMNS = 8
SHADES = 4
"""Besides that of an empty cell; each has a number in it, so that none is told by its shade alone."""
ZERO = Decimal(0)


@dataclass(frozen=True)
class Cell:
    """How many programmes and accepted pledges there are, and how much money is known of them."""

    programmes: int = 0
    pledges: int = 0
    amount: Decimal = ZERO

    @property
    def count(self) -> int:
        """Both together."""
        return self.programmes + self.pledges


NOTHING = Cell()


@dataclass(frozen=True)
class Row:
    """One donor: a cell for each column, and all of them together, in which nothing counts twice."""

    donor: int
    cells: Sequence[Cell]
    whole: Cell


@dataclass(frozen=True)
class Heat:
    """The table: columns by code, the fullest first; rows likewise; the sums of the columns; the sum of all.

    `gathered` are the codes that stand under the column of the others.
    """

    columns: Sequence[str]
    rows: Sequence[Row]
    sums: Sequence[Cell]
    whole: Cell
    gathered: Sequence[str] = ()

    @cached_property
    def fullest(self) -> int:
        """The largest count of a cell."""
        return max((cell.count for row in self.rows for cell in row.cells), default=0)

    def shade(self, cell: Cell) -> int:
        """How dark a cell is: 0 for none, then in equal steps up to that of the fullest cell."""
        return -(-SHADES * cell.count // self.fullest) if cell.count else 0


def heat(givings: Iterable[Giving], parts: Iterable[Part], choice: Choice, most: int | None = MOST_COLUMNS) -> Heat:
    """Count what is given by donor and theme, or place where a theme is chosen; `parts` are where the money is."""
    facet = "place" if choice.theme else "theme"
    met = [(giving, column) for giving in givings if choice.wants(giving) for column in _columns(giving, choice)]
    columns, small = _ordered({(*giving.key, column): column for giving, column in met}.values(), most)
    place = {column: OTHERS if column in small else column for column in (*columns, *small)}
    sums: dict[tuple[int, str], Decimal] = {}
    for part in parts:
        spot = part.giving.donor, place[getattr(part, facet)]
        sums[spot] = sums.get(spot, ZERO) + part.amount
    found: dict[tuple[int, str], set[tuple[str, int]]] = {}
    for giving, column in met:
        found.setdefault((giving.donor, place[column]), set()).add(giving.key)
    return _table(columns, found, sums, small)


def _columns(giving: Giving, choice: Choice) -> list[str]:
    if choice.theme:
        return [place for place in codes(giving.places) if choice.wants_place(place)]
    return list(codes(giving.themes))


def _ordered(met: Iterable[str], most: int | None) -> tuple[list[str], list[str]]:
    counts: dict[str, int] = {}
    for column in met:
        counts[column] = counts.get(column, 0) + 1
    order = sorted(counts, key=lambda column: (-counts[column], column))
    if most is None or len(order) <= most + 1:
        return order, []
    return [*order[:most], OTHERS], order[most:]


def _table(
    columns: Sequence[str],
    found: Mapping[tuple[int, str], set[tuple[str, int]]],
    sums: Mapping[tuple[int, str], Decimal],
    small: Sequence[str],
) -> Heat:
    donors = {donor for donor, _column in found}
    rows = [
        Row(
            donor,
            [_cell(found.get((donor, column), ()), [sums.get((donor, column), ZERO)]) for column in columns],
            _cell(_all_of(found, donor=donor), [amount for (one, _), amount in sums.items() if one == donor]),
        )
        for donor in donors
    ]
    return Heat(
        columns=columns,
        rows=sorted(rows, key=lambda row: (-row.whole.count, -row.whole.amount, row.donor)),
        sums=[
            _cell(_all_of(found, column=column), [amount for (_, one), amount in sums.items() if one == column])
            for column in columns
        ],
        whole=_cell(_all_of(found), list(sums.values())),
        gathered=small,
    )


def _all_of(
    found: Mapping[tuple[int, str], set[tuple[str, int]]], donor: int | None = None, column: str | None = None
) -> set[tuple[str, int]]:
    """What is in the cells of one donor, of one column, or of all: each once."""
    keys: set[tuple[str, int]] = set()
    for (one, other), cell in found.items():
        if donor in {None, one} and column in {None, other}:
            keys |= cell
    return keys


def _cell(keys: Iterable[tuple[str, int]], amounts: Iterable[Decimal]) -> Cell:
    kinds = [kind for kind, _number in keys]
    return Cell(kinds.count("programme"), kinds.count("pledge"), sum(amounts, ZERO))
