"""A sheet of candidates that somebody sends is read as every table is, within what such a sheet can need."""

from __future__ import annotations

from collections.abc import Callable

from app.foundation import sheet_reading
from app.foundation.messages import msg
from app.foundation.sheet_tables import Bounds, Table
from app.nominations.sheet.rules import MOST_ROWS, TOO_MANY

BOUNDS = Bounds(
    rows=MOST_ROWS + 3,
    too_many=TOO_MANY,
    large=msg(
        "This file is too large for a sheet of %(most)s candidates. Copy the rows into the template.", most=MOST_ROWS
    ),
)
"""The heads and the example stand in a sheet too, and one row more than may be is read, so that it is noticed."""


def read_table(name: str, content: bytes, is_head: Callable[[str], bool]) -> Table:
    """The table in a file, whatever kind it is.

    Raises:
        SheetRefused: it is none that is taken.
    """
    return sheet_reading.read_table(name, content, is_head, BOUNDS)
