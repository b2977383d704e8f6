"""What printed sheets share: A4, and letters that know Latin, Greek, Cyrillic and Arabic words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
SERIF, ARABIC = "EBGaramond", "Amiri"
DEEP, INK, MUTED = (8, 63, 69), (31, 45, 48), (90, 104, 107)


def take_letters(pdf: FPDF) -> None:
    """Give a sheet its letters: what the first family has no sign for is taken from the second, shaped and in order."""
    for style, name in (("", "Regular"), ("B", "SemiBold"), ("I", "Italic")):
        pdf.add_font(SERIF, style, FONTS / f"EBGaramond-{name}.ttf")
    for style in ("", "B", "I"):
        pdf.add_font(ARABIC, style, FONTS / "Amiri-Regular.ttf")
    pdf.set_fallback_fonts([ARABIC], exact_match=False)
    pdf.set_text_shaping(use_shaping_engine=True)


def entitle(pdf: FPDF, title: str, author: str, language: str, made_at: datetime) -> None:
    """What a reader's machine is told of the file."""
    pdf.set_title(title)
    pdf.set_author(author)
    pdf.set_lang(language)
    pdf.set_creator("Counterpart")
    pdf.set_creation_date(made_at)
