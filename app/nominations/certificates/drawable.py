"""Which letters the two typefaces of certificates have: Latin, Greek, Cyrillic and Arabic ones, and no others.

A typeface with the letters of East Asia weighs more than the rest of the site, so that nothing is drawn in them; what
cannot be drawn is said before a certificate is issued, and before somebody is put forward.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from fpdf import FPDF
from fpdf.fonts import TTFFont

from app.foundation.messages import Message, msg
from app.foundation.paper.sheet import ARABIC, SERIF, take_letters
from app.nominations.certificates.words import plain
from app.nominations.models import Nomination

UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})
"""What is left out, is a space, or sits on the letter before it."""


def undrawable(*texts: str) -> str:
    """The letters of these texts that cannot be drawn, each once, in their order."""
    return "".join(dict.fromkeys(letter for text in texts for letter in text if not _is_known(letter)))


def letters_problem(*texts: str) -> Message | None:
    """What to say of a name with such letters: how to mend it, or nothing."""
    letters = undrawable(*texts)
    if not letters:
        return None
    return msg(
        "A certificate cannot be drawn with these letters: %(letters)s. Write the name in Latin, Greek, Cyrillic or "
        "Arabic letters.",
        letters=" ".join(letters),
    )


def undrawable_on(one: Nomination) -> str:
    """The letters of a candidate's certificate that cannot be drawn: of the name, of the course, of its centre."""
    course = one.course
    texts = (one.name, course.title, course.organisation.name, course.hosts, course.recognised_by, one.session.place)
    return undrawable(*map(plain, texts))


def _is_known(letter: str) -> bool:
    if unicodedata.category(letter) in UNSEEN:
        return True
    # A letter with an accent is drawn as the letter and its accent where the typeface has it in two.
    parts = unicodedata.normalize("NFD", letter)
    return ord(letter) in _letters() or all(ord(part) in _letters() for part in parts)


@cache
def _letters() -> frozenset[int]:
    """The letters that every style can draw, with the typeface that stands in for what the first does not have."""
    pdf = FPDF()
    take_letters(pdf)
    styles: dict[str, list[set[int]]] = {face: [] for face in (SERIF, ARABIC)}
    for key, font in pdf.fonts.items():
        assert isinstance(font, TTFFont)
        face = next(face for face in styles if key.startswith(face.lower()))
        styles[face].append(set(font.cmap))
        font.ttfont.close()
    return frozenset().union(*(set.intersection(*letters) for letters in styles.values()))
