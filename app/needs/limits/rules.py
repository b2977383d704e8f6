"""The law of limits of absorption: who sets one, what it measures, how it moves, and what it applies to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.foundation.messages import Message, msg, pmsg

CAN_SET = ("state",)
"""Kinds of organisation that set limits: a State's own, each for its own country."""

PROVIDERS, PROGRAMMES, TRAINEES = "providers", "programmes", "trainees"
MEASURES: Mapping[str, Message] = {
    PROVIDERS: msg("Providers at once"),
    PROGRAMMES: msg("Programmes at once"),
    TRAINEES: msg("People in training in a quarter"),
}
"""What is counted: organisations that help, programmes and pledges that run, or places in training."""
MOST_ALLOWED = 100_000
"""The largest limit that says anything."""

MOVES: Mapping[str, frozenset[str]] = {
    "standing": frozenset({"standing", "ended"}),
    "ended": frozenset(),
}
STATUS_NAMES: Mapping[str, tuple[Message, str]] = {
    "standing": (pmsg("limit", "In force"), "accent"),
    "ended": (pmsg("limit", "Ended"), "neutral"),
}
DISCLOSURE_NAMES: Mapping[str, Message] = {
    "public": msg("Anybody"),
    "members": msg("People of verified organisations"),
    "own": msg("Only my own organisation"),
}


class MoveRefused(ValueError):
    """A limit cannot go from where it is to where it was asked to go; `status` and `wanted` say which."""

    def __init__(self, status: str, wanted: str) -> None:
        super().__init__(f"{status} -> {wanted}")
        self.status = status
        self.wanted = wanted


def check_move(status: str, wanted: str) -> None:
    """Go on only if the move is in the table.

    Raises:
        MoveRefused: it is not.
    """
    if wanted not in MOVES.get(status, frozenset()):
        raise MoveRefused(status, wanted)


@dataclass(frozen=True)
class Problem:
    """What keeps a limit from being set: the field, and how to mend it."""

    field: str
    message: Message


def limit_problems(*, most: int, starts_on: date, ends_on: date | None, kind: str, measure: str) -> list[Problem]:
    """What is wrong between the parts of a limit."""
    problems = []
    if not 0 <= most <= MOST_ALLOWED:
        problems.append(Problem("most", msg("Give a number from 0 to %(most)s.", most=MOST_ALLOWED)))
    if ends_on and ends_on < starts_on:
        problems.append(Problem("ends_on", msg("This is before the start. Give a later day, or correct the start.")))
    if measure == TRAINEES and kind not in {"", "training"}:
        problems.append(Problem("kind", msg("People in training are counted. Choose training, or every kind.")))
    return problems


def is_in_force(status: str, starts_on: date, ends_on: date | None, today: date) -> bool:
    """Whether a limit applies on a day."""
    return status == "standing" and starts_on <= today and (ends_on is None or today <= ends_on)


def headline(measure: str, most: int) -> Message:
    """What a limit says, in a few words: Providers at once: at most 3."""
    return msg("%(measure)s: at most %(most)s", measure=MEASURES[measure], most=most)
