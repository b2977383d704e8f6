"""Tables that people open in a spreadsheet: no cell of them is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as the machine's own code page."""

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
