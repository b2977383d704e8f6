"""What a gap is, which gaps come first, and how long the bars of a chart are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
