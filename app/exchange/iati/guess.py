"""Which language a text is written in, where the publisher does not say or, beyond doubt, says it wrongly."""

from __future__ import annotations

from functools import cache
from typing import Any

LANGUAGES = ("en", "fr", "es", "pt", "ar", "de", "nl", "sv", "da")
"""Languages (ISO 639-1) that are told apart: those of the site first, then others that donors publish in."""

SHORTEST = 20
"""A text of fewer characters could be in any language."""

SHORTEST_FOR_DOUBT = 30
BEYOND_DOUBT = 0.95


def guess_language(text: str) -> str | None:
    """The likeliest language of a text, None when it is too short to tell."""
    if len(text) < SHORTEST:
        return None
    language, _confidence = _identifier().classify(text)
    return str(language)


def contradicts(text: str, declared: str) -> str | None:
    """The language that a text is in beyond doubt, if it is another than was declared.

    Many publishers declare English for a whole file and write the language of the country.
    """
    if len(text) < SHORTEST_FOR_DOUBT or declared not in LANGUAGES:
        return None
    language, confidence = _identifier().classify(text)
    return str(language) if language != declared and confidence >= BEYOND_DOUBT else None


@cache
def _identifier() -> Any:
    # Reading the model takes most of a second, which only an import should pay.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
