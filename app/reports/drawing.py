"""What is drawn on paper: bars, sharp at any size and told apart in grey too, and the place for a signature."""

from __future__ import annotations

from app.foundation.paper.order import marked
from app.foundation.paper.sheet import DEEP, INK, MUTED
from app.reports.document import Bars, Signature
from app.reports.pages import MARGIN, Pages
from app.reports.paper import ROOM_FOR_PROOF, RULE, write

PARTS = ((8, 63, 69), (116, 167, 171), (222, 232, 233))
"""The first part of a bar is the darkest; the last is nearly white and has an outline."""
LABEL_SHARE, VALUE_SHARE = 0.36, 0.14
ROW, THICK = 7.0, 4.2
HEAD_ROOM = 24.0
MOST_TOGETHER = 24
"""So many bars fit on one page below their title."""


@write.register
def _bars(block: Bars, pdf: Pages) -> None:
    """The title, what is to be seen, the legend, the bars, and the same as a table."""
    pdf.keep_together(HEAD_ROOM + ROW * min(len(block.bars), MOST_TOGETHER))
    language = pdf.document.language
    pdf.say(block.title, language, (12, "B", DEEP))
    pdf.say(block.told, language, (10, "I", MUTED))
    pdf.ln(1)
    pdf.shape(*(bar.label for bar in block.bars))
    longest = max((sum(bar.parts) for bar in block.bars), default=0) or 1
    # The picture is told in a sentence; every number of it is in the table below.
    with pdf.tagged("Figure", language=language, alt=f"{block.title}. {block.told}"):
        _legend(pdf, block)
        for bar in block.bars:
            pdf.keep_together(ROW)
            _bar(pdf, bar.label, [part / longest for part in bar.parts], bar.value)
    pdf.ln(3)
    write(block.table, pdf)


def _legend(pdf: Pages, block: Bars) -> None:
    pdf.take("", 9)
    pdf.set_text_color(*INK)
    at = 0.0
    top = pdf.get_y()
    for place, words in enumerate(block.legend):
        width = 7 + pdf.get_string_width(words) + 6
        left = pdf.w - MARGIN - at - 4 if pdf.is_mirrored else MARGIN + at
        _area(pdf, (left, top + 0.7), (4, 3.2), place)
        pdf.take("", 9)
        pdf.set_xy(left - width + 5 if pdf.is_mirrored else left + 5, top)
        pdf.cell(width - 6, 4.6, words, align=pdf.begin)
        at += width
    pdf.set_xy(MARGIN, top + 7)


def _bar(pdf: Pages, label: str, shares: list[float], value: str) -> None:
    top, whole = pdf.get_y(), pdf.epw
    label_width, value_width = whole * LABEL_SHARE, whole * VALUE_SHARE
    room = whole - label_width - value_width - 4
    pdf.take("", 9.5)
    pdf.set_text_color(*INK)
    pdf.set_xy(pdf.w - MARGIN - label_width if pdf.is_mirrored else MARGIN, top)
    pdf.cell(label_width, ROW, fitting(pdf, label, label_width - 2), align=pdf.begin)
    at = pdf.w - MARGIN - label_width - 2 if pdf.is_mirrored else MARGIN + label_width + 2
    for place, share in enumerate(shares):
        width = room * share
        if width > 0:
            corner = (at - width if pdf.is_mirrored else at, top + (ROW - THICK) / 2)
            _area(pdf, corner, (width, THICK), place)
        at += -width if pdf.is_mirrored else width
    pdf.take("", 9.5)
    pdf.set_xy(at - value_width - 1 if pdf.is_mirrored else at + 1, top)
    pdf.cell(value_width, ROW, value.replace("\u202f", "\u00a0"), align=pdf.begin)
    pdf.set_xy(MARGIN, top + ROW)


def _area(pdf: Pages, corner: tuple[float, float], size: tuple[float, float], part: int) -> None:
    pdf.set_fill_color(*PARTS[part])
    pdf.set_draw_color(*PARTS[0])
    pdf.set_line_width(0.15)
    pdf.rect(*corner, *size, style="DF")


def fitting(pdf: Pages, text: str, width: float) -> str:
    """As much of a text as has room on one line; the table below has all of it."""
    if pdf.get_string_width(text) <= width:
        return text
    while text and pdf.get_string_width(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


@write.register
def _signature(block: Signature, pdf: Pages) -> None:
    pdf.shape(*(known for _label, known in block.rows))
    height = 11.0 * len(block.rows) + 6
    # The lines by which one makes sure of a paper stand on the page that is signed.
    pdf.keep_together(max(height, 42) + (ROOM_FOR_PROOF if pdf.document.proof else 0))
    pdf.ln(6)
    top, width = pdf.get_y(), pdf.epw * 0.58
    left = pdf.w - MARGIN - width if pdf.is_mirrored else MARGIN
    for place, (label, known) in enumerate(block.rows):
        line = top + 11 * place + 7
        with pdf.tagged("P", f"{label} {known}"):
            pdf.take("", 10)
            pdf.set_text_color(*MUTED)
            pdf.set_xy(left, line - 5)
            pdf.cell(width, 5, marked(label, pdf.document.language), align=pdf.begin)
            pdf.take("", 10)
            pdf.set_text_color(*INK)
            pdf.set_xy(left, line - 5.2)
            pdf.cell(width, 5, marked(known, pdf.document.language), align=pdf.end)
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
    pdf.take("I", 9)
    pdf.set_text_color(*MUTED)
    pdf.set_xy(left + 4, top + size / 2 - 3)
    with pdf.tagged("P", words):
        pdf.multi_cell(size - 8, 4, marked(words, pdf.document.language), align="C")
