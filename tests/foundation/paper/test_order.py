"""Where two directions meet on paper each piece stands on its own side, and what is read as a whole stays whole."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from fpdf.enums import TextDirection
from fpdf.line_break import TextLine
from pypdf import PdfReader

from app.foundation.paper.order import UNSEEN, OrderedLine, levelled, marked, plain_words
from app.foundation.paper.sheet import Paper, entitle, take_letters

pytestmark = pytest.mark.one_engine
WEN = datetime(2026, 11, 23, tzinfo=UTC)


class Piece:
    """As much of a piece of a line as its order asks for."""

    def __init__(self, words: str, level: int) -> None:
        self.words = words
        self.text_shaping_parameters: dict[str, Any] | None = {"level": level}


def from_the_left(text: str, base: TextDirection) -> list[str]:
    """The pieces of a line as they stand on the paper."""
    pieces: list[Any] = [Piece(words, level) for words, level in levelled(text, base)]
    line = OrderedLine(*TextLine(pieces, 0.0, 0, "L", 1.0, None))  # type: ignore[arg-type]
    return [piece.words.strip() for piece in line.get_ordered_fragments() if piece.words.strip()]  # type: ignore[attr-defined]


RTL, LTR = TextDirection.RTL, TextDirection.LTR


@pytest.mark.parametrize(
    ("text", "base", "seen"),
    [
        # A year within Arabic words within an English line.
        ("See وزارة 2026 العدل now", LTR, ["See", "العدل", "2026", "وزارة", "now"]),
        # A day that follows a name in quotation marks, in either direction.
        ("From “وزارة العدل”, 23 November", LTR, ["From “", "وزارة العدل", "”, 23 November"]),
        ("الأكثر “Asset recovery”: 12 بندا", RTL, ["بندا", "12", "”:", "Asset recovery", "الأكثر “"]),
        # What is read as a whole from the left.
        ("رقم 25% من", RTL, ["من", "25%", "رقم"]),
        ("يوم 2026-11-23 و", RTL, ["و", "2026-11-23", "يوم"]),
        ("هاتف +221 33 123 45 67 أو", RTL, ["أو", "+221 33 123 45 67", "هاتف"]),
        ("وثيقة 2014/42/EU و", RTL, ["و", "2014/42/EU", "وثيقة"]),
        ("المرجع N-2026-0012، 3 أشهر", RTL, ["أشهر", "3", "،", "N-2026-0012", "المرجع"]),
        ("على https://counterpart.example/needs/N-7KQ2-MX4T.", RTL,
         [".", "https://counterpart.example/needs/N-7KQ2-MX4T", "على"]),
        ("توجيه EU Directive A/RES/55 و", RTL, ["و", "EU Directive A/RES/55", "توجيه"]),
        ("عام ٢٠٢٦ في", RTL, ["في", "٢٠٢٦", "عام"]),
    ],
)  # fmt: skip
def test_each_piece_stands_on_its_side(text, base, seen):
    assert from_the_left(text, base) == seen


def test_what_says_the_order_is_not_drawn_and_not_read_aloud():
    pieces = levelled(marked("Dakar في 2026", "ar"), TextDirection.RTL)
    assert not UNSEEN & set("".join(words for words, _level in pieces))
    assert plain_words(marked("Dakar في 2026", "ar")) == "Dakar في 2026"


def test_a_text_is_turned_where_it_has_letters_for_it():
    assert marked("Dakar في 2026", "ar") != "Dakar في 2026"
    assert marked("Dakar في 2026", "en") == "Dakar في 2026"
    assert marked("+221 33 123 45 67", "ar") == "+221 33 123 45 67"
    assert marked("1\u202f234", "fr") == "1\u00a0234"


def words_of(*texts: str) -> list[str]:
    """Each line of a sheet as it stands there, from the left."""
    pdf = Paper()
    take_letters(pdf)
    entitle(pdf, "Sheet", "Somebody", "ar", WEN)
    pdf.add_page()
    pdf.set_font("EBGaramond", "", 12)
    for text in texts:
        pdf.multi_cell(0, 6, marked(text, "ar"), align="R", new_x="LMARGIN", new_y="NEXT")
    return PdfReader(BytesIO(pdf.written())).pages[0].extract_text().splitlines()


def test_days_shares_and_references_are_legible_on_the_sheet():
    day, share, reference = words_of(
        "يوم 2026-11-23 في دكار", "نسبة 25% من الدروس", "Laboratoire، المرجع N-2026-0012 بتاريخ 23 نوفمبر 2026"
    )
    assert "2026-11-23" in day
    assert "25%" in share
    assert "N-2026-0012" in reference
    # The line is read from the right although it begins with a name: the year is the last and stands at the left.
    assert reference.split()[0] == "2026"
    assert reference.endswith("Laboratoire")


def test_a_line_after_borrowed_letters_has_its_own():
    # Drawn from the left, the first line ends with letters of the other family; the second begins with digits.
    assert words_of("نسبة 25% من الدروس", "المرجع بتاريخ 23 نوفمبر 2026")[1].startswith("2026 ")
