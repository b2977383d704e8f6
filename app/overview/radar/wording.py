"""How quarters are written in each language."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.dates import format_skeleton

from app.foundation.languages import register_namer
from app.overview.radar.rules import Quarter


@cache
def quarter_name(code: str, language: str) -> str:
    """A quarter that stands in an address or a message as 2027-Q1, as the language writes it: Q1 2027, T1 2027."""
    quarter = Quarter.read(code)
    return format_skeleton("yQQQ", quarter.first_day, locale=language) if quarter else code


@cache
def quarter_short(code: str, language: str) -> str:
    """The same without its year."""
    quarter = Quarter.read(code)
    return str(Locale.parse(language).quarters["format"]["abbreviated"][quarter.number]) if quarter else code


def register() -> None:
    """Let messages name quarters."""
    register_namer("quarter", quarter_name)
