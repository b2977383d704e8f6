"""The report on paper: A4 upright, page by page, each text in the direction of its language.

Letters are shaped (joined, kerned, put in order) only where a script wants it: that takes ten times as long.
"""

from __future__ import annotations

from functools import singledispatch

from fpdf import FontFace
from fpdf.enums import XPos, YPos

from app.foundation.paper.order import RIGHT_TO_LEFT_MARK, marked
from app.foundation.paper.sheet import DEEP, INK, MUTED, entitle, take_letters
from app.reports import document as parts
from app.reports.document import RIGHT_TO_LEFT, Document, Text, language_of, words_of
from app.reports.pages import FOOT, LEADING, MARGIN, POINT, Pages
from app.reports.rules import Tick, no_tick

RULE = (163, 193, 196)
HEAD_FILL = (231, 239, 240)
SHADES = ((255, 255, 255), (214, 228, 229), (150, 190, 194), (68, 130, 136), (8, 63, 69))
"""From nothing to the most: each is darker than the one before in grey too."""
LIGHT_FROM = 3
"""From this shade on, letters are white."""
LOOKS = {"body": (11, "", INK, 2.0), "small": (9, "I", MUTED, 1.5)}
SIZES = {1: (17, 8.0), 2: (13, 5.0)}
ROOM_FOR_HEADING = {1: 45.0, 2: 48.0}
"""A heading does not stand so near to the foot of a page that nothing would follow it, in millimetres."""
ROOM_FOR_PROOF = 22.0


def draw(document: Document, tick: Tick = no_tick) -> bytes:
    """The report as a PDF; `tick` is called after each of its parts."""
    pdf = Pages(document)
    take_letters(pdf)
    pdf.shape()
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(auto=True, margin=FOOT)
    entitle(pdf, document.title, document.author, document.language, document.made_at)
    pdf.add_page()
    _head(pdf, document)
    for block in document.blocks:
        write(block, pdf)
        tick()
    _proof(pdf, document)
    _number(pdf)
    return pdf.written()


def _number(pdf: Pages) -> None:
    """At the foot of each page whose paper it is, and which page of how many: they are known only now."""
    pdf.set_auto_page_break(auto=False)
    pdf.shape(pdf.document.running)
    total = pdf.pages_count
    for number in range(1, total + 1):
        pdf.page = number
        pdf.set_text_color(*MUTED)
        words = pdf.document.page % {"number": number, "all": total}
        for text, side in ((pdf.document.running, pdf.begin), (words, pdf.end)):
            pdf.take("", 9)
            pdf.set_xy(MARGIN, pdf.h - FOOT + 6)
            pdf.cell(0, 5, marked(text, pdf.document.language), align=side)


def _head(pdf: Pages, document: Document) -> None:
    if document.kicker:
        pdf.say(document.kicker, document.language, (11, "I", MUTED))
        pdf.ln(1)
    pdf.say(document.title, document.title_language or document.language, (23, "B", DEEP), "H1")
    if document.lead:
        pdf.ln(1)
        pdf.say(document.lead, document.language, (12, "I", MUTED))
    pdf.ln(3)
    _rule(pdf)
    pdf.ln(4)


def _proof(pdf: Pages, document: Document) -> None:
    if not document.proof:
        return
    pdf.keep_together(ROOM_FOR_PROOF)
    pdf.ln(4)
    _rule(pdf)
    pdf.ln(2)
    for line in document.proof:
        pdf.say(line, document.language, (8.5, "", MUTED))


def _rule(pdf: Pages) -> None:
    pdf.set_draw_color(*RULE)
    pdf.set_line_width(0.3)
    pdf.line(MARGIN, pdf.get_y(), pdf.w - MARGIN, pdf.get_y())


@singledispatch
def write(block: object, pdf: Pages) -> None:
    """Write one part of the report.

    Raises:
        TypeError: nobody has said how this part is written.
    """
    raise TypeError(f"{type(block).__name__} in {pdf.document.title}")


