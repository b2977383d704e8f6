"""Which words of a sheet mean what, in every language of the site: a template travels from one reader to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from app.foundation.languages import LANGUAGES, language_name, say
from app.foundation.messages import msg
from app.foundation.sheet_tables import SheetRefused, Table
from app.nominations.names import sex_name
from app.nominations.rules import SEXES
from app.nominations.sheet.rules import HEADS, NEEDED, Line, to_read


def _folded(text: str) -> str:
    return " ".join(text.replace("*", " ").split()).casefold()


@cache
def heads() -> Mapping[str, str]:
    """The column that each head stands for, in any language, in small letters."""
    return {_folded(say(head, language)): column for language in LANGUAGES for column, head in HEADS.items()} | {
        column: column for column in HEADS
    }


@cache
def sexes() -> Mapping[str, str]:
    """The code of each word for a sex."""
    named = {sex_name(code, language).casefold(): code for language in LANGUAGES for code in SEXES}
    return named | {code: code for code in SEXES}


@cache
def languages() -> Mapping[str, str]:
    """The code of each name of a language in which the site writes."""
    named = {language_name(code, language).casefold(): code for language in LANGUAGES for code in LANGUAGES}
    return named | {name.casefold(): code for code, name in LANGUAGES.items()} | {code: code for code in LANGUAGES}


def is_head(cell: str) -> bool:
    """Whether a cell stands at the head of a column that is read."""
    return _folded(cell) in heads()


def lines_of(table: Table, language: str) -> tuple[list[Line], list[str]]:
    """The rows under the heads, and the heads that nobody knows: their columns are not read.

    Raises:
        SheetRefused: a column is missing without which nobody can be put forward, or nobody is in the sheet.
    """
    columns, unknown = _columns(table[0][1] if table else ())
    missing = [say(HEADS[column], language) for column in NEEDED if column not in columns.values()]
    if missing:
        raise SheetRefused(
            msg("The first row has no column “%(head)s”. Fill in the template and send that.", head=missing[0])
        )
    lines = [Line(number, _cells(columns, cells)) for number, cells in table[1:]]
    if not to_read(lines):
        raise SheetRefused(msg("Nobody is in this sheet yet. Write one candidate in each row, below the heads."))
    return lines, unknown


def _columns(first: Sequence[str]) -> tuple[dict[int, str], list[str]]:
    columns: dict[int, str] = {}
    unknown = []
    for place, head in enumerate(first):
        column = heads().get(_folded(head))
        if column is not None and column not in columns.values():
            columns[place] = column
        elif head.strip():
            unknown.append(head.strip()[:40])
    return columns, unknown


def _cells(columns: Mapping[int, str], cells: Sequence[str]) -> dict[str, str]:
    return {column: cells[place] for place, column in columns.items() if place < len(cells) and cells[place].strip()}
