"""Tables that people open in a spreadsheet: no cell of them is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

import xlsxwriter

BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as the machine's own code page."""

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEGINNING = datetime(1980, 1, 1, tzinfo=UTC)
"""When archives say that their parts were made that do not say."""
NARROWEST, WIDEST = 10, 60
"""Characters that a column of a workbook is wide."""

Cell = str | int | Decimal | None


def safe_cell(value: Cell) -> str:
    """A value as a cell: a text that a spreadsheet would compute gets an apostrophe first; numbers stay numbers.

    What is computed can send the reader's other cells elsewhere (OWASP, CSV injection).
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    return f"'{value}" if value.startswith(BEGINS_FORMULA) else value


def csv_file(head: Iterable[str], rows: Iterable[Iterable[Cell]]) -> bytes:
    """A table as a file of comma-separated values (RFC 4180), UTF-8 with a byte order mark."""
    text = io.StringIO(newline="")
    text.write(BYTE_ORDER_MARK)
    lines = csv.writer(text)
    lines.writerow([safe_cell(cell) for cell in head])
    lines.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def workbook(target: io.BytesIO) -> xlsxwriter.Workbook:
    """An empty workbook in memory, whose texts stay texts, whatever they look like."""
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, {"in_memory": True, **plain})
    # The same table gives the same file, at whatever time.
    book.set_properties({"created": BEGINNING})
    return book


def xlsx_file(title: str, head: Iterable[str], rows: Iterable[Iterable[Cell]], *, from_right: bool = False) -> bytes:
    """A table as a workbook (XLSX) of one sheet: the heads stay in view, and each column is as wide as what it holds.

    A text is written as a text and never as a formula, so that it needs no apostrophe.
    """
    target = io.BytesIO()
    book = workbook(target)
    sheet = book.add_worksheet(title[:31])
    if from_right:
        sheet.right_to_left()
    table: list[list[Cell]] = [list(head), *(list(row) for row in rows)]
    bold = book.add_format({"bold": True, "bottom": 1})
    for number, cells in enumerate(table):
        for place, cell in enumerate(cells):
            write_cell(sheet, number, place, cell, None if number else bold)
    for place, column in enumerate(zip(*table, strict=False)):
        widest = max(len(str(cell)) for cell in column if cell is not None) if any(column) else 0
        sheet.set_column(place, place, min(max(widest + 1, NARROWEST), WIDEST))
    sheet.freeze_panes(1, 0)
    book.close()
    return target.getvalue()


def write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Cell, look: object = None) -> None:
    """One value: a number as a number, everything else as a text."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)