@write.register
def _heading(block: parts.Heading, pdf: Pages) -> None:
    size, above = SIZES[block.level]
    pdf.keep_together(ROOM_FOR_HEADING[block.level])
    pdf.ln(above)
    pdf.start_section(block.text, level=block.level - 1)
    # The title of the report is its only heading of the first level.
    pdf.say(block.text, block.language or pdf.document.language, (size, "B", DEEP), f"H{block.level + 1}")
    pdf.ln(1.5)


@write.register
def _paragraph(block: parts.Paragraph, pdf: Pages) -> None:
    size, style, colour, below = LOOKS[block.look]
    language = block.language or pdf.document.language
    # Two lines at least stand together at the foot of a page.
    pdf.keep_together(2 * size * POINT * LEADING)
    pdf.say(block.text, language, (size, style, colour))
    pdf.ln(below)


@write.register
def _bullets(block: parts.Bullets, pdf: Pages) -> None:
    with pdf.tagged("L"):
        for number, item in enumerate(block.items, start=1):
            with pdf.tagged("LI"):
                _bullet(pdf, f"{number}." if block.numbered else "•", item)
    pdf.ln(1)


def _bullet(pdf: Pages, mark: str, item: Text) -> None:
    pdf.keep_together(11)
    top = pdf.get_y()
    pdf.take("B", 11)
    pdf.set_text_color(*DEEP)
    pdf.shape()
    pdf.set_xy(pdf.w - MARGIN - 8 if pdf.is_mirrored else MARGIN, top)
    with pdf.tagged("Lbl"):
        pdf.cell(8, 11 * POINT * LEADING, RIGHT_TO_LEFT_MARK * pdf.is_mirrored + mark, align=pdf.begin)
    _aside(pdf, top, item, 8)
    pdf.ln(1)


def _aside(pdf: Pages, top: float, item: Text, room: float) -> None:
    """Words beside a mark, with so many millimetres left free for it."""
    left, right = (0.0, room) if pdf.is_mirrored else (room, 0.0)
    pdf.set_left_margin(MARGIN + left)
    pdf.set_right_margin(MARGIN + right)
    pdf.set_xy(MARGIN + left, top)
    pdf.say(item.text, language_of(item, pdf.document), (11, "", INK), "LBody")
    pdf.set_left_margin(MARGIN)
    pdf.set_right_margin(MARGIN)
    pdf.set_x(MARGIN)


@write.register
def _facts(block: parts.Facts, pdf: Pages) -> None:
    rows = tuple((Text(label), value) for label, value in block.rows)
    _grid(pdf, rows, (2, 5), head=(), numeric=frozenset())


@write.register
def _key_figures(block: parts.KeyFigures, pdf: Pages) -> None:
    """Numbers in boxes side by side, three or four in a row, whichever fills the rows better."""
    pdf.shape(*(label for _number, label in block.items))
    most = 3 if len(block.items) % 4 in {1, 2} and len(block.items) > 4 else 4  # noqa: PLR2004 - as it says
    for begin in range(0, len(block.items), most):
        items = block.items[begin : begin + most]
        width = pdf.epw / max(3, min(most, len(block.items)))
        pdf.keep_together(26)
        top = pdf.get_y() + 1
        for place, (number, label) in enumerate(items):
            shift = (place + 1) * width
            left = pdf.w - MARGIN - shift if pdf.is_mirrored else MARGIN + shift - width
            pdf.set_fill_color(*HEAD_FILL)
            pdf.rect(left, top, width - 3, 21, style="F")
            with pdf.tagged("P", f"{number} {label}"):
                _figure(pdf, (left + 2, top + 1.5, width - 7), number, label)
        pdf.set_xy(MARGIN, top + 24)


def _figure(pdf: Pages, place: tuple[float, float, float], number: str, label: str) -> None:
    left, top, width = place
    pdf.set_xy(left, top)
    pdf.take("B", 18)
    pdf.set_text_color(*DEEP)
    pdf.cell(width, 8, marked(number, ""), align=pdf.begin)
    pdf.set_xy(left, top + 8.5)
    pdf.take("", 9)
    pdf.set_text_color(*INK)
    pdf.multi_cell(width, 3.8, marked(label, pdf.document.language), align=pdf.begin)


