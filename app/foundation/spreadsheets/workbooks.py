"""Workbooks (XLSX) that people send: looked over as an archive before anything is unpacked, then read as values alone.

Nothing in a workbook is computed: where a program has saved the outcome of a formula, that is read, otherwise the
formula stays the text that it is.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries

from app.foundation.filing.archives import ArchiveRefused, Bounds, opened, unpacked
from app.foundation.messages import msg
from app.foundation.spreadsheets.sent import (
    BROKEN,
    KIND,
    Limits,
    SheetRefused,
    Table,
    first_rows,
    kind_of,
    read_csv,
)

NO_MATTER = 10_000
"""So little may be unpacked of a workbook that how tightly it is packed is no matter."""
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
MACROS = msg("This workbook holds macros. Save it as XLSX without them and send that.")


class Formula(str):
    """The text of a formula of which no program has saved an outcome."""

    __slots__ = ()


@dataclass(frozen=True)
class Merged:
    """Cells that were made one: its rows and columns, the first and the last, columns from 0 on."""

    columns: range
    rows: range


def merged_in(content: bytes, limits: Limits) -> list[Merged]:
    """The merged cells of all sheets of a workbook that was read before."""
    with opened(content, Bounds(limits.parts, limits.unpacked, NO_MATTER)) as archive:
        sheets = [part for part in archive.infolist() if part.filename.startswith("xl/worksheets/")]
        said = [text for part in sheets for text in MERGED.findall(unpacked(archive, part))]
    found = []
    for text in said:
        left, top, right, bottom = range_boundaries(text.decode("ascii"))
        found.append(Merged(range(left - 1, right), range(top, bottom + 1)))
    return found


def read_table(name: str, content: bytes, is_head: Callable[[str], bool], limits: Limits) -> Table:
    """The table in a file, whatever kind it is.

    Raises:
        SheetRefused: it is none that is taken.
    """
    if kind_of(name, content, limits) == "csv":
        return read_csv(content, is_head, limits)
    return read_workbook(content, limits)


def read_workbook(content: bytes, limits: Limits) -> Table:
    """The first sheet of a workbook.

    Raises:
        SheetRefused: it is damaged, hostile, or holds too many rows.
    """
    return next(iter(read_sheets(content, limits, first=1).values()), [])


def read_sheets(content: bytes, limits: Limits, first: int | None = None) -> dict[str, Table]:
    """The sheets of a workbook by name, in their order: all of them, or so many of the first.

    Raises:
        SheetRefused: it is damaged, hostile, or holds too many rows.
    """
    check_archive(content, limits)
    try:
        # What the library warns of (styles, lists that it does not know) is of no matter to the values.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _sheets(content, limits, first)
    except SheetRefused:
        raise
    except Exception as error:
        # What people send can be broken in any way, and the library fails in as many.
        raise SheetRefused(BROKEN) from error


def check_archive(content: bytes, limits: Limits) -> None:
    """Refuse what unpacks to more than a sheet can need, and what no spreadsheet holds, before it is unpacked.

    Raises:
        SheetRefused: that is so.
    """
    try:
        with opened(content, Bounds(limits.parts, limits.unpacked, NO_MATTER)) as archive:
            parts = archive.infolist()
            _check_names({part.filename for part in parts})
            _check_texts(archive, parts, limits)
    except ArchiveRefused as refused:
        raise SheetRefused(limits.too_large if refused.reason == "large" else BROKEN) from refused


def _check_names(names: set[str]) -> None:
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise SheetRefused(KIND)
    if any(name.endswith("vbaProject.bin") for name in names):
        raise SheetRefused(MACROS)


def _check_texts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    marks = 0
    for part in parts:
        text = unpacked(archive, part)
        marks += text.count(b"<")
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise SheetRefused(KIND)
        if marks > limits.marks:
            raise SheetRefused(limits.too_large)


def _sheets(content: bytes, limits: Limits, first: int | None) -> dict[str, Table]:
    with closing(_opened(content, values=True)) as book, closing(_opened(content, values=False)) as formulas:
        pairs = list(zip(book.worksheets, formulas.worksheets, strict=False))[:first]
        return {values.title: first_rows(_rows(values, typed, limits), limits) for values, typed in pairs}


def _rows(sheet: Any, formulas: Any, limits: Limits) -> Iterator[list[str]]:
    for values, typed in zip(_cells(sheet, limits), _cells(formulas, limits), strict=False):
        both = zip(values, typed, strict=False)
        yield [cell_text(value) if value is not None else _uncomputed(formula) for value, formula in both]


def _uncomputed(formula: Any) -> str:
    text = cell_text(formula)
    return Formula(text) if text else ""


def _opened(content: bytes, *, values: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)


def _cells(sheet: Any, limits: Limits) -> Iterator[tuple[Any, ...]]:
    # What a workbook says of its own size need not be true.
    sheet.reset_dimensions()
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(max_col=limits.columns, values_only=True)
    return rows


def cell_text(value: Any) -> str:
    """A cell as the text that people see: whole numbers without a point, days as 2027-03-31."""
    if value is None:
        return ""
    # A formula over several cells is an object that holds its text.
    value = getattr(value, "text", value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        # So many digits a spreadsheet shows: 0.1 + 0.2 is 0.3 to whoever sees the cell.
        return f"{value:.15g}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value).replace("\x00", "")
