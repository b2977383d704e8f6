"""Tables for spreadsheets: a cell is a text or a number, never a formula."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.spreadsheets.sheets import csv_file, safe_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "＝1"]
)
def test_what_a_spreadsheet_would_compute_becomes_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Need posted", "N-7KQ2-MX4T", "a=b", " =1", "'=1", "2026-11-23", "é"])
def test_other_words_stay_as_they_are(text):
    assert safe_cell(text) == text


def test_numbers_stay_numbers():
    assert [safe_cell(value) for value in (-5, Decimal("-1.50"), 0, None)] == ["-5", "-1.50", "0", ""]


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2)))
def test_the_file_reads_back_and_no_cell_is_a_formula(rows):
    text = csv_file(["=one", "two"], rows).decode("utf-8-sig")
    head, *read = csv.reader(io.StringIO(text, newline=""))
    assert head == ["'=one", "two"]
    assert read == [[safe_cell(cell) for cell in row] for row in rows]
    assert not [cell for row in read for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]


def test_excel_is_told_that_it_is_utf_8():
    assert csv_file(["é"], []) == b"\xef\xbb\xbf\xc3\xa9\r\n"
