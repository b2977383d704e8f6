"""The radar as files for a spreadsheet: its cells, and its findings."""

from __future__ import annotations

from collections.abc import Iterator

from app.foundation.languages import name_of, say
from app.foundation.messages import Message, msg
from app.foundation.spreadsheets.sheets import Cell, csv_file
from app.overview.radar.rules import KINDS, MEANINGS
from app.overview.radar.showing import View
from app.overview.radar.whole import tell

MOST_ROWS = 50_000
CELLS = (
    msg("Country, code"), msg("Country"), msg("Theme, code"), msg("Theme"), msg("Quarter"), msg("Items asked"),
    msg("Pledged"), msg("Delivered"), msg("Open"), msg("Organisations there"), msg("Gap"),
)  # fmt: skip
FINDINGS = (
    msg("Kind of finding"), msg("Country, code"), msg("Country"), msg("Theme, code"), msg("Theme"),
    msg("First quarter"), msg("Last quarter"), msg("Why"), msg("Records behind it"),
)  # fmt: skip


class TooMany(ValueError):
    """More rows than fit into one file."""


def cells_of(view: View) -> list[list[Cell]]:
    """Every cell by country and theme in which anything is asked or anybody is there.

    Raises:
        TooMany: they do not fit into one file.
    """
    rows: list[list[Cell]] = []
    for row in _cells(view):
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise TooMany(len(rows))
    return rows


def _cells(view: View) -> Iterator[list[Cell]]:
    radar, filters, spoken = view.radar, view.filters, view.language
    for country in sorted(view.places if filters.places is None else view.places & filters.places):
        themes = radar.themes(country)
        for theme in sorted(themes & {filters.theme} if filters.theme else themes):
            names = [country, name_of("country", country, spoken), theme, name_of("theme", theme, spoken)]
            for quarter, cell in zip(radar.window.quarters, radar.cells((country, theme)), strict=True):
                if cell.asked or cell.providers:
                    figures: list[Cell] = [cell.asked, cell.pledged, cell.delivered, cell.open, cell.providers]
                    yield [*names, str(quarter), *figures, "x" if cell.is_gap else ""]


def findings_of(view: View) -> list[list[Cell]]:
    """Every finding that is not over.

    Raises:
        TooMany: they do not fit into one file.
    """
    if len(view.found) > MOST_ROWS:
        raise TooMany(len(view.found))
    spoken = view.language
    rows: list[list[Cell]] = []
    for found in view.found:
        told = tell(view.radar, found)
        rows.append([
            say(KINDS[told.kind], spoken), told.country, name_of("country", told.country, spoken), told.theme,
            name_of("theme", told.theme, spoken), str(told.first), str(told.last),
            " ".join(say(message, spoken) for message in (MEANINGS[told.kind], *told.why)),
            " ".join(ref for _kind, ref in told.records),
        ])  # fmt: skip
    return rows


def file_of(head: tuple[Message, ...], rows: list[list[Cell]], language: str) -> bytes:
    """The rows under their titles."""
    return csv_file([say(title, language) for title in head], rows)
