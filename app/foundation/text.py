"""Small things about text that several features need."""

from __future__ import annotations

import re
import unicodedata


class _Folding(dict[int, int | None]):
    """What each character becomes, as `str.translate` asks for it: marks that stand over or under a letter go."""

    def __missing__(self, code: int) -> int | None:
        self[code] = found = None if unicodedata.combining(chr(code)) else code
        return found


# Arabic letters that people write for one another, digits of both kinds, and the line that only widens a word.
SAME_IN_ARABIC = str.maketrans("ىیةک٠١٢٣٤٥٦٧٨٩", "ييهك0123456789", "\u0640")
_FOLDING = _Folding(SAME_IN_ARABIC)
# The article, with what is written onto it: and, with, like, for. Two letters alone are no word to leave.
ARTICLE = re.compile(r"^(?:[وف]?(?:[بك]?ال|لل)(?=.{3}))+")


def fold(text: str) -> str:
    """Lower case without accents: Précurseur and precurseur are the same word, and so are إدارة and اداره."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text.casefold()).translate(_FOLDING)


def without_article(word: str) -> str:
    """A folded Arabic word without its article, and any other word as it is."""
    return word if word.isascii() else ARTICLE.sub("", word)


def shorten(text: str, longest: int = 240) -> str:
    """The beginning of a text, cut at a word, with an ellipsis if anything was cut."""
    flat = " ".join(text.split())
    if len(flat) <= longest:
        return flat
    return flat[:longest].rsplit(" ", 1)[0].rstrip(",.;: ") + "…"
