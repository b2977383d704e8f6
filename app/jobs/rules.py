"""How work in the background goes: from waiting to its end, when it is taken up again, and how long its file stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.foundation.messages import Message, msg, pmsg

WAITING, RUNNING, DONE, FAILED, STOPPED = "waiting", "running", "done", "failed", "stopped"
UNFINISHED = frozenset({WAITING, RUNNING})
ENDS = frozenset({DONE, FAILED, STOPPED})

MOVES: Mapping[str, frozenset[str]] = {
    WAITING: frozenset({RUNNING, STOPPED, FAILED}),
    # Work whose program was killed, or told to end, waits once more.
    RUNNING: frozenset({WAITING, DONE, FAILED, STOPPED}),
    DONE: frozenset(),
    FAILED: frozenset(),
    STOPPED: frozenset(),
}

NAMES: Mapping[str, Message] = {
    WAITING: pmsg("work", "Waiting"),
    RUNNING: pmsg("work", "Running"),
    DONE: pmsg("work", "Done"),
    FAILED: pmsg("work", "Failed"),
    STOPPED: pmsg("work", "Stopped"),
}
COLOURS: Mapping[str, str] = {
    WAITING: "neutral",
    RUNNING: "info",
    DONE: "success",
    FAILED: "danger",
    STOPPED: "neutral",
}

SILENCE = timedelta(seconds=90)
"""A program that has given no sign for so long is taken for dead."""
MOST_TRIES = 3
RESULT_KEPT = timedelta(days=7)
MOST_UNFINISHED = 10
"""So much work of one person may wait or run at once."""

GIVEN_UP = msg(
    "The work broke off %(tries)s times before it had ended, and is not tried again. Please start it anew; if that "
    "does not help, write to the secretariat and quote %(ref)s."
)
BROKE = msg(
    "Something went wrong on our side. Please start it again; if that does not help, write to the secretariat and "
    "quote %(fault)s."
)
WAS_STOPPED = msg("It was stopped before it had ended.")


class MoveRefused(ValueError):
    """Work does not go from one of these states to the other."""


class TooManyJobs(ValueError):
    """So much work of this person waits already that some of it has to end first."""


def check_move(state: str, to: str) -> None:
    """Go on only if work may go that way.

    Raises:
        MoveRefused: it may not.
    """
    if to not in MOVES[state]:
        raise MoveRefused(f"{state} to {to}")


def lost_before(now: datetime) -> datetime:
    """A program whose last sign is older than this moment is taken for dead."""
    return now - SILENCE


def is_lost(state: str, beat_at: datetime | None, now: datetime) -> bool:
    """Whether the program that worked on it is taken for dead."""
    return state == RUNNING and (beat_at is None or beat_at < lost_before(now))


def may_try_again(tries: int) -> bool:
    """Whether work that broke off is taken up once more; `tries` counts those that were begun."""
    return tries < MOST_TRIES


def result_ends_at(ended_at: datetime) -> datetime:
    """Until when the file that came of it can be taken away."""
    return ended_at + RESULT_KEPT


def holds_rights(made_with: Mapping[str, list[int]], organisations: frozenset[int], verified: frozenset[int]) -> bool:
    """Whether a person still belongs to every organisation that she belonged to when the work was started.

    `made_with` names the numbers of the `organisations` and, of these, of the `verified` ones. A file may hold what
    one could read then, and is not given to somebody who could not read it now.
    """
    return organisations.issuperset(made_with.get("organisations", ())) and verified.issuperset(
        made_with.get("verified", ())
    )
