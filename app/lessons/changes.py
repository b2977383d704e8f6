"""A lesson word for word, as a version keeps it, and how each part of it is said when two versions are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.foundation.languages import say
from app.foundation.messages import msg
from app.foundation.wording.versions import snapshot_of
from app.foundation.wording.words import YES_NO, Part, chosen, coded, day
from app.lessons import rules
from app.lessons.models import Lesson

COLUMNS = (
    "language", "title", "context", "action", "result", "cause", "instruction", "kind", "verdict", "criterion",
    "stage", "audience", "evidence", "is_independent", "view", "review_by",
)  # fmt: skip
FACETS = {"theme": "themes", "kind": "kinds", "country": "countries", "audience": "audiences"}


def snapshot(lesson: Lesson) -> dict[str, Any]:
    """Every word of a lesson as plain values."""
    return snapshot_of(lesson, COLUMNS, FACETS)


def audiences(codes: Any, _state: Mapping[str, Any], language: str) -> str:
    """Who should read it, by the names of the list."""
    return ", ".join(say(rules.AUDIENCES[code], language) for code in codes or () if code in rules.AUDIENCES)


PARTS: Mapping[str, Part] = {
    "language": Part(msg("Language"), coded("language")),
    "title": Part(msg("Title")),
    "context": Part(msg("When")),
    "action": Part(msg("this was done")),
    "result": Part(msg("and led to")),
    "cause": Part(msg("because")),
    "instruction": Part(msg("Next time")),
    "verdict": Part(msg("How it went"), chosen({code: name for code, (name, _colour) in rules.VERDICTS.items()})),
    "evidence": Part(msg("Evidence"), chosen(rules.EVIDENCE)),
    "is_independent": Part(msg("Told by somebody who did not take part"), chosen(YES_NO)),
    "view": Part(msg("Whose view"), chosen(rules.VIEWS)),
    "kind": Part(msg("Kind of lesson"), chosen(rules.KINDS)),
    "criterion": Part(msg("Criterion"), chosen(rules.CRITERIA)),
    "stage": Part(msg("Stage"), chosen(rules.STAGES)),
    "audiences": Part(msg("To be read by"), audiences),
    "audience": Part(msg("Others who should read it")),
    "review_by": Part(msg("Look at it again by"), day),
    "themes": Part(msg("Themes"), coded("theme")),
    "kinds": Part(msg("Kinds of assistance"), coded("kind")),
    "countries": Part(msg("Countries"), coded("country")),
    "disclosure": Part(msg("Who may see it"), chosen(rules.TIERS)),
}
"""In the order of the form."""
