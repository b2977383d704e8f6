"""The part of a text that shows why it was found, with the words of the question marked."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from app.foundation.text import fold
from app.search.language import stems_of

# With the vowel signs of Arabic, which would otherwise part a word in two.
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u064b-\u0652\u0670])*", re.UNICODE)
SNIPPET = 220


def snippet(text: str, stems: frozenset[str]) -> Markup:
    """About 220 characters around the first word of the question, the words marked; the beginning if there is none."""
    flat = " ".join(text.split())
    first = next((m.start() for m in WORD.finditer(flat) if stems & set(stems_of(fold(m.group())))), 0)
    start = max(0, first - SNIPPET // 3)
    if start:
        start = flat.find(" ", start) + 1
    part = flat[start : start + SNIPPET]
    if start + SNIPPET < len(flat):
        part = part.rsplit(" ", 1)[0] + "…"
    return marked(("…" if start else "") + part, stems)


def marked(text: str, stems: frozenset[str]) -> Markup:
    """The text with the words of the question marked, everything else escaped."""
    parts: list[Markup] = []
    end = 0
    for match in WORD.finditer(text):
        if stems and stems & set(stems_of(fold(match.group()))):
            parts += [escape(text[end : match.start()]), Markup("<mark>%s</mark>") % match.group()]
            end = match.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts)
