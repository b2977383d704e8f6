"""Whoever has a sheet read aloud hears what is a heading, a cell or a picture, in the order in which it is meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.foundation.paper.sheet import SERIF, Paper, entitle, take_letters
from tests.read_aloud import assert_everything_is_told, kinds_of, told_of, tree_of

pytestmark = pytest.mark.one_engine
WEN = datetime(2026, 11, 23, tzinfo=UTC)


class WithFoot(Paper):
    """Sheets with something at their foot, which is no part of what stands on them."""

    def footer(self) -> None:
        """The number of the page."""
        self.set_y(-15)
        self.cell(0, 5, str(self.page_no()))


def sheet(draw: Callable[[Paper], None]) -> bytes:
    pdf = WithFoot()
    take_letters(pdf)
    entitle(pdf, "A sheet", "Somebody", "en", WEN)
    pdf.add_page()
    pdf.set_font(SERIF, "", 12)
    draw(pdf)
    return pdf.written()


def test_headings_paragraphs_and_pictures_are_told_apart():
    def draw(pdf: Paper) -> None:
        pdf.line(10, 10, 100, 10)
        with pdf.tagged("H1", "Title"):
            pdf.cell(0, 8, "Title", new_x="LMARGIN", new_y="NEXT")
        with pdf.tagged("P", "في دكار", "ar"):
            pdf.cell(0, 8, "في دكار", new_x="LMARGIN", new_y="NEXT")
        with pdf.tagged("Figure", alt="A square"):
            pdf.rect(20, 60, 10, 10, style="F")

    pdf = sheet(draw)
    assert kinds_of(pdf) == ["H1", "P", "Figure"]
    assert told_of(pdf, "/Alt") == ["A square"]
    assert told_of(pdf, "/Lang") == ["ar"]
    # Letters that are drawn from the right are told as they are read.
    assert told_of(pdf, "/ActualText") == ["في دكار"]
    assert_everything_is_told(pdf)
    assert PdfReader(BytesIO(pdf)).metadata.title == "A sheet"


def test_what_goes_on_over_the_page_stays_one_thing():
    def draw(pdf: Paper) -> None:
        with pdf.tagged("P"):
            pdf.multi_cell(0, 8, "Many words. " * 600)
        with pdf.tagged("P"):
            pdf.cell(0, 8, "The next.")

    pdf = sheet(draw)
    long, short = tree_of(pdf).parts
    assert {part.kind for part in long.parts} == {"Span"}
    assert len({(one.page.idnum) for one in (long, *long.parts)}) == len(PdfReader(BytesIO(pdf)).pages)
    assert (short.kind, short.parts) == ("P", ())
    assert_everything_is_told(pdf)


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_a_table_is_read_row_by_row_and_its_head_once(is_mirrored):
    def draw(pdf: Paper) -> None:
        with pdf.table(is_mirrored=is_mirrored) as table:
            for words in (["Need", "Open"], *([f"Line {number}", str(number)] for number in range(60))):
                row = table.row()
                for word in reversed(words) if is_mirrored else words:
                    row.cell(word)

    pdf = sheet(draw)
    (table,) = tree_of(pdf).parts
    assert table.kind == "Table"
    assert [row.kind for row in table.parts] == ["TR"] * 61
    assert [cell.kind for cell in table.parts[0].parts] == ["TH", "TH"]
    assert [cell.told["/A"]["/Scope"] for cell in table.parts[0].parts] == ["/Column"] * 2
    assert {tuple(cell.kind for cell in row.parts) for row in table.parts[1:]} == {("TD", "TD")}
    # Drawn from the right, the first column is drawn last, and is read first all the same.
    first, second = (cell.marks[0] for cell in table.parts[1].parts)
    assert (first > second) is is_mirrored
    text = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    assert len(text) > 1
    assert all("Need" in page for page in text)
    assert_everything_is_told(pdf)
