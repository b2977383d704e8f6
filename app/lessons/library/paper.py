"""The brief on paper: A4 upright, page by page, each text in the direction of its language."""

from __future__ import annotations

from fpdf.enums import XPos, YPos

from app.foundation.paper.order import RIGHT_TO_LEFT, marked
from app.foundation.paper.sheet import DEEP, INK, MUTED, SERIF, Paper, entitle, take_letters
from app.lessons.library.brief import Brief, BriefSource, Entry, Section, Text

MARGIN, FOOT = 20.0, 18.0
POINT, LEADING = 0.3528, 1.25
ROOM_FOR_ENTRY = 32.0
"""An entry is not begun where less than this is left of a page, in millimetres."""

Colour = tuple[int, int, int]


class Pages(Paper):
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
    pdf = Pages()
    take_letters(pdf)
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(auto=True, margin=FOOT)
    entitle(pdf, brief.title, "Counterpart", brief.language, brief.made_at)
    pdf.add_page()
    _heading(pdf, 1, Text(brief.title, brief.language), 24)
    _write(pdf, brief.lead, brief.language, (11, "I", MUTED))
    for note in brief.notes:
        _write(pdf, note, brief.language, (11, "", INK))
    for section in brief.sections:
        _section(pdf, section, brief.language)
    _sources(pdf, brief)
    return pdf.written()


def _section(pdf: Pages, section: Section, language: str) -> None:
    if section.heading:
        _keep_together(pdf, ROOM_FOR_ENTRY + 12)
        pdf.ln(4)
        _heading(pdf, 2, Text(section.heading, language), 16)
    for entry in section.entries:
        _entry(pdf, entry, language, 3 if section.heading else 2)


def _entry(pdf: Pages, entry: Entry, language: str, level: int) -> None:
    _keep_together(pdf, ROOM_FOR_ENTRY)
    pdf.ln(3)
    pdf.set_draw_color(*MUTED)
    pdf.set_line_width(0.15)
    pdf.line(MARGIN, pdf.get_y(), pdf.w - MARGIN, pdf.get_y())
    pdf.ln(2)
    _write(pdf, f"{entry.kicker} {entry.sources}", language, (10, "I", MUTED))
    if entry.title:
        _heading(pdf, level, entry.title, 14, INK)
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
    _heading(pdf, 2, Text(brief.sources_heading, brief.language), 16)
    for source in brief.sources:
        _source(pdf, source, brief.language)


def _source(pdf: Pages, source: BriefSource, language: str) -> None:
    _keep_together(pdf, 12)
    _write(pdf, f"[{source.number}] {source.text}", language, (10, "", INK))
    pdf.set_font(SERIF, "", 9)
    pdf.set_text_color(*MUTED)
    align = "R" if language in RIGHT_TO_LEFT else "L"
    with pdf.tagged("P"):
        height = 9 * POINT * LEADING
        pdf.cell(0, height, source.link, link=source.link, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(1)


def _heading(pdf: Pages, level: int, title: Text, size: int, colour: Colour = DEEP) -> None:
    """A heading, which stands in the outline too; the title of the brief is the only one of level 1."""
    pdf.start_section(title.text, level=level - 1)
    _write(pdf, title.text, title.language, (size, "B", colour), f"H{level}")


def _write(pdf: Pages, text: str, language: str, look: tuple[int, str, Colour], kind: str = "P") -> None:
    size, style, colour = look
    pdf.set_font(SERIF, style, size)
    pdf.set_text_color(*colour)
    align = "R" if language in RIGHT_TO_LEFT else "L"
    height = size * POINT * LEADING
    with pdf.tagged(kind, text, language):
        pdf.multi_cell(0, height, marked(text, language), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _keep_together(pdf: Pages, room: float) -> None:
    if pdf.get_y() + room > pdf.h - FOOT:
        pdf.add_page()
