"""A file of rates as the European Central Bank publishes it, read line by line: what it says, or what is wrong with it.

The first line is `Date, USD, JPY, ...`, each further one a day and how many units of each currency one euro is worth;
a cell that is empty or says N/A has no rate. Days are written 2024-11-15 or 15 November 2024.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.foundation.days import parse_day
from app.foundation.money import is_currency
from app.reference.rates.parities import parities
from app.reference.rates.rules import EURO, ONE, holds_on

LARGEST_FILE = 20_000_000
"""Bytes; the bank's whole history since 1999 is a tenth of it."""
LONGEST_SHOWN = 40
NUMBER = re.compile(r"\d{1,9}(\.\d{1,12})?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2} [^\W\d_]+ \d{4}", re.ASCII)
NO_RATE = frozenset({"", "N/A"})
ARCHIVE = b"PK\x03\x04"
EXAMPLE = "Date, USD, JPY"


@dataclass(frozen=True)
class Fault:
    """What cannot be used, and how to mend it; `column` is a currency, or Date, or empty for the line as a whole."""

    line: int | None
    column: str
    text: str


@dataclass(frozen=True)
class DayOfRates:
    """One line: units of each currency for one euro; `left_out` counts its cells that bring no rate."""

    line: int
    day: date
    rates: dict[str, Decimal]
    left_out: int


Found = DayOfRates | Fault
Line = tuple[int, list[str]]


def read_rates(path: Path, latest: date) -> Iterator[Found]:
    """Everything in the file, line by line; a day after `latest` is taken for a slip.

    Raises:
        OSError: the file cannot be opened or read.
    """
    fault = _whole_fault(path)
    if fault:
        yield Fault(None, "", fault)
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, strict=True)
        try:
            yield from _read_lines(((lines.line_num, [cell.strip() for cell in cells]) for cells in lines), latest)
        except UnicodeDecodeError:
            yield Fault(_line_of_other_text(path), "", "This is no UTF-8 text. Save the file as CSV in UTF-8.")
        except csv.Error as error:
            yield Fault(
                lines.line_num, "", f"The line cannot be read as CSV ({error}). Look for a lost quotation mark."
            )


def _whole_fault(path: Path) -> str:
    if not path.is_file():
        return "There is no such file." if not path.exists() else "This is no ordinary file."
    if path.stat().st_size > LARGEST_FILE:
        return f"The file is larger than {LARGEST_FILE // 1_000_000} MB; no table of rates is. Check that it is one."
    with path.open("rb") as file:
        is_archive = file.read(len(ARCHIVE)) == ARCHIVE
    return "This is a zip archive. Unpack it and import the .csv file in it." if is_archive else ""


def _line_of_other_text(path: Path) -> int | None:
    # Text is decoded by the block: the reader does not know in which line the block is at fault.
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return None


def _read_lines(lines: Iterator[Line], latest: date) -> Iterator[Found]:
    _number, head = next(lines, (1, []))
    faults = list(_head_faults(head))
    if faults:
        yield from faults
        return
    reading = _Reading(_without_last_empty(head)[1:], latest)
    is_empty = True
    for number, cells in lines:
        if any(cells):
            is_empty = False
            yield from reading.line(number, cells)
    if is_empty:
        yield Fault(None, "", "There is no line with a day in the file. Each line has to begin with one.")


def _head_faults(head: list[str]) -> Iterator[Fault]:
    if not head or head[0].lower() != "date":
        first = head[0] if head else ""
        hint = " Columns are parted by commas, not by semicolons." if ";" in first else ""
        yield Fault(1, "Date", f"The first line has to begin like “{EXAMPLE}”, not with “{shown(first)}”.{hint}")
        return
    codes = _without_last_empty(head)[1:]
    if not codes:
        yield Fault(1, "", f"The first line names no currency. It has to look like “{EXAMPLE}”.")
    for code in dict.fromkeys(codes):
        if not is_currency(code):
            yield Fault(1, shown(code), "This is no currency of ISO 4217. Mend the code, or take the column out.")
        elif codes.count(code) > 1:
            yield Fault(1, code, "Two columns are of this currency. Take one of them out.")


def _without_last_empty(cells: list[str]) -> list[str]:
    # The bank ends each line with a comma.
    return cells[:-1] if cells and not cells[-1] else cells


@dataclass
class _Reading:
    """The currencies of the columns, the last day that may be, and the days that were met, with their lines."""

    codes: list[str]
    latest: date
    days: dict[date, int] = field(default_factory=dict)

    def line(self, number: int, cells: list[str]) -> Iterator[Found]:
        wanted = len(self.codes) + 1
        if len(cells) != wanted and len(_without_last_empty(cells)) != wanted:
            text = f"The line has {len(cells)} cells, and the first line {wanted}. Each line needs as many."
            yield Fault(number, "", text)
            return
        day = self._day(number, cells[0])
        if isinstance(day, Fault):
            yield day
            return
        found = {code: _cell(number, day, code, text) for code, text in zip(self.codes, cells[1:wanted], strict=True)}
        yield from (each for each in found.values() if isinstance(each, Fault))
        rates = {code: each for code, each in found.items() if isinstance(each, Decimal)}
        yield DayOfRates(number, day, rates, len(found) - len(rates))

    def _day(self, number: int, text: str) -> date | Fault:
        day = parse_day(text) if DAY.fullmatch(text) else None
        if day is None:
            return Fault(number, "Date", f"“{shown(text)}” is no day. Write it as 2024-11-15 or 15 November 2024.")
        if day > self.latest:
            return Fault(number, "Date", f"{day} has not come yet. Mend the day, or take the line out.")
        first = self.days.setdefault(day, number)
        if first != number:
            return Fault(number, "Date", f"{day} stands in line {first} too. Take one of the two out.")
        return day


def _cell(number: int, day: date, code: str, text: str) -> Decimal | Fault | None:
    """The rate in a cell; nothing where there is none, or where the law fixes it."""
    if text in NO_RATE:
        return None
    rate = Decimal(text) if NUMBER.fullmatch(text) else None
    if not rate:
        hint = "Write units for one euro with a decimal point, as 1.0583; leave the cell empty if there is no rate."
        return Fault(number, code, f"“{shown(text)}” is no rate. {hint}")
    if code == EURO and rate != ONE:
        return Fault(number, code, f"One euro is 1 euro, not {shown(text)}. Rates have to be units for one euro.")
    parity = parities().get(code)
    return None if code == EURO or (parity and holds_on(parity, day)) else rate


def shown(text: str) -> str:
    """What stands in a cell, cut short and fit for a terminal."""
    plain = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return plain if len(plain) <= LONGEST_SHOWN else plain[: LONGEST_SHOWN - 1] + "…"


def count_lines(path: Path) -> int:
    """About how many days there are in a file, for a progress bar; none where it cannot be read."""
    try:
        if _whole_fault(path):
            return 0
        with path.open("rb") as file:
            return max(sum(1 for _line in file) - 1, 0)
    except OSError:
        return 0
