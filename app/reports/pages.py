"""The pages of a report on paper: their margins, their letters, and on which side a line begins."""

from __future__ import annotations

from fpdf.enums import XPos, YPos

from app.foundation.paper.order import marked
from app.foundation.paper.sheet import SERIF, Paper
from app.reports.document import RIGHT_TO_LEFT, Document

MARGIN, FOOT = 20.0, 20.0
POINT = 0.3528
LEADING, ARABIC_LEADING = 1.25, 1.5
"""Lines of Arabic want more air: its letters reach further up and down."""
LAST_PLAIN = "\u052f"
"""Up to here letters stand side by side as they are: Latin, Greek and Cyrillic."""
PUNCTUATION = ("\u1e00", "\u22ff")
"""Further Latin letters, dashes, quotation marks and signs, which do so too."""
Colour = tuple[int, int, int]


class Pages(Paper):
    """The pages of one report."""

    def __init__(self, document: Document) -> None:
        super().__init__()
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

    def take(self, style: str, size: float) -> None:
        """Write on with these letters."""
        self.set_font(SERIF, style, size)

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

    def say(self, text: str, language: str, look: tuple[float, str, Colour], kind: str = "P") -> None:
        """Some words from margin to margin, at the side at which their language begins; `kind` is what they are."""
        size, style, colour = look
        self.set_text_color(*colour)
        self.shape(text)
        side = "R" if language in RIGHT_TO_LEFT else "L"
        height = size * POINT * (ARABIC_LEADING if language in RIGHT_TO_LEFT else LEADING)
        for paragraph in text.split("\n"):
            words = marked(paragraph, language)
            self.take(style, size)
            with self.tagged(kind, paragraph, language):
                self.multi_cell(0, height, words, align=side, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def wants_shaping(text: str) -> bool:
    """Whether any letter changes with those beside it, or is read from the right."""
    first, last = PUNCTUATION
    return any(letter > LAST_PLAIN and not first <= letter <= last for letter in text)
