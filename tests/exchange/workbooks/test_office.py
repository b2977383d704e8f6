"""The workbooks in a program that officials have: opened, filled in and saved by LibreOffice, and sent back."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.foundation.spreadsheets.workbooks import read_table
from app.nominations.sheet.tables import LIMITS
from app.nominations.sheet.words import is_head, lines_of
from app.nominations.sheet.writing import template_xlsx
from tests.exchange.workbooks.filling import Filling
from tests.exchange.workbooks.test_broken import case

__all__ = ["case"]

OFFICE = shutil.which("soffice")
BESIDE = {
    "needs": {"currency": "EUR", "lines_0_description": "Formação"},
    "programmes": {"currency": "XOF"},
    "sessions": {"ends_on": date(2027, 5, 7)},
}
"""What else a row needs so that it can be saved."""
pytestmark = [
    pytest.mark.one_engine, pytest.mark.slow, pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed"),
]  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path):
    """`saved(content, "xlsx")`: the workbook as LibreOffice saves it."""

    def save(content: bytes, ending: str = "xlsx") -> bytes:
        source, out = tmp_path / "sent.xlsx", tmp_path / "out"
        source.write_bytes(content)
        command = [OFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", ending]
        subprocess.run([*command, "--outdir", out, source], check=True, capture_output=True, timeout=180)
        return (out / f"sent.{ending}").read_bytes()

    return save


def test_what_was_only_opened_and_saved_is_no_difference(case, saved):
    page = case.send(saved(case.content))
    assert "Nothing differs" in page
    assert "not in the workbook any more" not in page


def test_what_was_filled_in_is_read_and_saved(case, saved):
    filling = case.filling()
    if case.kind == "contributions":
        filling.put(case.row, much=3, delivered_on=date(2026, 11, 20), note="Arrivé à Praia")
    else:
        cells = {case.text: "Prisões de Praia", case.number: 40, case.day: date(2027, 4, 30), **BESIDE[case.kind]}
        filling.put(case.row, **cells)
    page = case.send(saved(filling.content))
    assert "field-error" not in page, re.findall(r"field-error[^<]*<[^<]*", page)[:3]
    assert "Nothing differs" not in page
    case.save(Filling(saved(filling.content)))
    assert "Nothing differs" in case.send(saved(filling.content)) or case.kind == "contributions"


def test_lists_to_choose_from_and_what_is_locked_outlive_the_program(case, saved):
    before, after = (openpyxl.load_workbook(io.BytesIO(one)) for one in (case.content, saved(case.content)))
    one, other = before.worksheets[0], after.worksheets[0]
    assert len(other.data_validations.dataValidation) >= len(one.data_validations.dataValidation) > 0
    assert other.protection.sheet == one.protection.sheet
    hidden = [name for name, part in one.column_dimensions.items() if part.hidden]
    assert hidden
    assert all(other.column_dimensions[name].hidden for name in hidden)


def test_another_form_of_file_is_refused_with_what_to_do(case, saved):
    page = case.refused(saved(case.content, "ods"), "filled in.ods")
    assert ".xlsx" in page


def test_candidates_filled_in_there_are_read(saved):
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx("fr", ["NL-AAAA-BBBB · Juges"])))
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    for number, name in ((3, "Ana Lopes"), (4, "José Évora")):
        sheet.cell(number, 1).value, sheet.cell(number, 2).value = name, f"p{number}@mj.example"
    target = io.BytesIO()
    book.save(target)
    table = read_table("people.xlsx", saved(target.getvalue()), is_head, LIMITS)
    lines, unknown = lines_of(table, "fr")
    assert [line.cells["name"] for line in lines[-2:]] == ["Ana Lopes", "José Évora"]
    assert unknown == []
    assert [cell for cell in table[0][1] if cell] == [name for name in names if name]
