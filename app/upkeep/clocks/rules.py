"""The clocks of good practice (1540 Committee): acknowledged in time, circulated within a week, asked after a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.foundation.days import after_working_days
from app.foundation.messages import Message, msg, pmsg

ACKNOWLEDGED, CIRCULATED, ASKED, ANSWERED = "acknowledged", "circulated", "asked", "answered"
ACKNOWLEDGE_DAYS = 5
"""Working days within which somebody says that a need was read."""
CIRCULATE_WITHIN = timedelta(days=7)
ASK_AFTER = timedelta(days=365)
ASK_WITHIN = timedelta(days=7)
"""The question of whether a need was met goes out a year after it was posted; a week later it is late."""

DONE, DONE_LATE, RUNNING, LATE = "done", "done_late", "running", "late"
STATES: Mapping[str, tuple[Message, str]] = {
    DONE: (pmsg("clock", "Done in time"), "success"),
    DONE_LATE: (pmsg("clock", "Done, but late"), "warning"),
    RUNNING: (pmsg("clock", "Running"), "info"),
    LATE: (pmsg("clock", "Late"), "danger"),
}
NAMES: Mapping[str, Message] = {
    ACKNOWLEDGED: msg("Acknowledged within five working days"),
    CIRCULATED: msg("Circulated within a week"),
    ASKED: msg("Asked after a year whether it was met"),
}

HAND, PLEDGE, INTEREST, MATCH, SITE = "hand", "pledge", "interest", "match", "site"
HOW: Mapping[str, Mapping[str, Message]] = {
    ACKNOWLEDGED: {
        HAND: msg("Somebody whose task it is has said that it was read."),
        PLEDGE: msg("A donor has pledged for it."),
        INTEREST: msg("Somebody has said that their offer fits it."),
    },
    CIRCULATED: {
        MATCH: msg("Organisations whose offers fit it were told."),
        HAND: msg("It was sent on to chosen organisations."),
    },
    ASKED: {SITE: msg("Its author was asked.")},
}
"""By what way a clock was stopped."""

OUTCOMES: Mapping[str, tuple[Message, str]] = {
    "met": (pmsg("outcome", "Met"), "success"),
    "partly": (pmsg("outcome", "Partly met"), "info"),
    "not_met": (pmsg("outcome", "Not met"), "warning"),
}


class NotNow(ValueError):
    """What was asked for is done already, or makes no sense for this need any more; `reason` says which."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Stop:
    """The moment at which a clock was stopped, and by what way."""

    at: datetime
    how: str


@dataclass(frozen=True)
class Clock:
    """One clock of one need: when it began, until when it is to be stopped, and when it was."""

    code: str
    began_at: datetime
    due_at: datetime
    stop: Stop | None

    def state(self, now: datetime) -> str:
        """How it stands (one of STATES)."""
        if self.stop is not None:
            return DONE if self.stop.at <= self.due_at else DONE_LATE
        return LATE if now > self.due_at else RUNNING


def clocks_of(posted_at: datetime, stops: Mapping[str, Stop], now: datetime, *, is_open: bool) -> list[Clock]:
    """The clocks of a need. Nobody waits for one that is over, and the third begins when the year is round."""
    asked_from = posted_at + ASK_AFTER
    made = [
        Clock(ACKNOWLEDGED, posted_at, after_working_days(posted_at, ACKNOWLEDGE_DAYS), stops.get(ACKNOWLEDGED)),
        Clock(CIRCULATED, posted_at, posted_at + CIRCULATE_WITHIN, stops.get(CIRCULATED)),
        Clock(ASKED, asked_from, asked_from + ASK_WITHIN, stops.get(ASKED)),
    ]
    return [clock for clock in made if clock.stop is not None or (now >= clock.began_at and _counts(clock, is_open))]


def _counts(clock: Clock, is_open: bool) -> bool:  # noqa: FBT001 - the need is open or it is not
    return is_open or clock.code == ASKED


def earliest(*stops: Stop | None) -> Stop | None:
    """The first of several moments."""
    return min((stop for stop in stops if stop is not None), key=lambda stop: stop.at, default=None)
