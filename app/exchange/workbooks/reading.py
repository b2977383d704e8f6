"""A workbook that comes back, read as values: whose it is, and each row with its hidden part, if that is whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.exchange.workbooks.columns import Column
from app.exchange.workbooks.grid import Typed, find_grid
from app.exchange.workbooks.rules import (
    AMONG,
    APART,
    EMPTIED,
    FIRST_ROW,
    MOST_ROWS,
    NOT_OURS,
    OTHER_KIND,
    SAME_WORDS,
    TOO_LARGE,
    TOO_MANY,
    TOUCHED,
    TWICE,
    Before,
    Sent,
)
from app.exchange.workbooks.seal import is_of_words, is_whole, key_of
from app.exchange.workbooks.writing import BEFORE, LISTS, MARK
from app.foundation.messages import Message
from app.foundation.spreadsheets.sent import Limits, SheetRefused, Table, kind_of
from app.foundation.spreadsheets.workbooks import merged_in, read_sheets

LIMITS = Limits(
    rows=5000, too_many=TOO_MANY, too_large=TOO_LARGE, largest=6 * 1024 * 1024, columns=400,
    unpacked=48 * 1024 * 1024, marks=2_000_000,
)  # fmt: skip
"""Empty rows come back too, and a list can be longer than the rows are; a record of a hundred columns stands in a
workbook twice."""
FIXED = 4
"""Columns of the hidden sheet before those of the record: key, reference, version, seal."""


@dataclass(frozen=True)
class Book:
    """What came back: of which organisation, which columns it has, the codes by their labels, and its rows as typed.

    `missing` are the columns that went out and did not come back, `unread` the heads of those that nobody knows.
    """

    owner_ref: str
    names: Sequence[str]
    labels: Mapping[str, Sequence[str]]
    rows: Sequence[Typed]
    before: Mapping[str, Before | None]
    missing: Sequence[str] = ()
    unread: Sequence[str] = ()


def read(name: str, content: bytes, kind: str, secret: str) -> Book:
    """Read a workbook of that kind.

    Raises:
        SheetRefused: it is none, damaged, hostile, of another kind, or its hidden part was changed.
    """
    if kind_of(name, content, LIMITS) != "xlsx":
        raise SheetRefused(NOT_OURS)
    sheets = read_sheets(content, LIMITS)
    hidden = dict(sheets.get(BEFORE, ()))
    if BEFORE not in sheets or 1 not in hidden or hidden[1][:1] != [MARK] or 2 not in hidden:  # noqa: PLR2004 - heads
        raise SheetRefused(NOT_OURS)
    mark, said_kind, owner_ref, said_seal = (*hidden[1], "", "", "", "")[:FIXED]
    names = [cell for cell in hidden[2][FIXED:] if cell]
    if not is_whole(secret, said_seal, mark, said_kind, owner_ref, names):
        raise SheetRefused(NOT_OURS)
    if said_kind != kind:
        raise SheetRefused(OTHER_KIND)
    grid = find_grid([table for title, table in sheets.items() if title not in {BEFORE, LISTS}], names)
    rows = grid.rows(merged_in(content, LIMITS))
    if sum(bool(row.cells) for row in rows) > MOST_ROWS:
        raise SheetRefused(TOO_MANY)
    before = _before(sheets[BEFORE], names, lambda *parts: is_whole(secret, parts[0], kind, owner_ref, *parts[1:]))
    labels = _labels(sheets.get(LISTS, []))
    return Book(owner_ref, list(grid.places), labels, rows, before, grid.missing(names), grid.unread())


def _before(table: Table, names: Sequence[str], check: Callable[..., bool]) -> dict[str, Before | None]:
    found: dict[str, Before | None] = {}
    for number, cells in table:
        if number < FIRST_ROW:
            continue
        key, ref, version, sealed = (*cells, "", "", "", "")[:FIXED]
        texts = {name: text for name, text in zip(names, cells[FIXED:], strict=False) if text}
        is_number = version.isascii() and version.isdecimal() and len(version) < 10  # noqa: PLR2004 - longer is no version
        whole = is_number and check(sealed, key, ref, int(version), texts)
        found[key] = Before(ref, int(version), texts) if whole else None
    return found


def _labels(table: Table) -> dict[str, list[str]]:
    """What the lists of the workbook call each code, in small letters: it may have been made in another language."""
    found: dict[str, list[str]] = {}
    for _number, cells in table:
        for label, code in zip(cells[::2], cells[1::2], strict=False):
            if label:
                found.setdefault(code, []).append(label.casefold())
    return found


def sent_rows(book: Book, kind: str, columns: Mapping[str, Column]) -> list[Sent]:
    """The rows with something in them, each cell in its one form."""
    codes = {name: _codes(columns[name], book) for name in book.names if name in columns}
    found = []
    for row in book.rows:
        cells = {name: columns[name].read(row.cells.get(name, ""), codes[name]) for name in codes}
        before = book.before.get(row.key)
        # A row that holds nothing, and never did, is one of those at the end; a reference alone is not nothing.
        if any(cells.values()) or row.faults or row.ref or (before and before.ref):
            found.append((row, cells, before))
    return _told_apart([_sent(book, kind, *parts) for parts in found])


def _sent(book: Book, kind: str, row: Typed, cells: Mapping[str, str], before: Before | None) -> Sent:
    if not row.key and not row.ref:
        return Sent(row.number, key_of(book.owner_ref, kind, cells), cells, Before(), None, row.faults)
    problem = None
    if before is None:
        problem = TOUCHED
    elif row.ref is not None and row.ref != before.ref:
        problem = APART
    elif not any(cells.values()) and any(before.cells.values()):
        problem = EMPTIED
    return Sent(row.number, row.key, cells, before, problem, row.faults)


def _told_apart(sent: Sequence[Sent]) -> list[Sent]:
    """Where two rows carry one mark, nobody can tell which of them is the record: neither is taken."""
    numbers: dict[str, list[int]] = {}
    for one in sent:
        numbers.setdefault(one.key, []).append(one.number)
    return [_once(one, numbers[one.key]) for one in sent]


def _once(one: Sent, numbers: Sequence[int]) -> Sent:
    others = [number for number in numbers if number != one.number]
    if not others or one.problem == TOUCHED:
        return one
    if is_of_words(one.key):
        # Without a mark two rows are one only if they say the same, and then the first is enough.
        return one if others[0] > one.number else replace(one, problem=Message(SAME_WORDS.text, {"row": others[0]}))
    return replace(one, problem=Message(TWICE.text, {"row": others[0]}))


def _codes(column: Column, book: Book) -> dict[str, str]:
    """The codes of a column by all that they are called.

    A code that went out in this column is known by its label although no list here has it any more: what nobody has
    touched is not changed.
    """
    went_out = {code for one in book.before.values() if one for code in one.cells.get(column.name, "").split(AMONG)}
    found = {label: code for code in {*column.choices, *went_out} for label in book.labels.get(code, ())}
    return found | {label.casefold(): code for code, label in column.choices.items()}
