"""A file that somebody sends as a table: what kind it is, and a table of comma-separated values in its dialects."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.foundation.messages import Message, msg

Table = list[tuple[int, list[str]]]
"""The rows that hold something, each with its number in the file; the heads come first."""

MOST_BLANK = 1000
"""After so many empty rows a sheet is at its end, whatever may follow."""
BESIDE = 3
"""Rows that are read besides: the heads, the example, and one more than may be, so that it is noticed."""
ENDINGS = frozenset({"xlsx", "xlsm", "csv", "txt", "tsv"})
DELIMITERS = (",", ";", "\t")
SEPARATOR = re.compile(r"sep=([,;\t])\r?\n")
"""With such a first line some programs say how cells are parted."""
FAILED = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"})
"""What stands in a cell whose formula has failed."""

FAILED_FORMULA = msg("The formula in this cell has no outcome. Write what is to stand here instead.")
EMPTY = msg("This file is empty. Fill in the template and send that.")
KIND = msg("This is not a spreadsheet that can be read here. In your program choose “Save as”, then XLSX or CSV.")
BROKEN = msg("This spreadsheet is damaged. Open it in your program, save it anew as XLSX, and send that.")


@dataclass(frozen=True)
class Limits:
    """How much of a sheet is read: bytes, rows and columns, and what is said of one that has more.

    `parts`, `unpacked` (bytes) and `marks` (opening marks of XML) are what the archive of a workbook may hold: so much
    is read within seconds. The heads stand within the first `heads_within` rows that hold something.
    """

    largest: int
    rows: int
    too_large: Message
    too_many: Message
    heads_within: int = 1
    columns: int = 50
    parts: int = 200
    unpacked: int = 8 * 1024 * 1024
    marks: int = 400_000


class SheetRefused(ValueError):
    """A file that is not taken; `reason` says why, and what to do."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def kind_of(name: str, content: bytes, limits: Limits) -> str:
    """Whether this is a workbook ("xlsx") or a text ("csv"), by its ending and its first bytes alike.

    Raises:
        SheetRefused: it is empty, too large, or neither; or its ending says something else than its content.
    """
    if not content.strip():
        raise SheetRefused(EMPTY)
    if len(content) > limits.largest:
        raise SheetRefused(limits.too_large)
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    is_archive = content.startswith(b"PK\x03\x04")
    if ending not in ENDINGS or is_archive != ending.startswith("xls"):
        raise SheetRefused(KIND)
    return "xlsx" if is_archive else "csv"


def read_csv(content: bytes, is_head: Callable[[str], bool], limits: Limits) -> Table:
    """A text as a table: comma, semicolon or tab; UTF-8, UTF-16 with its mark, or Windows-1252.

    Of the ways to part cells the one is taken by which most heads are known.

    Raises:
        SheetRefused: it is no such text, or holds too many rows.
    """
    text = decoded(content)
    said = SEPARATOR.match(text)
    if said:
        return first_rows(_parted(text[said.end() :], said.group(1)), limits)
    best = max(DELIMITERS, key=lambda one: _heads_known(text, one, is_head, limits))
    return first_rows(_parted(text, best), limits)


def decoded(content: bytes) -> str:
    """The text of a file.

    Raises:
        SheetRefused: it is no text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content:
        raise SheetRefused(KIND)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetRefused(KIND)


def _parted(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise SheetRefused(KIND) from error


def _heads_known(text: str, delimiter: str, is_head: Callable[[str], bool], limits: Limits) -> int:
    try:
        rows = itertools.islice(_parted(text, delimiter), MOST_BLANK)
        first = list(itertools.islice((row for row in rows if any(cell.strip() for cell in row)), limits.heads_within))
    except SheetRefused:
        return 0
    return max((sum(map(is_head, row[: limits.columns])) for row in first), default=0)


def first_rows(rows: Iterable[list[str]], limits: Limits) -> Table:
    """The rows that hold something, with their numbers.

    Raises:
        SheetRefused: there are more than a sheet may hold.
    """
    table: Table = []
    blank = 0
    for number, cells in enumerate(rows, start=1):
        if not any(cell.strip() for cell in cells):
            blank += 1
            if blank > MOST_BLANK:
                break
            continue
        blank = 0
        table.append((number, cells[: limits.columns]))
        if len(table) >= limits.rows + BESIDE:
            raise SheetRefused(limits.too_many)
    return table
