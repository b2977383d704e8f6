"""How much a sheet of candidates may hold, and what is said of one that holds more."""

from __future__ import annotations

from app.foundation.messages import msg
from app.foundation.spreadsheets.sent import Limits, SheetRefused, Table
from app.nominations.sheet.rules import MOST_ROWS, TOO_MANY

__all__ = ["LARGE", "LARGEST", "LIMITS", "SheetRefused", "Table"]

LARGEST = 2 * 1024 * 1024
"""Bytes of a file. Five hundred rows take a tenth of it."""
LARGE = msg(
    "This file is too large for a sheet of %(most)s candidates. Copy the rows into the template.", most=MOST_ROWS
)
LIMITS = Limits(LARGEST, MOST_ROWS, LARGE, TOO_MANY)
