"""The map in words: what a country's pattern means, and the rows of its table and file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.foundation.languages import name_of, say
from app.foundation.messages import Message, msg
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.text import fold
from app.overview.rules import OFFERED, OPEN, PARTLY, QUIET, WHOLE, WIDTH, Gap, share, standing

STANDINGS: Mapping[str, Message] = {
    OPEN: msg("Open needs, most items uncovered"),
    PARTLY: msg("Open needs, half or more of the items covered"),
    WHOLE: msg("Every requested item is covered"),
    OFFERED: msg("No open need, something on offer"),
    QUIET: msg("Neither"),
}
HEAD = (
    msg("ISO code"), msg("Country"), msg("On the map"), msg("Open needs"), msg("Requested items"), msg("Covered items"),
    msg("Open items"), msg("Covered in per cent"), msg("On offer"), msg("Running programmes"),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One country of the map."""

    gap: Gap
    name: str
    standing: str
    running: int

    @property
    def covered(self) -> int | None:
        """How much of what it asks is covered, in per cent, if it asks anything."""
        return round(share(self.gap.covered, self.gap.lines) / WIDTH * 100) if self.gap.lines else None


def rows_of(gaps: Iterable[Gap], running: Mapping[str, int], language: str) -> list[Row]:
    """The countries that ask, or are offered, anything: most open items first."""
    rows = [
        Row(gap, name_of("country", gap.code, language), standing(gap), running.get(gap.code, 0))
        for gap in gaps
        if gap.needs or gap.lines or gap.supply
    ]
    return sorted(rows, key=lambda row: (-row.gap.open_lines, -row.gap.needs, -row.gap.supply, fold(row.name)))


def cells_of(rows: Sequence[Row], language: str) -> list[list[Cell]]:
    """The rows of the file."""
    return [
        [
            row.gap.code, row.name, say(STANDINGS[row.standing], language), row.gap.needs, row.gap.lines,
            row.gap.covered, row.gap.open_lines, row.covered, row.gap.supply, row.running,
        ]
        for row in rows
    ]  # fmt: skip
