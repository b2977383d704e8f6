"""The report on paper: A4 upright, page by page, each text in the direction of its language.

Letters are shaped (joined, kerned, put in order) only where a script wants it: that takes ten times as long.
"""

from __future__ import annotations

from functools import singledispatch

from fpdf import FPDF, FontFace
from fpdf.enums import XPos, YPos

from app.foundation.paper import DEEP, INK, MUTED, SERIF, entitle, take_letters
from app.reports import document as parts
from app.reports.document import RIGHT_TO_LEFT, Document, Text, language_of, words_of
from app.reports.rules import Tick, no_tick

MARGIN, FOOT = 20.0, 20.0
POINT = 0.3528
LEADING, ARABIC_LEADING = 1.25, 1.5
"""Lines of Arabic want more air: its letters reach further up and down."""
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
RIGHT_TO_LEFT_MARK = "\u200f"
LAST_PLAIN = "\u052f"
"""Up to here letters stand side by side as they are: Latin, Greek and Cyrillic."""
PUNCTUATION = ("\u1e00", "\u22ff")
"""Further Latin letters, dashes, quotation marks and signs, which do so too."""

Colour = tuple[int, int, int]


class Pages(FPDF):
    """The pages of one report."""

    def __init__(self, document: Document) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self.document = document
        self.is_mirrored = document.is_right_to_left

    @property
    def begin(self) -> str:
        """The side at which a line of the report's own language begins."""
        return "R" if self.is_mirrored else "L"

    @property
    def end(self) -> str:
        """The other side."""
        return "L" if self.is_mirrored else "R"

    def has_room(self, room: float) -> bool:
        """Whether so many millimetres are left of this page."""
        return bool(self.get_y() + room <= self.h - FOOT)

    def keep_together(self, room: float) -> None:
        """Go on to the next page where less than that is left of this one."""
        if not self.has_room(room):
            self.add_page()

    def shape(self, *texts: str) -> None:
        """Shape the letters that come next if their script wants it, or those of the report's own language do."""
        self.set_text_shaping(use_shaping_engine=self.is_mirrored or any(map(wants_shaping, texts)))

    def say(self, text: str, language: str, look: tuple[float, str, Colour], align: str = "") -> None:
        """Some words from margin to margin, at the side at which their language begins."""
        size, style, colour = look
        self.set_font(SERIF, style, size)
        self.set_text_color(*colour)
        self.shape(text)
        side = align or ("R" if language in RIGHT_TO_LEFT else "L")
        height = size * POINT * (ARABIC_LEADING if language in RIGHT_TO_LEFT else LEADING)
        for paragraph in text.split("\n"):
            words = _marked(paragraph, language)
            self.multi_cell(0, height, words, align=side, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def wants_shaping(text: str) -> bool:
    """Whether any letter changes with those beside it, or is read from the right."""
    first, last = PUNCTUATION
    return any(letter > LAST_PLAIN and not first <= letter <= last for letter in text)


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
    return bytes(pdf.output() or b"")


def _number(pdf: Pages) -> None:
    """At the foot of each page whose paper it is, and which page of how many: they are known only now."""
    pdf.set_auto_page_break(auto=False)
    pdf.shape(pdf.document.running)
    total = pdf.pages_count
    for number in range(1, total + 1):
        pdf.page = number
        # A size of its own first, so that the page is told of the letters though the last one was told of the same.
        pdf.set_font(SERIF, "", 1)
        pdf.set_font(SERIF, "", 9)
        pdf.set_text_color(*MUTED)
        words = pdf.document.page % {"number": number, "all": total}
        for text, side in ((pdf.document.running, pdf.begin), (words, pdf.end)):
            pdf.set_xy(MARGIN, pdf.h - FOOT + 6)
            pdf.cell(0, 5, _marked(text, pdf.document.language), align=side)


def _head(pdf: Pages, document: Document) -> None:
    if document.kicker:
        pdf.say(document.kicker, document.language, (11, "I", MUTED))
        pdf.ln(1)
    pdf.say(document.title, document.title_language or document.language, (23, "B", DEEP))
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


def _marked(text: str, language: str) -> str:
    """A text that begins with a name or a number of another script is still read from the right."""
    # Our letters know one space that does not break, and not the narrow one that CLDR puts between thousands.
    plain = text.replace("\u202f", "\u00a0")
    return RIGHT_TO_LEFT_MARK + plain if language in RIGHT_TO_LEFT and plain else plain


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
    pdf.say(block.text, block.language or pdf.document.language, (size, "B", DEEP))
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
    for number, item in enumerate(block.items, start=1):
        mark = f"{number}." if block.numbered else "•"
        pdf.keep_together(11)
        top = pdf.get_y()
        pdf.set_font(SERIF, "B", 11)
        pdf.set_text_color(*DEEP)
        pdf.shape()
        pdf.set_xy(pdf.w - MARGIN - 8 if pdf.is_mirrored else MARGIN, top)
        pdf.cell(8, 11 * POINT * LEADING, mark, align=pdf.begin)
        _aside(pdf, top, item, 8)
        pdf.ln(1)
    pdf.ln(1)


def _aside(pdf: Pages, top: float, item: Text, room: float) -> None:
    """Words beside a mark, with so many millimetres left free for it."""
    left, right = (0.0, room) if pdf.is_mirrored else (room, 0.0)
    pdf.set_left_margin(MARGIN + left)
    pdf.set_right_margin(MARGIN + right)
    pdf.set_xy(MARGIN + left, top)
    pdf.say(item.text, language_of(item, pdf.document), (11, "", INK))
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
    pdf.shape()
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
            pdf.set_xy(left + 2, top + 1.5)
            pdf.set_font(SERIF, "B", 18)
            pdf.set_text_color(*DEEP)
            pdf.cell(width - 7, 8, _marked(number, ""), align=pdf.begin)
            pdf.set_xy(left + 2, top + 10)
            pdf.set_font(SERIF, "", 9)
            pdf.set_text_color(*INK)
            pdf.multi_cell(width - 7, 3.8, _marked(label, pdf.document.language), align=pdf.begin)
        pdf.set_xy(MARGIN, top + 24)


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
    pdf.set_font(SERIF, "", size)
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
    ) as table:
        if head:
            titles = table.row()
            for column in order:
                titles.cell(_marked(head[column], pdf.document.language), align=_side(pdf, column, numeric))
        for number, cells in enumerate(rows):
            row = table.row()
            for column in order:
                style = _style(bool(head), column, shades[number][column] if shades else 0)
                words = _marked(words_of(cells[column]), language_of(cells[column], pdf.document))
                row.cell(words or " ", align=_side(pdf, column, numeric), style=style)
    pdf.set_font(SERIF, "", 11)
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
def _signature(block: parts.Signature, pdf: Pages) -> None:
    pdf.shape(*(known for _label, known in block.rows))
    height = 11.0 * len(block.rows) + 6
    # The lines by which one makes sure of a paper stand on the page that is signed.
    pdf.keep_together(max(height, 42) + (ROOM_FOR_PROOF if pdf.document.proof else 0))
    pdf.ln(6)
    top, width = pdf.get_y(), pdf.epw * 0.58
    left = pdf.w - MARGIN - width if pdf.is_mirrored else MARGIN
    for place, (label, known) in enumerate(block.rows):
        line = top + 11 * place + 7
        pdf.set_font(SERIF, "", 10)
        pdf.set_text_color(*MUTED)
        pdf.set_xy(left, line - 5)
        pdf.cell(width, 5, _marked(label, pdf.document.language), align=pdf.begin)
        pdf.set_text_color(*INK)
        pdf.set_xy(left, line - 5.2)
        pdf.cell(width, 5, _marked(known, pdf.document.language), align=pdf.end)
        pdf.set_draw_color(*INK)
        pdf.line(left, line, left + width, line)
    if block.seal:
        _seal(pdf, block.seal, top)
    pdf.set_xy(MARGIN, top + max(height - 6, 36))


def _seal(pdf: Pages, words: str, top: float) -> None:
    """A ring for the seal, on the side on which no lines are."""
    size = 34.0
    left = MARGIN + 8 if pdf.is_mirrored else pdf.w - MARGIN - size - 8
    pdf.set_draw_color(*RULE)
    pdf.set_dash_pattern(dash=1.2, gap=1.2)
    pdf.ellipse(left, top, size, size)
    pdf.set_dash_pattern()
    pdf.set_font(SERIF, "I", 9)
    pdf.set_text_color(*MUTED)
    pdf.set_xy(left + 4, top + size / 2 - 3)
    pdf.multi_cell(size - 8, 4, _marked(words, pdf.document.language), align="C")


@write.register
def _sources(block: parts.Sources, pdf: Pages) -> None:
    for number, (text, address) in enumerate(block.items, start=1):
        pdf.keep_together(12)
        pdf.say(f"[{number}] {text.text}", language_of(text, pdf.document), (9.5, "", INK))
        pdf.set_font(SERIF, "", 8.5)
        pdf.set_text_color(*MUTED)
        pdf.cell(0, 4, address, link=address, align=pdf.begin, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.ln(1)
