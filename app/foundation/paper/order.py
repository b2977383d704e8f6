"""In which order the letters of a line stand on paper where two directions meet: digits and names in Arabic.

The library finds out how deep each letter is embedded (Unicode Standard Annex 9), and then knows of a piece of text
only its direction: a year within Arabic words within an English line came out on the wrong side of them. Here each
piece keeps its level, and the pieces of a line are put in order by rule L2. References, days in figures, shares and
addresses are isolated first, so that each of them is read from left to right as a whole.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection
from fpdf.line_break import Fragment, TextLine

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
RIGHT_TO_LEFT_MARK = "\u200f"
LEFT_TO_RIGHT_ISOLATE, FIRST_STRONG_ISOLATE, END_OF_ISOLATE = "\u2066", "\u2068", "\u2069"
UNSEEN = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What only says in which order letters stand is not drawn."""
FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]")
QUOTED = re.compile("(?<=“)[^“”]+(?=”)")
WHOLE = re.compile(
    r"https?://[^\s\u0590-\u08ff”»]*[^\s\u0590-\u08ff”».,:;)]"
    r"|\+\d[\d -]{5,}\d"
    r"|(?<![A-Za-z0-9./:,_%+#@&=?~-])(?:\d|(?<![A-Za-z] )[A-Za-z+](?=[A-Za-z./:,_%+#@&=?~-]*\d))"
    r"(?:[A-Za-z0-9./:,_%+#@&=?~-]*[A-Za-z0-9%/])?"
)
"""An address, a telephone number, or whatever has a digit in it and no blank: N-7KQ2-MX4T, 2026-11-23, 12.5%.

What begins with a letter and follows another such word (EU Directive A/RES/55) stays with it as it is.
"""


def marked(text: str, language: str) -> str:
    """A text in a language that is read from the right is so even where it begins with a name in another script.

    What has no letter at all of such a script (a reference, a telephone number) is read from the left in any language.
    """
    # Our letters know one space that does not break, and not the narrow one that CLDR puts between thousands.
    plain = text.replace("\u202f", "\u00a0")
    is_turned = language in RIGHT_TO_LEFT and FROM_THE_RIGHT.search(plain)
    return RIGHT_TO_LEFT_MARK + plain if is_turned else plain


def plain_words(text: str) -> str:
    """A text without the signs that say in which order it is read, as it is searched for and read aloud."""
    return "".join(letter for letter in text if letter not in UNSEEN)


def isolated(text: str, base: TextDirection) -> str:
    """A text in which two directions meet, with what is read as a whole kept together; any other text as it is.

    What stands in quotation marks goes its own way in any line; in one that is read from the left digits do anyway.
    """
    if not FROM_THE_RIGHT.search(text):
        return text
    quoted = QUOTED.sub(lambda found: f"{FIRST_STRONG_ISOLATE}{found[0]}{END_OF_ISOLATE}", text)
    if base == TextDirection.LTR:
        return quoted
    return WHOLE.sub(lambda found: f"{LEFT_TO_RIGHT_ISOLATE}{found[0]}{END_OF_ISOLATE}", quoted)


def levelled(text: str, base: TextDirection) -> list[tuple[str, int]]:
    """A text in pieces, in the order in which it is read, each with its level: even from left to right, odd from right.

    The signs that say in which order it stands have done so, and are left out.
    """
    found = BidiParagraph(text=isolated(text, base), base_direction=base, preserve_bn_chars=True)
    letters = [(one.character, one.embedding_level) for one in found.get_characters_with_embedding_level()]
    seen = [(letter, level) for letter, level in letters if letter not in UNSEEN]
    return [("".join(letter for letter, _level in run), level) for level, run in groupby(seen, key=lambda one: one[1])]


class OrderedLine(TextLine):
    """A line whose pieces stand as their levels say."""

    def get_ordered_fragments(self) -> list[Fragment]:
        """The pieces from left to right: from the deepest level up, whatever stands together is turned round."""
        pieces = list(self.fragments)
        for level in range(max(map(_level, pieces), default=0), 0, -1):
            pieces = _turned(pieces, level)
        return pieces


def _turned(pieces: list[Fragment], level: int) -> list[Fragment]:
    turned: list[Fragment] = []
    for is_deep, run in groupby(pieces, key=lambda piece: _level(piece) >= level):
        together = list(run)
        turned += together[::-1] if is_deep else together
    return turned


def _level(piece: Fragment) -> int:
    shaping: dict[str, Any] | None = piece.text_shaping_parameters
    return int(shaping.get("level", 0)) if shaping else 0
