"""Small things about text that several features need."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Lower case without accents: Précurseur and precurseur are the same word."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def shorten(text: str, longest: int = 240) -> str:
    """The beginning of a text, cut at a word, with an ellipsis if anything was cut."""
    flat = " ".join(text.split())
    if len(flat) <= longest:
        return flat
    return flat[:longest].rsplit(" ", 1)[0].rstrip(",.;: ") + "…"
