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

from app.foundation.messages import msg
from app.foundation.sheet_tables import (
    BROKEN,
    KIND,
    Bounds,
    SheetRefused,
    Table,
    first_rows,
    kind_of,
    read_csv,
)

PLAIN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED = 0x1
MACROS = msg("This workbook holds macros. Save it as XLSX without them and send that.")


def read_table(name: str, content: bytes, is_head: Callable[[str], bool], bounds: Bounds) -> Table:
    """The table in a file, whatever kind it is.

    Raises:
        SheetRefused: it is none that is taken.
    """
    if kind_of(name, content, bounds) == "csv":
        return read_csv(content, is_head, bounds)
    return read_workbook(content, bounds)


def read_workbook(content: bytes, bounds: Bounds) -> Table:
    """The first sheet of a workbook.

    Raises:
        SheetRefused: it is damaged, hostile, or holds too many rows.
    """
    return next(iter(read_sheets(content, bounds, first=1).values()), [])


def read_sheets(content: bytes, bounds: Bounds, first: int | None = None) -> dict[str, Table]:
    """The sheets of a workbook by name, in their order: all of them, or so many of the first.

    Raises:
        SheetRefused: it is damaged, hostile, or holds too many rows.
    """
    check_archive(content, bounds)
    try:
        # What the library warns of (styles, lists that it does not know) is of no matter to the values.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _sheets(content, bounds, first)
    except SheetRefused:
        raise
    except Exception as error:
        # What people send can be broken in any way, and the library fails in as many.
        raise SheetRefused(BROKEN) from error


def check_archive(content: bytes, bounds: Bounds) -> None:
    """Refuse what unpacks to more than a sheet can need, and what no spreadsheet holds, before it is unpacked.

    Raises:
        SheetRefused: that is so.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_parts(parts, bounds)
            _check_texts(archive, parts, bounds)
    except SheetRefused:
        raise
    except Exception as error:
        # A directory can lie in any way, and what is packed can be broken in as many.
        raise SheetRefused(BROKEN) from error


def _check_parts(parts: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    if len(parts) > bounds.parts or sum(part.file_size for part in parts) > bounds.unpacked:
        raise SheetRefused(bounds.large)
    if any(part.compress_type not in PLAIN or part.flag_bits & ENCRYPTED for part in parts):
        raise SheetRefused(BROKEN)
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise SheetRefused(KIND)
    if any(name.endswith("vbaProject.bin") for name in names):
        raise SheetRefused(MACROS)


def _check_texts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    marks = 0
    for part in parts:
        text = _unpacked(archive, part, bounds)
        marks += text.count(b"<")
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise SheetRefused(KIND)
        if marks > bounds.marks:
            raise SheetRefused(bounds.large)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, bounds: Bounds) -> bytes:
    """What a part holds in truth, which has to be as much as the directory says: whoever reads it later trusts that."""
    said, part.file_size = part.file_size, bounds.unpacked + 1
    with archive.open(part) as file:
        text = file.read(said + 1)
    if len(text) != said:
        raise SheetRefused(BROKEN)
    return text


def _sheets(content: bytes, bounds: Bounds, first: int | None) -> dict[str, Table]:
    with closing(_opened(content, values=True)) as book, closing(_opened(content, values=False)) as formulas:
        pairs = list(zip(book.worksheets, formulas.worksheets, strict=False))[:first]
        return {values.title: first_rows(_rows(values, typed, bounds), bounds) for values, typed in pairs}


def _rows(sheet: Any, formulas: Any, bounds: Bounds) -> Iterator[list[str]]:
    for values, typed in zip(_cells(sheet, bounds), _cells(formulas, bounds), strict=False):
        both = zip(values, typed, strict=False)
        yield [cell_text(value if value is not None else formula) for value, formula in both]


def _opened(content: bytes, *, values: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)


def _cells(sheet: Any, bounds: Bounds) -> Iterator[tuple[Any, ...]]:
    # What a workbook says of its own size need not be true.
    sheet.reset_dimensions()
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(max_col=bounds.columns, values_only=True)
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
