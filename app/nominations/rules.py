"""The law of nominations: how one moves, what a candidate has to say, and how long an answer may take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.foundation.messages import Message, msg, pmsg

NOMINATED, WAITLISTED, APPROVED, CONFIRMED = "nominated", "waitlisted", "approved", "confirmed"
REJECTED, WITHDRAWN = "rejected", "withdrawn"
ATTENDED, PASSED, FAILED, NO_SHOW = "attended", "passed", "failed", "no_show"

MOVES: Mapping[str, frozenset[str]] = {
    NOMINATED: frozenset({APPROVED, WAITLISTED, REJECTED, WITHDRAWN}),
    WAITLISTED: frozenset({APPROVED, REJECTED, WITHDRAWN}),
    APPROVED: frozenset({CONFIRMED, REJECTED, WITHDRAWN}),
    CONFIRMED: frozenset({ATTENDED, NO_SHOW, REJECTED, WITHDRAWN}),
    ATTENDED: frozenset({PASSED, FAILED, NO_SHOW}),
    # What was written down wrongly can be put right.
    PASSED: frozenset({ATTENDED, FAILED}),
    FAILED: frozenset({ATTENDED, PASSED}),
    NO_SHOW: frozenset({ATTENDED}),
    REJECTED: frozenset(),
    WITHDRAWN: frozenset(),
}
HOLDING = frozenset({APPROVED, CONFIRMED, ATTENDED, PASSED, FAILED, NO_SHOW})
"""Who counts against the seats: a seat is held from the moment when it is given, and taken once it is confirmed."""
LIVE = HOLDING | {NOMINATED, WAITLISTED}
TO_COME = frozenset({NOMINATED, WAITLISTED, APPROVED, CONFIRMED})
"""From these one can still withdraw or be rejected."""

STATUS_NAMES: Mapping[str, tuple[Message, str]] = {
    NOMINATED: (pmsg("candidate", "Nominated"), "info"),
    WAITLISTED: (pmsg("candidate", "On the waiting list"), "warning"),
    APPROVED: (pmsg("candidate", "Has a seat, to be confirmed"), "accent"),
    CONFIRMED: (pmsg("candidate", "Confirmed"), "success"),
    REJECTED: (pmsg("candidate", "Rejected"), "danger"),
    WITHDRAWN: (pmsg("candidate", "Withdrawn"), "neutral"),
    ATTENDED: (pmsg("candidate", "Attended"), "success"),
    PASSED: (pmsg("candidate", "Passed"), "success"),
    FAILED: (pmsg("candidate", "Failed"), "danger"),
    NO_SHOW: (pmsg("candidate", "Did not come"), "danger"),
}
"""What each state is called, and the colour of its tag."""

PAST: Mapping[str, Message] = {
    "nomination.made": pmsg("nomination", "Nominated"),
    "nomination.approved": pmsg("nomination", "Given a seat"),
    "nomination.waitlisted": pmsg("nomination", "Put on the waiting list"),
    "nomination.rejected": pmsg("nomination", "Rejected"),
    "nomination.confirmed": pmsg("nomination", "Confirmed by the candidate"),
    "nomination.withdrawn": pmsg("nomination", "Withdrawn"),
    "nomination.attended": pmsg("nomination", "Attended"),
    "nomination.passed": pmsg("nomination", "Passed"),
    "nomination.failed": pmsg("nomination", "Failed"),
    "nomination.no_show": pmsg("nomination", "Did not come"),
    "nomination.agreed": pmsg("nomination", "Result confirmed by the nominating organisation"),
    "nomination.certified": pmsg("nomination", "Certificate issued"),
    "nomination.certificate_revoked": pmsg("nomination", "Certificate no longer valid"),
    "nomination.amended": pmsg("nomination", "Amended"),
    "nomination.ranked": pmsg("nomination", "Ranked anew"),
    "nomination.forgotten": pmsg("nomination", "Personal data erased"),
}
"""What the actions in the audit trail say in words."""

SEXES: Mapping[str, Message] = {
    "f": pmsg("sex", "Female"),
    "m": pmsg("sex", "Male"),
    "x": pmsg("sex", "Another"),
}
ANSWER_DAYS, MOST_ANSWER_DAYS = 7, 60
"""So many days a candidate has to confirm a seat, unless the centre says otherwise; and at most."""
KEEP_MONTHS, MOST_KEEP_MONTHS = 12, 120
RESERVE, MOST_RESERVE = 20, 1000
MOST_RANK = 999
DAYS_A_MONTH = 30
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,63}")


class MoveRefused(ValueError):
    """A nomination cannot go where it was asked to go; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


