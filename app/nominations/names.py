"""How codes of this feature are named."""

from __future__ import annotations

from app.foundation.languages import say
from app.nominations.rules import SEXES


def sex_name(code: str, language: str) -> str:
    """The name of one of rules.SEXES, or the code itself."""
    return say(SEXES[code], language) if code in SEXES else code
