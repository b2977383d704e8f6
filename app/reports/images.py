"""The same pictures as on paper, as PNG for Word files: bars, and a table that is shaded by how much is in a cell."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from app.foundation.paper.sheet import FONTS, INK
from app.reports.document import RIGHT_TO_LEFT, Bars, Document, Heat, words_of
from app.reports.drawing import PARTS
from app.reports.paper import LIGHT_FROM, SHADES

WIDTH = 1600
ROW, THICK, EDGE = 52, 32, 10
LABEL, VALUE = 560, 240
SIZE = 28
FIRST_ARABIC, LAST_ARABIC = "\u0600", "\u06ff"
WHITE = (255, 255, 255)


@cache
def letters(name: str, size: int) -> Any:
    """The letters of one family in one size."""
    return ImageFont.truetype(str(FONTS / name), size)


class Canvas:
    """An image that is drawn from the side at which the report's language begins."""

    def __init__(self, document: Document, height: int) -> None:
        self.is_mirrored = document.language in RIGHT_TO_LEFT
        self.image = Image.new("RGB", (WIDTH, max(height, ROW)), WHITE)
        self.draw = ImageDraw.Draw(self.image)

    def area(self, left: float, top: float, width: float, height: float, colour: tuple[int, int, int]) -> None:
        """A filled area with an outline; `left` is counted from where lines begin."""
        begin = WIDTH - left - width if self.is_mirrored else left
        box = (begin, top, begin + max(width, 1), top + height)
        self.draw.rectangle(box, fill=colour, outline=PARTS[0])

    def words(
        self,
        text: str,
        left: float,
        top: float,
        width: float,
        colour: tuple[int, int, int] = INK,
        *,
        bold: bool = False,
    ) -> None:
        """Words on one line, cut where they have no room; in the middle between `top` and the next row."""
        is_arabic = any(FIRST_ARABIC <= letter <= LAST_ARABIC for letter in text)
        name = "Amiri-Regular.ttf" if is_arabic else f"EBGaramond-{'SemiBold' if bold else 'Regular'}.ttf"
        font = letters(name, SIZE)
        shown = text
        while shown and self.draw.textlength(shown, font=font) > width:
            shown = shown[:-2].rstrip() + "…" if len(shown) > 2 else ""  # noqa: PLR2004 - one letter and the dots
        at = WIDTH - left if self.is_mirrored else left
        where = "rm" if self.is_mirrored else "lm"
        self.draw.text((at, top + ROW / 2), shown, font=font, fill=colour, anchor=where)

    def png(self) -> bytes:
        """The image as a file, of few colours and so small."""
        written = BytesIO()
        self.image.quantize(64).save(written, "PNG", optimize=True)
        return written.getvalue()


def picture_of_bars(block: Bars, document: Document) -> bytes:
    """The bars with their legend."""
    canvas = Canvas(document, ROW * (len(block.bars) + 1) + EDGE)
    for place, words in enumerate(block.legend):
        left = EDGE + place * (WIDTH - EDGE) / len(block.legend)
        canvas.area(left, 12, THICK, THICK - 6, PARTS[place])
        canvas.words(words, left + THICK + 12, 0, WIDTH / len(block.legend) - THICK - 24)
    longest = max((sum(bar.parts) for bar in block.bars), default=0) or 1
    room = WIDTH - LABEL - VALUE - 2 * EDGE
    for number, bar in enumerate(block.bars, start=1):
        top = number * ROW
        canvas.words(bar.label, EDGE, top, LABEL - 2 * EDGE)
        at: float = LABEL
        for place, part in enumerate(bar.parts):
            width = room * part / longest
            if width > 0:
                canvas.area(at, top + (ROW - THICK) / 2, width, THICK, PARTS[place])
            at += width
        canvas.words(bar.value, at + EDGE, top, VALUE)
    return canvas.png()


def picture_of_heat(block: Heat, document: Document) -> bytes:
    """The table, each cell with its number and its shade."""
    table = block.table
    canvas = Canvas(document, ROW * (len(table.rows) + 1) + EDGE)
    first = LABEL * 0.8
    width = (WIDTH - first - EDGE) / max(1, len(table.head) - 1)
    for number, cells in enumerate((table.head, *table.rows)):
        top = number * ROW
        for column, cell in enumerate(cells):
            left = EDGE if column == 0 else first + (column - 1) * width
            shade = table.shades[number - 1][column] if number and table.shades else 0
            if number and column:
                canvas.area(left, top, width, ROW, SHADES[shade])
            room = first - 2 * EDGE if column == 0 else width - 2 * EDGE
            colour = WHITE if shade >= LIGHT_FROM else INK
            canvas.words(words_of(cell), left + EDGE * (column > 0), top, room, colour, bold=number == 0)
    return canvas.png()