class DraftRefused(ValueError):
    """What was typed breaks a rule; `problems` names every wrong field."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{one.field}: {one.message}" for one in self.problems))


@dataclass(frozen=True)
class Problem:
    """What keeps a form from being kept as it is: the field, and how to mend it."""

    field: str
    message: Message


@dataclass(frozen=True)
class Candidate:
    """The least that a centre has to know of a person: no birthday, no number of a document.

    `sex` is one of SEXES or empty, `language` an ISO 639-1 code in which this person is written to.
    """

    name: str
    email: str
    post: str = ""
    unit: str = ""
    sex: str = ""
    language: str = "en"
    phone: str = ""

    @property
    def key(self) -> str:
        """Tells whether two nominations are of one person: the address, without regard to capitals."""
        return self.email.strip().casefold()


@dataclass(frozen=True)
class Window:
    """When a session takes place and until when one may nominate, as days in the session's own time zone."""

    status: str
    starts_on: date
    ends_on: date
    register_until: date
    is_withdrawn: bool = False


def check_move(status: str, to: str) -> None:
    """Go on only if the move is in MOVES.

    Raises:
        MoveRefused: it is not.
    """
    if to not in MOVES.get(status, frozenset()):
        name = STATUS_NAMES[status][0] if status in STATUS_NAMES else Message(status)
        raise MoveRefused(msg("This is not possible any more: the nomination is “%(status)s”.", status=name))


def check_open(window: Window, today: date) -> None:
    """Nominations are taken until registration closes, which it does by itself.

    Raises:
        MoveRefused: the session is cancelled, its course withdrawn, or registration is closed.
    """
    if window.status == "cancelled" or window.is_withdrawn:
        raise MoveRefused(msg("This session does not take place. Look for another one."))
    if today > window.register_until:
        raise MoveRefused(
            msg(
                "Registration closed on %(day)s. Ask the centre, or look for another session.",
                day=window.register_until,
            )
        )


def check_to_come(window: Window, today: date) -> None:
    """Seats are given and taken until the day before the session.

    Raises:
        MoveRefused: the session is cancelled or has begun.
    """
    if window.status == "cancelled" or window.is_withdrawn:
        raise MoveRefused(msg("This session does not take place. Look for another one."))
    if today >= window.starts_on:
        raise MoveRefused(msg("The session has begun: seats are not given any more."))


def check_begun(window: Window, today: date) -> None:
    """Who came is written down from the first day on.

    Raises:
        MoveRefused: the session is cancelled or still to come.
    """
    if window.status == "cancelled":
        raise MoveRefused(msg("This session does not take place. Look for another one."))
    if today < window.starts_on:
        raise MoveRefused(msg("The session begins on %(day)s. Write down then who has come.", day=window.starts_on))


def candidate_problems(candidate: Candidate) -> list[Problem]:
    """What is missing or wrong of a person."""
    problems = []
    if not candidate.name.strip():
        problems.append(Problem("name", msg("Write the candidate's name as it shall stand on a certificate.")))
    if not EMAIL.fullmatch(candidate.email.strip()):
        problems.append(
            Problem(
                "email",
                msg("Write the candidate's e-mail address, such as name@example.org: the seat is confirmed by it."),
            )
        )
    if candidate.sex and candidate.sex not in SEXES:
        problems.append(Problem("sex", msg("Choose one of the list, or leave it open.")))
    return problems


def answer_by(given_at: datetime, days: int, starts_at: datetime) -> datetime:
    """Until when a candidate has to confirm: so many days after the seat was given, and before the session begins."""
    return min(given_at + timedelta(days=days), starts_at)


def forget_on(ends_on: date, months: int) -> date:
    """From which day on the personal data of candidates is erased; a month counts thirty days."""
    return ends_on + timedelta(days=DAYS_A_MONTH * months)
