"""What a gap is, which gaps come first, how a country stands on the map, and how a chart is divided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH = 100
"""The whole length of a bar, in hundredths of the space that it has."""


@dataclass(frozen=True)
class Gap:
    """What is asked and what is offered under one code: a theme, a country or a grouping.

    `needs` are open ones; `lines` are all lines of needs that are neither closed nor withdrawn, `covered` those of
    them that accepted pledges cover whole; `offers` are programmes that take requests, `courses` those with dates.
    """

    code: str
    needs: int = 0
    lines: int = 0
    covered: int = 0
    offers: int = 0
    courses: int = 0

    @property
    def open_lines(self) -> int:
        """Lines that nobody covers whole."""
        return self.lines - self.covered

    @property
    def supply(self) -> int:
        """Everything that somebody may ask for now."""
        return self.offers + self.courses

    @property
    def is_unanswered(self) -> bool:
        """Something is asked, and nothing is offered."""
        return self.open_lines > 0 and self.supply == 0


OPEN, PARTLY, WHOLE, OFFERED, QUIET = "open", "partly", "whole", "offered", "quiet"
"""How a country stands on the map. Each has a pattern of its own besides its colour."""
MONTHS = 24
"""How far back a chart of months looks, the present one included."""


def standing(gap: Gap) -> str:
    """Most of what a country asks is open, half or more is covered, all is, something is only offered, or neither."""
    if gap.lines and gap.covered == gap.lines:
        return WHOLE
    if gap.needs:
        return PARTLY if gap.covered and 2 * gap.covered >= gap.lines else OPEN
    return OFFERED if gap.supply else QUIET


@dataclass(frozen=True)
class Month:
    """How much there was in one month, which is known by its first day."""

    first: date
    count: int


def first_month(today: date) -> date:
    """The first day that a chart of months tells of."""
    return _months_before(today, MONTHS - 1)


def by_month(days: Iterable[date], today: date) -> list[Month]:
    """The last two years month by month, the oldest first, months without anything included."""
    counts = Counter(day.replace(day=1) for day in days)
    firsts = [_months_before(today, back) for back in reversed(range(MONTHS))]
    return [Month(first, counts[first]) for first in firsts]


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def widest_first(gaps: Iterable[Gap]) -> list[Gap]:
    """The gaps in which something is open: most open lines for each offer first, then by what is open at all."""
    return sorted(
        (gap for gap in gaps if gap.open_lines or gap.needs),
        key=lambda gap: (-gap.open_lines / (1 + gap.supply), -gap.open_lines, -gap.needs, gap.code),
    )


def longest_bar(gaps: Sequence[Gap]) -> int:
    """The number that the longest bar stands for; 1 at least, so that one may divide by it."""
    return max([1, *(gap.lines for gap in gaps)])


def share(number: int, whole: int) -> float:
    """How long a bar is, from 0 to 100."""
    return round(WIDTH * min(number, whole) / whole, 2) if whole > 0 else 0.0
