"""The law of asking at the end: who is asked about what, once; what an answer comes to; and who may read it at most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.foundation.disclosure import TIERS
from app.foundation.messages import Message, msg

ASKED, TOLD, NOTHING = "asked", "told", "nothing"
STATUSES = frozenset({ASKED, TOLD, NOTHING})
RECIPIENT, DONOR, CENTRE = "recipient", "donor", "centre"
WRITABLE = ("public", "members", "own")
"""The tiers that a lesson may have."""
LONGEST_TITLE = 120

QUESTIONS: Mapping[str, Message] = {
    "need": msg("What did you learn from this need?"),
    "programme": msg("What did you learn from this programme?"),
    "course": msg("What did you learn from this course?"),
}


@dataclass(frozen=True)
class Wanted:
    """One organisation that is to be asked about one record; `tier` is the narrowest that the record or a pledge has.

    `of_kind` and `of_ref` are what has ended, `about_kind` and `about_ref` the record that the lesson will hang on.
    """

    organisation_id: int
    of_kind: str
    of_ref: str
    about_kind: str
    about_ref: str
    view: str
    tier: str

    @property
    def key(self) -> tuple[int, str, str]:
        """For this an organisation is asked once."""
        return self.organisation_id, self.of_kind, self.of_ref


class MoveRefused(ValueError):
    """It was answered already."""


def check_open(status: str) -> None:
    """Go on only if nothing has been answered yet.

    Raises:
        MoveRefused: it was answered.
    """
    if status != ASKED:
        raise MoveRefused(status)


def proposed_tier(tier: str) -> str:
    """Who may read the lesson unless its author says otherwise: those who may see the record, never more."""
    return tier if tier in WRITABLE else "own"


def offered_tiers(tier: str, *, is_owner: bool) -> tuple[str, ...]:
    """Which tiers an author may choose: the owner of the record any, others none that is wider than the record's."""
    if is_owner:
        return WRITABLE
    return tuple(each for each in WRITABLE if TIERS.index(each) >= TIERS.index(proposed_tier(tier)))


def first_of_each(wanted: Iterable[Wanted]) -> list[Wanted]:
    """Each organisation once for each record, with the narrowest tier of all that it would be asked with."""
    found: dict[tuple[int, str, str], Wanted] = {}
    for one in wanted:
        known = found.get(one.key)
        if known is None or TIERS.index(one.tier) > TIERS.index(known.tier):
            found[one.key] = one
    return list(found.values())


def title_from(instruction: str) -> str:
    """The title of a lesson: its instruction, cut at the end of its first sentence or at a word."""
    text = " ".join(instruction.split())
    first = text.split(". ", 1)[0].rstrip(".")
    return first if len(first) <= LONGEST_TITLE else first[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"
