"""A sheet as the page shows it: every row in words, and for each wrong cell a field in which it can be mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.foundation.languages import LANGUAGES, say
from app.foundation.messages import Message
from app.needs.models import NeedLine
from app.nominations.names import sex_name
from app.nominations.rules import SEXES
from app.nominations.sheet.keeping import Read
from app.nominations.sheet.rules import CHOSEN, HEADS, LANGUAGE, LINE, MOTIVATION, RANK, SEX, Row

SHOWN_AT_ONCE = 40
"""So many rows with faults are mended at a time; a form of all of them would be too long to send."""
LONGEST_LABEL = 120


@dataclass(frozen=True)
class Cell:
    """One cell that can be typed anew: its name in the form, what stands in it, and what is wrong with it."""

    name: str
    column: str
    head: str
    typed: str
    fault: Message | None
    options: Sequence[tuple[str, str]] = ()

    @property
    def is_long(self) -> bool:
        """Whether it takes more than one line."""
        return self.column == MOTIVATION


@dataclass(frozen=True)
class OpenRow:
    """A row with the cells in which it can be mended."""

    row: Row
    cells: Sequence[Cell]


def line_named(line: NeedLine) -> str:
    """A line of a need in a list: its reference first, so that it is found again, then what it is about."""
    return f"{line.ref} · {line.need.title} · {line.description}".removesuffix(" · ")[:LONGEST_LABEL]


def shown(read: Read, opened: str, language: str) -> dict[str, Any]:
    """What the page of a sheet needs."""
    options = _options(read.lines, language)
    asked = [row for row in read.sound if str(row.number) == opened]
    wrong = read.faulty
    return {
        "read": read,
        "to_mend": [_to_mend(row, options, language) for row in wrong[:SHOWN_AT_ONCE]],
        "further": len(wrong[SHOWN_AT_ONCE:]),
        "opened": [_to_mend(row, options, language, whole=True) for row in asked],
        "names": {column: dict(pairs) for column, pairs in options.items()},
    }


def _options(lines: Mapping[str, NeedLine], language: str) -> dict[str, list[tuple[str, str]]]:
    return {
        SEX: [(code, sex_name(code, language)) for code in SEXES],
        LANGUAGE: list(LANGUAGES.items()),
        LINE: [(ref, line_named(line)) for ref, line in lines.items()],
    }


def _to_mend(
    row: Row, options: Mapping[str, Sequence[tuple[str, str]]], language: str, *, whole: bool = False
) -> OpenRow:
    columns = HEADS if whole else [fault.column for fault in row.faults]
    return OpenRow(row, [_cell(row, column, options, language) for column in columns])


def _cell(row: Row, column: str, options: Mapping[str, Sequence[tuple[str, str]]], language: str) -> Cell:
    typed, fault = row.source.cells.get(column, ""), row.fault_of(column)
    if fault is None:
        codes = {SEX: row.candidate.sex, LANGUAGE: row.candidate.language, LINE: row.line, RANK: str(row.rank)}
        typed = codes.get(column, typed)
    choice = list(_with_typed(options[column], typed)) if column in CHOSEN else []
    return Cell(f"cell-{row.number}-{column}", column, say(HEADS[column], language), typed, fault, choice)


def _with_typed(pairs: Iterable[tuple[str, str]], typed: str) -> Iterable[tuple[str, str]]:
    """The options, with what was typed among them even where it is none of them: nothing is changed unseen."""
    pairs = list(pairs)
    if typed and typed not in {value for value, _label in pairs}:
        yield typed, typed
    yield from pairs
