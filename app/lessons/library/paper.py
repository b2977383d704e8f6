"""The brief on paper: A4 upright, page by page, each text in the direction of its language."""

from __future__ import annotations

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from app.foundation.paper import DEEP, INK, MUTED, SERIF, entitle, take_letters
from app.lessons.library.brief import Brief, BriefSource, Entry, Section, Text

MARGIN, FOOT = 20.0, 18.0
POINT, LEADING = 0.3528, 1.25
RIGHT_TO_LEFT = frozenset({"ar"})
ROOM_FOR_ENTRY = 32.0
"""An entry is not begun where less than this is left of a page, in millimetres."""

Colour = tuple[int, int, int]


class Pages(FPDF):
    """Pages that number themselves."""

    def footer(self) -> None:
        """The number of the page, and whose paper it is."""
        self.set_y(-FOOT + 4)
        self.set_font(SERIF, "", 9)
        self.set_text_color(*MUTED)
        self.cell(0, 5, "Counterpart", align="L")
        self.set_x(MARGIN)
        self.cell(0, 5, str(self.page_no()), align="R")


def draw(brief: Brief) -> bytes:
    """The brief as a PDF."""
    pdf = Pages(orientation="portrait", unit="mm", format="A4")
    take_letters(pdf)
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(auto=True, margin=FOOT)
    entitle(pdf, brief.title, "Counterpart", brief.language, brief.made_at)
    pdf.add_page()
    _write(pdf, brief.title, brief.language, (24, "B", DEEP))
    _write(pdf, brief.lead, brief.language, (11, "I", MUTED))
    for note in brief.notes:
        _write(pdf, note, brief.language, (11, "", INK))
    for section in brief.sections:
        _section(pdf, section, brief.language)
    _sources(pdf, brief)
    return bytes(pdf.output() or b"")


def _section(pdf: Pages, section: Section, language: str) -> None:
    if section.heading:
        _keep_together(pdf, ROOM_FOR_ENTRY + 12)
        pdf.ln(4)
        _write(pdf, section.heading, language, (16, "B", DEEP))
    for entry in section.entries:
        _entry(pdf, entry, language)


def _entry(pdf: Pages, entry: Entry, language: str) -> None:
    _keep_together(pdf, ROOM_FOR_ENTRY)
    pdf.ln(3)
    pdf.set_draw_color(*MUTED)
    pdf.set_line_width(0.15)
    pdf.line(MARGIN, pdf.get_y(), pdf.w - MARGIN, pdf.get_y())
    pdf.ln(2)
    _write(pdf, f"{entry.kicker} {entry.sources}", language, (10, "I", MUTED))
    if entry.title:
        _write(pdf, entry.title.text, entry.title.language, (14, "B", INK))
    for part in entry.parts if entry.title else ():
        _labelled(pdf, part, language, (11, "", INK))
    _labelled(pdf, entry.strong, language, (12, "B", DEEP))
    for part in () if entry.title else entry.parts:
        _labelled(pdf, part, language, (11, "", INK))


def _labelled(pdf: Pages, part: Text, language: str, look: tuple[int, str, Colour]) -> None:
    """A text below what it is called: the two may be read in different directions."""
    if part.label:
        _write(pdf, part.label, language, (9, "I", MUTED))
    _write(pdf, part.text, part.language, look)


def _sources(pdf: Pages, brief: Brief) -> None:
    if not brief.sources:
        return
    _keep_together(pdf, ROOM_FOR_ENTRY)
    pdf.ln(6)
    _write(pdf, brief.sources_heading, brief.language, (16, "B", DEEP))
    for source in brief.sources:
        _source(pdf, source, brief.language)


def _source(pdf: Pages, source: BriefSource, language: str) -> None:
    _keep_together(pdf, 12)
    _write(pdf, f"[{source.number}] {source.text}", language, (10, "", INK))
    pdf.set_font(SERIF, "", 9)
    pdf.set_text_color(*MUTED)
    align = "R" if language in RIGHT_TO_LEFT else "L"
    pdf.cell(0, 9 * POINT * LEADING, source.link, link=source.link, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(1)


def _write(pdf: Pages, text: str, language: str, look: tuple[int, str, Colour]) -> None:
    size, style, colour = look
    pdf.set_font(SERIF, style, size)
    pdf.set_text_color(*colour)
    align = "R" if language in RIGHT_TO_LEFT else "L"
    pdf.multi_cell(0, size * POINT * LEADING, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _keep_together(pdf: Pages, room: float) -> None:
    if pdf.get_y() + room > pdf.h - FOOT:
        pdf.add_page()
