"""What can be followed, and from which strength on a match is worth a word."""

from __future__ import annotations

from collections.abc import Mapping

from app.foundation.messages import Message, msg

KINDS = ("need", "programme", "course", "lesson", "meeting")
"""Kinds of records that can be followed."""
MOST_FOLLOWED = 500

STRENGTHS = ("weak", "fair", "strong")
"""How strong a match is, from little to much, as matching says it."""
USUAL = "fair"
THRESHOLDS: Mapping[str, Message] = {
    "weak": msg("Of every match, possible ones too"),
    "fair": msg("Of fair and strong matches"),
    "strong": msg("Of strong matches only"),
}


def is_enough(strength: str, least: str) -> bool:
    """Whether a match of this strength is told to somebody who wants at least that."""
    return STRENGTHS.index(strength) >= STRENGTHS.index(least)
