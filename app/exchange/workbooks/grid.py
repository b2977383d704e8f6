"""The sheet that was filled in, read by the codes of its columns: wherever they stand now, however rows were sorted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.exchange.workbooks.rules import COLUMN_TWICE, HEADS_GONE, MERGED_CELL, Fault
from app.exchange.workbooks.writing import KEY_HEAD, REF_HEAD, letters
from app.foundation.messages import Message
from app.foundation.spreadsheets.sent import FAILED, FAILED_FORMULA, SheetRefused, Table
from app.foundation.spreadsheets.workbooks import Formula, Merged

LONGEST_HEAD = 40
MOST_UNREAD = 8


@dataclass(frozen=True)
class Typed:
    """A row as it was typed: its number, its hidden key, its reference (none where that column is gone), its cells."""

    number: int
    key: str
    ref: str | None
    cells: Mapping[str, str]
    faults: Sequence[Fault] = ()


@dataclass(frozen=True)
class Grid:
    """A sheet: the rows under its heads, and where each column stands, by its code. `key` and `ref` are hidden ones."""

    table: Table
    heads: Mapping[int, str]
    places: Mapping[str, int]
    key: int
    ref: int | None

    def missing(self, names: Sequence[str]) -> list[str]:
        """The columns that are not there any more."""
        return [name for name in names if name not in self.places]

    def unread(self) -> list[str]:
        """The heads of columns that hold something and have no code by which they could be read."""
        known = {self.key, self.ref, *self.places.values()}
        wide = {place for _number, cells in self.table for place, text in enumerate(cells) if text.strip()} - known
        return [self.heads.get(place, "")[:LONGEST_HEAD] or letters(place) for place in sorted(wide)][:MOST_UNREAD]

    def rows(self, merged: Sequence[Merged]) -> list[Typed]:
        """The rows as they were typed."""
        return [self._row(number, cells, merged) for number, cells in self.table]

    def _row(self, number: int, cells: Sequence[str], merged: Sequence[Merged]) -> Typed:
        said = {name: cells[place] for name, place in self.places.items() if place < len(cells)}
        faults = [
            Fault(name, FAILED_FORMULA) for name, text in said.items()
            if isinstance(text, Formula) or text.strip() in FAILED
        ]  # fmt: skip
        here = [one for one in merged if number in one.rows]
        faults += [
            Fault(name, MERGED_CELL) for name, place in self.places.items() if any(place in one.columns for one in here)
        ]
        key = cells[self.key].strip() if self.key < len(cells) else ""
        ref = None if self.ref is None else cells[self.ref].strip() if self.ref < len(cells) else ""
        return Typed(number, key, ref, {name: text for name, text in said.items() if text.strip()}, faults)


def find_grid(tables: Sequence[Table], names: Sequence[str]) -> Grid:
    """The sheet that has the codes of these columns.

    Raises:
        SheetRefused: none has, or it has one of them twice.
    """
    for table in tables:
        heads = [cells for _number, cells in table if KEY_HEAD in cells]
        codes = next((cells for cells in heads if any(cell in names for cell in cells)), None)
        if codes is not None:
            said = next((cells for cells in heads if cells is not codes), [])
            key = codes.index(KEY_HEAD)
            rows = [(number, cells) for number, cells in table if cells is not codes and cells is not said]
            words = dict(enumerate(cell.strip() for cell in said))
            return Grid(rows, words, _places(codes, words, names), key, _ref(codes, key))
    raise SheetRefused(HEADS_GONE)


def _places(codes: Sequence[str], words: Mapping[int, str], names: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, code in enumerate(codes):
        if code in places:
            raise SheetRefused(Message(COLUMN_TWICE.text, {"column": words.get(place) or code}))
        if code in names:
            places[code] = place
    return places


def _ref(codes: Sequence[str], key: int) -> int | None:
    if REF_HEAD in codes:
        return codes.index(REF_HEAD)
    # In a workbook from before the reference had no code, and stood beside the key.
    beside = key + 1
    return beside if beside < len(codes) and not codes[beside] else None