@write.register
def _table(block: parts.Table, pdf: Pages) -> None:
    pdf.keep_together(32)
    if block.caption:
        pdf.say(block.caption, pdf.document.language, (10, "B", INK))
        pdf.ln(1)
    _grid(pdf, block.rows, block.widths, block.head, block.numeric, block.shades)


def _grid(
    pdf: Pages,
    rows: tuple[tuple[parts.Cell, ...], ...],
    widths: tuple[int, ...],
    head: tuple[str, ...],
    numeric: frozenset[int],
    shades: tuple[tuple[int, ...], ...] = (),
) -> None:
    """A table whose head is repeated on each page; from right to left the first column stands at the right."""
    size = 8.5 if len(head) > 6 else 9.5  # noqa: PLR2004 - many columns want small letters
    pdf.take("", size)
    pdf.set_text_color(*INK)
    pdf.set_draw_color(*RULE)
    pdf.set_line_width(0.2)
    pdf.shape(*(words_of(cell) for row in rows for cell in row))
    columns = range(len(head) or len(rows[0] if rows else ()))
    order = [*reversed(columns)] if pdf.is_mirrored else [*columns]
    shares = [(widths[column] if widths else 1) for column in order]
    with pdf.table(
        borders_layout="HORIZONTAL_LINES",
        col_widths=shares,
        first_row_as_headings=bool(head),
        headings_style=FontFace(emphasis="BOLD", color=INK, fill_color=HEAD_FILL),
        line_height=size * POINT * (1.4 if pdf.is_mirrored else 1.2),
        padding=(1.1, 1.4),
        v_align="TOP",
        is_mirrored=pdf.is_mirrored,
    ) as table:
        if head:
            titles = table.row()
            for column in order:
                titles.cell(marked(head[column], pdf.document.language), align=_side(pdf, column, numeric))
        for number, cells in enumerate(rows):
            row = table.row()
            for column in order:
                style = _style(bool(head), column, shades[number][column] if shades else 0)
                words = marked(words_of(cells[column]), language_of(cells[column], pdf.document))
                row.cell(words or " ", align=_side(pdf, column, numeric), style=style)
    pdf.take("", 11)
    pdf.ln(3)


def _side(pdf: Pages, column: int, numeric: frozenset[int]) -> str:
    return pdf.end if column in numeric else pdf.begin


def _style(has_head: bool, column: int, shade: int) -> FontFace:  # noqa: FBT001 - read by this module alone
    if shade:
        return FontFace(fill_color=SHADES[shade], color=SHADES[0] if shade >= LIGHT_FROM else INK)
    is_label = column == 0 and not has_head
    return FontFace(emphasis="BOLD" if is_label else None, color=DEEP if is_label else INK, fill_color=SHADES[0])


@write.register
def _heat(block: parts.Heat, pdf: Pages) -> None:
    pdf.keep_together(45)
    pdf.say(block.title, pdf.document.language, (12, "B", DEEP))
    pdf.say(block.told, pdf.document.language, (10, "I", MUTED))
    pdf.ln(1.5)
    _grid(pdf, block.table.rows, block.table.widths, block.table.head, block.table.numeric, block.table.shades)


@write.register
def _sources(block: parts.Sources, pdf: Pages) -> None:
    for number, (text, address) in enumerate(block.items, start=1):
        pdf.keep_together(12)
        pdf.say(f"[{number}] {text.text}", language_of(text, pdf.document), (9.5, "", INK))
        pdf.take("", 8.5)
        pdf.set_text_color(*MUTED)
        side = "R" if language_of(text, pdf.document) in RIGHT_TO_LEFT else "L"
        with pdf.tagged("P"):
            pdf.cell(0, 4, address, link=address, align=side, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.ln(1)
