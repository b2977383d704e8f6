"""Workbooks (XLSX) that people send: looked over as an archive before anything is unpacked, then read as values alone.

Nothing in a workbook is computed: where a program has saved the outcome of a formula, that is read, otherwise the
formula stays the text that it is.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, time
from typing import Any

import openpyxl

from app.foundation.archives import ArchiveRefused, Bounds, opened, unpacked
from app.foundation.messages import msg
from app.nominations.sheet.tables import (
    BROKEN,
    KIND,
    LARGE,
    MOST_COLUMNS,
    SheetRefused,
    Table,
    first_rows,
    kind_of,
    read_csv,
)

BOUNDS = Bounds(parts=200, unpacked=8 * 1024 * 1024, ratio=10_000)
"""A workbook of one sheet has a dozen parts. So little may be unpacked that how tightly it is packed is no matter."""
MOST_MARKS = 400_000
"""Opening marks of XML in the whole: so much is read within seconds."""
MACROS = msg("This workbook holds macros. Save it as XLSX without them and send that.")


def read_table(name: str, content: bytes, is_head: Callable[[str], bool]) -> Table:
    """The table in a file, whatever kind it is.

    Raises:
        SheetRefused: it is none that is taken.
    """
    if kind_of(name, content) == "csv":
        return read_csv(content, is_head)
    return read_workbook(content)


def read_workbook(content: bytes) -> Table:
    """The first sheet of a workbook.

    Raises:
        SheetRefused: it is damaged, hostile, or holds too many rows.
    """
    check_archive(content)
    try:
        # What the library warns of (styles, lists that it does not know) is of no matter to the values.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return first_rows(_rows(content))
    except SheetRefused:
        raise
    except Exception as error:
        # What people send can be broken in any way, and the library fails in as many.
        raise SheetRefused(BROKEN) from error


def check_archive(content: bytes) -> None:
    """Refuse what unpacks to more than a sheet can need, and what no spreadsheet holds, before it is unpacked.

    Raises:
        SheetRefused: that is so.
    """
    try:
        with opened(content, BOUNDS) as archive:
            parts = archive.infolist()
            _check_names({part.filename for part in parts})
            _check_texts(archive, parts)
    except ArchiveRefused as refused:
        raise SheetRefused(LARGE if refused.reason == "large" else BROKEN) from refused


def _check_names(names: set[str]) -> None:
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise SheetRefused(KIND)
    if any(name.endswith("vbaProject.bin") for name in names):
        raise SheetRefused(MACROS)


def _check_texts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    marks = 0
    for part in parts:
        text = unpacked(archive, part)
        marks += text.count(b"<")
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise SheetRefused(KIND)
        if marks > MOST_MARKS:
            raise SheetRefused(LARGE)


def _rows(content: bytes) -> Iterator[list[str]]:
    with closing(_opened(content, values=True)) as book, closing(_opened(content, values=False)) as formulas:
        if not book.worksheets:
            return
        pair = (_cells(book.worksheets[0]), _cells(formulas.worksheets[0]))
        for values, typed in zip(*pair, strict=False):
            both = zip(values, typed, strict=False)
            yield [cell_text(value if value is not None else formula) for value, formula in both]


def _opened(content: bytes, *, values: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)


def _cells(sheet: Any) -> Iterator[tuple[Any, ...]]:
    # What a workbook says of its own size need not be true.
    sheet.reset_dimensions()
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    return rows


def cell_text(value: Any) -> str:
    """A cell as the text that people see: whole numbers without a point, days as 2027-03-31."""
    if value is None:
        return ""
    # A formula over several cells is an object that holds its text.
    value = getattr(value, "text", value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value).replace("\x00", "")
