"""The sheet itself: A4 across, drawn line by line, in letters that know Latin, Greek, Cyrillic and Arabic names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno
from fpdf.enums import MethodReturnValue

from app.foundation.paper.order import RIGHT_TO_LEFT
from app.foundation.paper.sheet import DEEP, INK, MUTED, SERIF, Paper, entitle, take_letters
from app.nominations.certificates.ornaments import frame, rule, seal

WIDTH, HEIGHT = 297.0, 210.0
TEXT_WIDTH = 225.0
POINT, LEADING = 0.3528, 1.18
SMALL, SMALLEST = 12, 6
SHORT, LONG = 14, 34
TOP, BOTTOM, MOST_AIR = 23.0, 125.0, 4.2
"""Between these, in millimetres, stands whose certificate it is and for what; what room is left parts the lines."""
FACTS_AT, RECOGNISED_AT = 130.0, 148.0


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on a certificate, worded already; `facts` are (label, value), empty lines are left out."""

    language: str
    title: str
    centre: str
    hosts: str
    before_name: str
    name: str
    after_name: str
    course: str
    facts: tuple[tuple[str, str], ...]
    recognised: str
    signed_for: str
    issued: str
    check: str
    code: str
    address: str
    link: str
    made_at: datetime


@dataclass(frozen=True)
class Line:
    """A paragraph in the middle of the sheet: its text, its letters, the sizes from which the largest that fits is
    taken, the most lines that it may have, and the space below in millimetres.
    """

    text: str
    style: str
    sizes: tuple[int, ...]
    most: int
    below: float
    colour: tuple[int, int, int] = INK
    kind: str = "P"


def draw(sheet: Sheet) -> bytes:
    """The certificate as a PDF."""
    pdf = _blank(sheet)
    frame(pdf, WIDTH, HEIGHT)
    _heading_and_text(pdf, sheet)
    _facts(pdf, sheet)
    _foot(pdf, sheet)
    return pdf.written()


def _blank(sheet: Sheet) -> Paper:
    pdf = Paper("landscape")
    take_letters(pdf)
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    entitle(pdf, f"{sheet.title}: {sheet.course}", sheet.centre, sheet.language, sheet.made_at)
    pdf.add_page()
    return pdf


def _heading_and_text(pdf: Paper, sheet: Sheet) -> None:
    lines = [
        Line(sheet.centre, "B", (16, 14, 12), 1, 0.0, DEEP),
        Line(sheet.hosts, "I", (11, 10, 9), 1, 0.0, MUTED),
        Line(sheet.title, "", (40, 34, 28), 1, 6.0, DEEP, "H1"),
        Line(sheet.before_name, "I", (14,), 1, 0.0, MUTED),
        Line(sheet.name, "B", (34, 30, 26, 22, 18, 15), 1, 1.0),
        Line(sheet.after_name, "I", (14,), 1, 0.0, MUTED),
        Line(sheet.course, "", (24, 21, 18, 16, 14), 2, 0.0),
    ]
    lines = [line for line in lines if line.text]
    air = min(MOST_AIR, max(0.0, (BOTTOM - TOP - sum(_height(pdf, line) for line in lines)) / len(lines)))
    y = TOP + air / 2
    for line in lines:
        y = _paragraph(pdf, line, y) + air
        if line.text == sheet.title:
            rule(pdf, WIDTH / 2, y - air / 2 - 3)


def _height(pdf: Paper, line: Line) -> float:
    size, rows = _fitting(pdf, line)
    return len(rows) * size * POINT * LEADING + line.below


def _paragraph(pdf: Paper, line: Line, y: float) -> float:
    """Draw it in the middle, in the largest size that fits; where the next one begins."""
    size, rows = _fitting(pdf, line)
    pdf.set_text_color(*line.colour)
    pdf.set_font(SERIF, line.style, size)
    step = size * POINT * LEADING
    with pdf.tagged(line.kind, line.text):
        for row in rows:
            pdf.set_xy((WIDTH - TEXT_WIDTH) / 2, y)
            pdf.cell(TEXT_WIDTH, step, row, align="C")
            y += step
    return y + line.below


def _fitting(pdf: Paper, line: Line) -> tuple[int, list[str]]:
    rows: list[str] = []
    for size in line.sizes:
        pdf.set_font(SERIF, line.style, size)
        rows = _rows(pdf, line.text, TEXT_WIDTH)
        if len(rows) <= line.most:
            return size, rows
    # A text that is too long even in small letters gets one more line, and is cut then.
    kept = rows[: line.most + 1]
    return line.sizes[-1], kept if kept == rows else [*kept[:-1], f"{kept[-1].rstrip()}…"]


