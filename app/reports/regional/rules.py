"""The law of regional reports: who they are for, how they move, and what is said of what the last one recommended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.foundation.actors import ANONYMOUS, Actor, Membership
from app.foundation.messages import Message, msg, pmsg

DRAFT, SIGNED = "draft", "signed"
STATUS_NAMES: Mapping[str, tuple[Message, str]] = {
    DRAFT: (pmsg("report", "Draft"), "neutral"),
    SIGNED: (pmsg("report", "Signed"), "success"),
}
AUDIENCES: Mapping[str, Message] = {
    "public": msg("Anybody"),
    "members": msg("People of verified organisations"),
}
"""Who reads a regional report once it is signed. Its figures are counted as such a reader may see them."""
OUTCOMES: Mapping[str, Message] = {
    "open": pmsg("recommendation", "Open"),
    "done": pmsg("recommendation", "Done"),
    "dropped": pmsg("recommendation", "Dropped"),
}
MOST_RECOMMENDATIONS = 30
MOST_SITUATIONS = 40
SIGNED_STAYS = msg("This report is signed and stays as it is. Write the next one.")


class ReportRefused(ValueError):
    """A regional report cannot be changed as was asked; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class RegionalDraft:
    """Everything that a desk types: texts by theme, recommendations as (text, addressee), and what became of old ones.

    `outcomes` are (status, note, references of action points), one for each recommendation that is followed up.
    """

    language: str
    title: str
    starts_on: date
    ends_on: date
    disclosure: str = "members"
    introduction: str = ""
    situations: Mapping[str, str] = field(default_factory=dict)
    recommendations: tuple[tuple[str, str], ...] = ()
    outcomes: tuple[tuple[str, str, tuple[str, ...]], ...] = ()


def check_draft(status: str) -> None:
    """Go on only if the report is a draft.

    Raises:
        ReportRefused: it is signed.
    """
    if status != DRAFT:
        raise ReportRefused(SIGNED_STAYS)


def reader_of(disclosure: str) -> Actor:
    """A reader who sees what every reader of the report may see, and nothing besides."""
    if disclosure == "public":
        return ANONYMOUS
    return Actor(account_id=0, memberships=(Membership(0, "", "", "ngo", "verified", "member"),))


def to_follow_up(
    recommendations: Iterable[Mapping[str, Any]], follow_up: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What the next report has to say something about: what this one recommends, and what it left open."""
    left = [row for row in follow_up if row["status"] == "open"]
    return [
        {"text": row["text"], "to": row["to"], "status": "open", "note": "", "points": []}
        for row in (*recommendations, *left)
    ]
