"""A workbook is filled in as a person would with a spreadsheet program, and sent back."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl

from app.exchange.workbooks.rules import FIRST_ROW


class Filling:
    """A workbook that was fetched from the site, opened, and changed cell by cell."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.sheet = self.book.worksheets[0]
        self.names = {cell.value: cell.column for cell in self.sheet[FIRST_ROW - 1]}

    def row_of(self, ref: str) -> int:
        """The row in which a record stands."""
        return next(row for row in range(FIRST_ROW, self.sheet.max_row + 1) if self.sheet.cell(row, 2).value == ref)

    @property
    def empty_row(self) -> int:
        """The first row in which nothing stands yet."""
        wide = range(2, self.sheet.max_column + 1)
        rows = range(FIRST_ROW, self.sheet.max_row + 1)
        return next(row for row in rows if not any(self.sheet.cell(row, column).value for column in wide))

    def put(self, row: int, **cells: Any) -> None:
        """Type into cells of a row; `lines_0_kind` is the column lines-0-kind."""
        for name, value in cells.items():
            known = name if name in self.names else _with_dashes(name)
            self.sheet.cell(row, self.names[known]).value = value

    def value(self, row: int, name: str) -> Any:
        """What stands in a cell."""
        return self.sheet.cell(row, self.names[name]).value

    def locked(self, row: int) -> set[str]:
        """The columns in which a row is only to be read."""
        cells = {name: self.sheet.cell(row, column) for name, column in self.names.items() if column > 2}
        return {name for name, cell in cells.items() if cell.has_style and cell.protection.locked}

    @property
    def content(self) -> bytes:
        """The workbook as a file."""
        target = io.BytesIO()
        self.book.save(target)
        return target.getvalue()


def _with_dashes(name: str) -> str:
    rows, number, part = name.split("_", 2)
    return f"{rows}-{number}-{part}"


def fetch(client: Any, kind: str, **query: str) -> Filling:
    """Get the workbook of a kind."""
    answer = client.get(f"/workbooks/{kind}.xlsx", query_string=query)
    assert answer.status_code == 200
    return Filling(answer.data)


def send(client: Any, kind: str, content: bytes, name: str = "filled in.xlsx") -> Any:
    """Send a workbook back; the address of its rows, or the page that refuses it."""
    return client.submit(f"/workbooks/{kind}", {"file": (io.BytesIO(content), name)}, form_id="workbook-form")


def headings(page: str) -> list[str]:
    """How the rows of a workbook that came back are called, where they are more than numbers."""
    return re.findall(r'<h2 id="row-.*?<span dir="auto">(.*?)</span>', page)


def compared(page: str) -> list[list[str]]:
    """The cells that differ in a workbook that came back: of each row of the tables the texts of its cells."""
    rows = re.findall(r'<tr role="row"><th scope="row".*?</tr>', page, re.DOTALL)
    parts = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<.*?>", "", part).strip() for part in row] for row in parts]
