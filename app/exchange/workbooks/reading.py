"""A workbook that comes back, read as values: whose it is, and each row with its hidden part, if that is whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.exchange.workbooks.columns import Column
from app.exchange.workbooks.rules import (
    AMONG,
    FIRST_ROW,
    MOST_ROWS,
    NOT_OURS,
    OTHER_KIND,
    TOO_LARGE,
    TOO_MANY,
    TOUCHED,
    TWICE,
    Before,
    Sent,
)
from app.exchange.workbooks.seal import is_whole, key_of
from app.exchange.workbooks.writing import BEFORE, KEY_HEAD, LISTS, MARK
from app.foundation.messages import Message
from app.foundation.tables_sent import Limits, SheetRefused, Table, kind_of
from app.foundation.workbooks import read_sheets

LIMITS = Limits(
    rows=MOST_ROWS + 60, too_many=TOO_MANY, too_large=TOO_LARGE, largest=6 * 1024 * 1024, columns=400,
    unpacked=48 * 1024 * 1024, marks=2_000_000,
)  # fmt: skip
"""Fifty empty rows come back too; a record of a hundred columns stands in a workbook twice."""
FIXED = 4
"""Columns of the hidden sheet before those of the record: key, reference, version, seal."""


@dataclass(frozen=True)
class Book:
    """What came back: of which organisation, which columns it has, the codes by their labels, and its rows as typed."""

    owner_ref: str
    names: Sequence[str]
    labels: Mapping[str, Sequence[str]]
    rows: Sequence[tuple[int, str, Mapping[str, str]]]
    before: Mapping[str, Before | None]


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
    heads, rows = _rows(next(iter(sheets.values())))
    if sum(bool(typed) for _number, _key, typed in rows) > MOST_ROWS:
        raise SheetRefused(TOO_MANY)
    before = _before(sheets[BEFORE], names, lambda *parts: is_whole(secret, parts[0], kind, owner_ref, *parts[1:]))
    known = [name for name in heads if name in names]
    return Book(owner_ref, known, _labels(sheets.get(LISTS, [])), rows, before)


def _rows(table: Table) -> tuple[list[str], list[tuple[int, str, Mapping[str, str]]]]:
    found = dict(table)
    heads = found.get(FIRST_ROW - 1, [])
    if len(heads) < FIRST_ROW or heads[0] != KEY_HEAD:
        raise SheetRefused(NOT_OURS)
    rows: list[tuple[int, str, Mapping[str, str]]] = []
    for number, cells in table:
        if number < FIRST_ROW:
            continue
        typed = {name: text for name, text in zip(heads[2:], cells[2:], strict=False) if name and text.strip()}
        rows.append((number, cells[0].strip() if cells else "", typed))
    return [head for head in heads[2:] if head], rows


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
    sent: list[Sent] = []
    first: dict[str, int] = {}
    for number, said, typed in book.rows:
        cells = {name: columns[name].read(typed.get(name, ""), codes[name]) for name in codes}
        key, before, problem = said, book.before.get(said), None
        is_empty = not any(cells.values())
        if is_empty and not (before and before.ref):
            continue
        if not key:
            key, before = key_of(book.owner_ref, kind, cells), Before()
        elif before is None:
            problem = TOUCHED
        elif key in first:
            problem = Message(TWICE.text, {"row": first[key]})
        first.setdefault(key, number)
        sent.append(Sent(number, key, cells, before, problem))
    return sent


def _codes(column: Column, book: Book) -> dict[str, str]:
    """The codes of a column by all that they are called.

    A code that went out in this column is known by its label although no list here has it any more: what nobody has
    touched is not changed.
    """
    went_out = {code for one in book.before.values() if one for code in one.cells.get(column.name, "").split(AMONG)}
    found = {label: code for code in {*column.choices, *went_out} for label in book.labels.get(code, ())}
    return found | {label.casefold(): code for code, label in column.choices.items()}
