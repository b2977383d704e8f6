"""A workbook as it goes out: heads that are protected, lists to choose from, empty rows, and what is hidden, sealed."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.exchange.workbooks.columns import DAY, LONG, NUMBER, ONE, SEVERAL, TEXT, Column
from app.exchange.workbooks.rules import EMPTY_ROWS, FIRST_ROW, MOST_ROWS
from app.exchange.workbooks.seal import seal
from app.foundation.languages import say
from app.foundation.messages import Message, msg
from app.foundation.spreadsheets.sheets import workbook

MARK = "counterpart-workbook-1"
BEFORE, LISTS, HELP = "before", "lists", "help"
KEY_HEAD, REF_HEAD = "#", "ref"
"""What stands above the hidden column with the keys of rows, and above that with their references."""
WIDTHS = {LONG: 44, DAY: 13, NUMBER: 14, ONE: 24, SEVERAL: 34}
LONGEST_SAID = 255
"""So much a program shows beside a cell."""
SEVERAL_SAID = msg("Several are parted by a semicolon. The sheet “%(sheet)s” has the list.", sheet="lists")
NOTES: Sequence[Message] = (
    msg("Change what has changed, and write what is new into the empty rows below. You need no connection for it."),
    msg("Columns with a star have to be filled in. Where a cell has a list, choose from it, or write the code."),
    msg("Write days like 2027-03-31, and amounts as plain numbers with the currency in its own column."),
    msg("Where several can be given, part them by a semicolon."),
    msg("Grey cells are only to be read: what stands in them is not changed here."),
    msg("To take a line out of a record, empty all of its cells. A whole record is closed on its page, not here."),
    msg("Send the file back on the page where you got it. Nothing is saved before you have seen every change."),
    msg("Do not copy whole rows: each carries hidden marks by which its record is found again."),
)


@dataclass(frozen=True)
class Line:
    """One record as it goes out."""

    ref: str
    version: int
    cells: Mapping[str, str]
    hidden: Mapping[str, str] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    """Names of the cells that are only to be read."""


@dataclass(frozen=True)
class Head:
    """What a workbook is: its kind, whose, in which language, the secret that seals it, and who made it when."""

    kind: str
    title: str
    owner_ref: str
    language: str
    secret: str
    made_at: str
    made_by: int | None


def write(head: Head, columns: Sequence[Column], lines: Sequence[Line]) -> bytes:
    """The workbook."""
    target = io.BytesIO()
    book = workbook(target)
    sheet = book.add_worksheet(_sheet_name(head.title))
    # A row is known by when its workbook was made, so that two workbooks never have the same one.
    rows = range(len(lines) + EMPTY_ROWS)
    keys = [seal(head.secret, head.kind, head.owner_ref, head.made_at, head.made_by, row) for row in rows]
    _write_heads(book, sheet, head, columns)
    _write_rows(book, sheet, columns, lines, keys)
    lists = _write_lists(book, columns)
    _validate(sheet, head, columns, lists)
    _write_before(book, head, columns, lines, keys)
    _write_help(book, head)
    sheet.activate()
    book.close()
    return target.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or MARK


def _write_heads(book: Any, sheet: Any, head: Head, columns: Sequence[Column]) -> None:
    if head.language == "ar":
        sheet.right_to_left()
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E3EFF0", "text_wrap": True, "valign": "top"})
    looks = _looks(book)
    sheet.set_column(0, 0, 4, None, {"hidden": True})
    sheet.set_column(1, 1, 15)
    sheet.write_string(0, 0, KEY_HEAD, bold)
    sheet.write_string(1, 0, KEY_HEAD)
    sheet.write_string(1, 1, REF_HEAD)
    sheet.write_string(0, 1, say(msg("Reference"), head.language), bold)
    for place, column in enumerate(columns, start=2):
        sheet.set_column(place, place, WIDTHS.get(column.shape, 26), looks[_shape(column), column.is_fixed])
        sheet.write_string(0, place, column.head + (" *" if column.is_needed else ""), bold)
        sheet.write_string(1, place, column.name)
    sheet.set_row(0, 34)
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.freeze_panes(2, 2)
    may = {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True, "format_cells": True}
    sheet.protect("", may)


def _looks(book: Any) -> dict[tuple[str, bool], Any]:
    """How a cell looks, by its shape, and whether it is only to be read: those are grey, and protected."""
    numbers = {DAY: "yyyy-mm-dd", NUMBER: "#,##0.##", TEXT: "@"}
    looks = {}
    for shape, number in numbers.items():
        look = {"num_format": number, "valign": "top", "text_wrap": shape == TEXT}
        if shape == DAY:
            look["align"] = "left"
        looks[shape, False] = book.add_format(look | {"locked": False})
        looks[shape, True] = book.add_format(look | {"locked": True, "bg_color": "#E6E6E6", "font_color": "#595959"})
    return looks


def _shape(column: Column) -> str:
    return column.shape if column.shape in {DAY, NUMBER} else TEXT


def _write_rows(book: Any, sheet: Any, columns: Sequence[Column], lines: Sequence[Line], keys: Sequence[str]) -> None:
    looks = _looks(book)
    for row, key in enumerate(keys, start=FIRST_ROW - 1):
        sheet.write_string(row, 0, key)
        line = lines[row - FIRST_ROW + 1] if row - FIRST_ROW + 1 < len(lines) else None
        if line is None:
            continue
        if line.ref:
            sheet.write_string(row, 1, line.ref)
        for place, column in enumerate(columns, start=2):
            is_fixed = column.is_fixed or column.name in line.fixed
            said = line.cells.get(column.name, "")
            if said or is_fixed:
                _write_cell(sheet, (row, place), column, said, looks[_shape(column), is_fixed])


def _write_cell(sheet: Any, where: tuple[int, int], column: Column, said: str, look: Any) -> None:
    if not said:
        sheet.write_blank(*where, None, look)
    elif column.shape == DAY:
        when = date.fromisoformat(said)
        sheet.write_datetime(*where, datetime(when.year, when.month, when.day), look)  # noqa: DTZ001 - a day has no time zone
    elif column.shape == NUMBER:
        sheet.write_number(*where, Decimal(said), look)
    else:
        sheet.write_string(*where, column.label(said), look)


def _write_lists(book: Any, columns: Sequence[Column]) -> dict[str, str]:
    """The labels with their codes, two columns for each list; where each list stands, by the column that it is for."""
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    known: dict[tuple[tuple[str, str], ...], int] = {}
    found = {}
    for column in columns:
        pairs = tuple(column.choices.items())
        if not pairs:
            continue
        place = known.setdefault(pairs, 2 * len(known))
        for row, (code, label) in enumerate(pairs):
            sheet.write_string(row, place, label)
            sheet.write_string(row, place + 1, code)
        letter = letters(place)
        found[column.name] = f"={LISTS}!${letter}$1:${letter}${len(pairs)}"
    return found


def letters(place: int) -> str:
    """What a spreadsheet calls the column at that place, from 0 on."""
    found = ""
    while place >= 0:
        place, rest = divmod(place, 26)
        found = chr(ord("A") + rest) + found
        place -= 1
    return found


def _validate(sheet: Any, head: Head, columns: Sequence[Column], lists: Mapping[str, str]) -> None:
    last = FIRST_ROW + MOST_ROWS
    for place, column in enumerate(columns, start=2):
        rule = None if column.is_fixed else _rule(column, lists)
        if rule is not None:
            words = say(rule.pop("said"), head.language)[:LONGEST_SAID]
            which = "input" if rule["validate"] == "any" else "error"
            said = {f"{which}_title": column.head[:32], f"{which}_message": words}
            sheet.data_validation(FIRST_ROW - 1, place, last, place, rule | said)


def _rule(column: Column, lists: Mapping[str, str]) -> dict[str, Any] | None:
    if column.shape == ONE and column.name in lists:
        return {"validate": "list", "source": lists[column.name], "said": msg("Choose one of the list.")}
    if column.shape == SEVERAL:
        return {"validate": "any", "said": SEVERAL_SAID}
    if column.shape == DAY:
        day = msg("Type a day like 2027-03-31 or 31/03/2027.")
        first, last = date(1990, 1, 1), date(2100, 12, 31)
        return {"validate": "date", "criteria": "between", "minimum": first, "maximum": last, "said": day}
    if column.shape == NUMBER:
        number = msg("Type a number, such as 12500.")
        return {"validate": "decimal", "criteria": ">=", "value": 0, "said": number}
    return None


def _write_before(book: Any, head: Head, columns: Sequence[Column], lines: Sequence[Line], keys: Sequence[str]) -> None:
    """The cells as they go out, each row with its seal: what was changed is told from what was changed meanwhile."""
    sheet = book.add_worksheet(BEFORE)
    sheet.hide()
    refs = sorted({name for line in lines for name in line.hidden})
    names = [*(column.name for column in columns), *refs]
    marks = (MARK, head.kind, head.owner_ref)
    for place, mark in enumerate((*marks, seal(head.secret, *marks, names))):
        sheet.write_string(0, place, mark)
    for place, name in enumerate(("key", "ref", "version", "seal", *names)):
        sheet.write_string(1, place, name)
    for row, key in enumerate(keys):
        line = lines[row] if row < len(lines) else Line("", 0, {})
        cells = {name: text for name, text in {**line.cells, **line.hidden}.items() if text and name in names}
        sealed = seal(head.secret, head.kind, head.owner_ref, key, line.ref, line.version, cells)
        for place, text in enumerate((key, line.ref, str(line.version), sealed, *(cells.get(n, "") for n in names))):
            if text:
                sheet.write_string(row + 2, place, text)


def _write_help(book: Any, head: Head) -> None:
    sheet = book.add_worksheet(_sheet_name(say(msg("How to fill in"), head.language)))
    if head.language == "ar":
        sheet.right_to_left()
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.write_string(0, 0, f"{head.title} · {head.owner_ref}", book.add_format({"bold": True}))
    for row, note in enumerate(NOTES, start=2):
        sheet.write_string(row, 0, say(note, head.language))
    sheet.protect("")