def _rows(pdf: Paper, text: str, width: float) -> list[str]:
    found = pdf.multi_cell(width, None, text, align="C", dry_run=True, output=MethodReturnValue.LINES)
    return [str(row) for row in found] if isinstance(found, list) else [text]


def _facts(pdf: Paper, sheet: Sheet) -> None:
    """Days, hours, place and mark side by side in letters of one size; below them who recognises it."""
    facts = [(label, value) for label, value in sheet.facts if value]
    widths = _widths([max(len(label), len(value)) for label, value in facts])
    size = next((size for size in (14, 13, 12, 11) if _fit(pdf, facts, size, widths)), 10)
    begun = 0.0
    for (label, value), width in zip(facts, widths, strict=True):
        # From right to left the first stands at the right; whoever has it read aloud hears it first all the same.
        left = TEXT_WIDTH - begun - width if sheet.language in RIGHT_TO_LEFT else begun
        x = (WIDTH - TEXT_WIDTH) / 2 + 2 + left
        with pdf.tagged("P", f"{label}: {value}"):
            pdf.set_text_color(*MUTED)
            _rows_at(pdf, (x, FACTS_AT, width - 4), [label], 10, "C")
            pdf.set_text_color(*INK)
            pdf.set_font(SERIF, "", size)
            _rows_at(pdf, (x, FACTS_AT + 5, width - 4), _rows(pdf, value, width - 4)[:2], size, "C")
        begun += width
    if sheet.recognised:
        _paragraph(pdf, Line(sheet.recognised, "I", (12, 11, 10, 9), 1, 0, MUTED), RECOGNISED_AT)


def _widths(lengths: list[int]) -> list[float]:
    """More room for what is long, within limits."""
    weights = [min(LONG, max(SHORT, length)) for length in lengths]
    return [TEXT_WIDTH * weight / sum(weights) for weight in weights]


def _fit(pdf: Paper, facts: list[tuple[str, str]], size: int, widths: list[float]) -> bool:
    pdf.set_font(SERIF, "", size)
    most = 1 if size > SMALL else 2
    rows = [_rows(pdf, value, width - 4) for (_label, value), width in zip(facts, widths, strict=True)]
    return all(len(row) <= most for row in rows)


def _rows_at(pdf: Paper, place: tuple[float, float, float], rows: list[str], size: int, align: str) -> None:
    x, y, width = place
    pdf.set_font(SERIF, "", size)
    for number, row in enumerate(rows):
        pdf.set_xy(x, y + number * size * POINT * 1.14)
        pdf.cell(width, size * POINT * 1.2, row, align=align)


def _foot(pdf: Paper, sheet: Sheet) -> None:
    """To one side room for a signature, the seal in the middle, to the other side the code and where to check it."""
    pdf.set_draw_color(*MUTED)
    pdf.set_line_width(0.25)
    pdf.line(30, 180, 104, 180)
    _small(pdf, (30, 181.5, 74), (sheet.signed_for, 11, INK, "C"))
    _small(pdf, (30, 187, 74), (sheet.issued, 10, MUTED, "C"))
    seal(pdf, WIDTH / 2, 177, 13.5)
    with pdf.tagged("Figure", alt=f"QR: {sheet.link}"):
        _qr(pdf, sheet.link, (242, 161, 25))
    place = (170.0, 161.5, 69.0)
    _small(pdf, place, (sheet.check, 10, MUTED, "R"), most=2)
    _small(pdf, (place[0], 171.5, place[2]), (sheet.address, 10, INK, "R"))
    _small(pdf, (place[0], 177.5, place[2]), (sheet.code, 15, DEEP, "R"))


def _small(
    pdf: Paper, place: tuple[float, float, float], what: tuple[str, int, tuple[int, int, int], str], most: int = 1
) -> None:
    text, size, colour, align = what
    pdf.set_text_color(*colour)
    rows = [text]
    while size > SMALLEST:
        pdf.set_font(SERIF, "", size)
        rows = _rows(pdf, text, place[2])
        if len(rows) <= most:
            break
        size -= 1
    with pdf.tagged("P", text):
        _rows_at(pdf, place, rows[:2], size, align)


def _qr(pdf: Paper, text: str, place: tuple[float, float, float]) -> None:
    x, y, side = place
    rows = list(segno.make(text, error="m", micro=False).matrix)
    step = side / len(rows)
    pdf.set_fill_color(*DEEP)
    for down, row in enumerate(rows):
        run = 0
        for across, cell in enumerate([*row, 0]):
            if cell:
                run += 1
            elif run:
                pdf.rect(x + (across - run) * step, y + down * step, run * step, step * 1.02, style="F")
                run = 0
    pdf.link(x, y, side, side, text)
