"""The table of who does what in words: its columns, and the rows of its file."""

from __future__ import annotations

from collections.abc import Iterator

from app.foundation.languages import say
from app.foundation.messages import Message, msg
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import ngettext
from app.overview.giving.looking import Seen
from app.overview.giving.rules import Choice
from app.overview.giving.words import Names
from app.overview.who.rules import OTHERS, Heat

DONOR, PROGRAMMES, PLEDGES = msg("Donor"), msg("Programmes"), msg("Accepted pledges")
AMOUNT, CURRENCY, ALL = msg("Amount"), msg("Currency"), msg("All")


def facet_of(choice: Choice) -> Message:
    """What the columns are: countries where a theme is chosen."""
    return msg("Country") if choice.theme else msg("Theme")


def column_name(column: str, table: Heat, choice: Choice, names: Names) -> str:
    """What a column is called."""
    if column == OTHERS:
        return str(ngettext("%(num)s other", "%(num)s others", len(table.gathered)))
    return names.place(column) if choice.theme else names.theme(column)


def head_of(choice: Choice, language: str) -> list[str]:
    """The heads of the file."""
    return [say(title, language) for title in (DONOR, facet_of(choice), PROGRAMMES, PLEDGES, AMOUNT, CURRENCY)]


def rows_of(table: Heat, seen: Seen, choice: Choice) -> Iterator[list[Cell]]:
    """Every cell in which something is, and for each donor all of them together, for the file."""
    names = seen.names
    called = [*(column_name(column, table, choice, names) for column in table.columns), say(ALL, names.language)]
    for row in table.rows:
        for name, cell in zip(called, [*row.cells, row.whole], strict=True):
            if cell.count:
                figures: list[Cell] = [cell.programmes, cell.pledges, cell.amount, seen.reckoned.currency]
                yield [names.donor(row.donor), name, *figures]
