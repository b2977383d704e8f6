"""How quarters are written in each language."""

from __future__ import annotations

from functools import cache

from app.foundation.languages import register_namer, say
from app.foundation.messages import msg
from app.overview.quarters import Quarter


@cache
def quarter_name(code: str, language: str) -> str:
    """A quarter that stands in an address or a message as 2027-Q1, as the language writes it: Q1 2027, T1 2027."""
    quarter = Quarter.read(code)
    if quarter is None:
        return code
    return say(msg("Q%(number)s %(year)s", number=quarter.number, year=str(quarter.year)), language)


def register() -> None:
    """Let messages name quarters."""
    register_namer("quarter", quarter_name)
