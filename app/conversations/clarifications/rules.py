"""The law of clarifications: how a question moves, by when it is answered, and what in its words may tell who asks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.foundation.days import after_working_days
from app.foundation.messages import Message, msg, pmsg
from app.foundation.text import fold

WAITING, ANSWERED, DECLINED, WITHDRAWN = "waiting", "answered", "declined", "withdrawn"
MOVES: Mapping[str, frozenset[str]] = {
    WAITING: frozenset({ANSWERED, DECLINED, WITHDRAWN}),
    DECLINED: frozenset({ANSWERED}),
    ANSWERED: frozenset(),
    WITHDRAWN: frozenset(),
}
"""An owner may think better of it and answer what was declined. An answer is amended, and stays one."""

STATUS_NAMES: Mapping[str, tuple[Message, str]] = {
    WAITING: (pmsg("clarification", "Waiting for an answer"), "warning"),
    ANSWERED: (pmsg("clarification", "Answered"), "success"),
    DECLINED: (pmsg("clarification", "Not answered"), "neutral"),
    WITHDRAWN: (pmsg("clarification", "Taken back"), "neutral"),
}

ANSWER_DAYS = 5
"""Working days within which a question is to be answered."""
REMIND_DAYS = ANSWER_DAYS - 1
MOST_WAITING = 5
"""So many questions of one organisation may wait on one record."""
MOST_A_DAY = 20
"""So many questions may one person ask in a day, on whatever records."""
LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_REASON = 2000, 5000, 1000

EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,190}\.[^\s@<>]{2,63}")
TELEPHONE = re.compile(r"\+\d[\d\s().-]{5,}\d|\b\d(?:[\s().-]?\d){8,}\b")
SHORTEST_NAME = 2

BETRAYALS: Mapping[str, Message] = {
    "name": msg("It names your organisation: “%(words)s”."),
    "acronym": msg("It contains the acronym of your organisation: “%(words)s”."),
    "country": msg("It names your country: “%(words)s”."),
    "email": msg("It contains an e-mail address: “%(words)s”."),
    "telephone": msg("It contains a telephone number: “%(words)s”."),
}
"""What in the words of a question may tell who asks it."""


class MoveRefused(ValueError):
    """A question cannot go from where it is to where it was asked to go; `reason` says why, for people."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


class AskRefused(ValueError):
    """The question cannot be asked; `same_as` is the reference of the same one, where it was asked before."""

    def __init__(self, reason: Message, same_as: str = "") -> None:
        super().__init__(str(reason))
        self.reason, self.same_as = reason, same_as


@dataclass(frozen=True)
class Own:
    """The words by which an organisation is known: its names, acronyms, and the names of its country."""

    names: Sequence[str] = ()
    acronyms: Sequence[str] = ()
    countries: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Clock:
    """By when a question is to be answered, and when its owner is reminded."""

    remind_at: datetime
    due_at: datetime


def clock_from(asked_at: datetime) -> Clock:
    """The clock of a question from the hour at which it was asked."""
    return Clock(after_working_days(asked_at, REMIND_DAYS), after_working_days(asked_at, ANSWER_DAYS))


def is_overdue(status: str, due_at: datetime, now: datetime) -> bool:
    """Whether the owner should have answered by now."""
    return status == WAITING and now > due_at


def check_move(status: str, wanted: str) -> None:
    """Go on only where the move is allowed.

    Raises:
        MoveRefused: it is not, and why.
    """
    if wanted in MOVES[status]:
        return
    why = {
        ANSWERED: msg("This question has been answered already. The answer can be amended."),
        WITHDRAWN: msg("Who asked this question has taken it back."),
        DECLINED: msg("This question has been declined already."),
    }
    raise MoveRefused(why.get(status, msg("This cannot be done any more. Look at the question again.")))


def check_amendment(status: str, before: str, after: str) -> None:
    """Go on only where there is an answer, and the new one is another.

    Raises:
        MoveRefused: there is none, or nothing in it has changed.
    """
    if status != ANSWERED:
        raise MoveRefused(msg("Only an answer that was given can be amended."))
    if before.split() == after.split():
        raise MoveRefused(msg("This is the answer that stands. Change it, or leave it as it is."))


def betrays(text: str, own: Own) -> list[Message]:
    """What in the words of a question may tell who asks it; a warning, since only a person can judge."""
    found: dict[str, str] = {}
    folded = fold(text)
    for what, names in (("name", own.names), ("country", own.countries)):
        found[what] = next((name for name in names if _stands_in(fold(name), folded)), "")
    # An acronym counts as it is written: “un” is no organisation.
    found["acronym"] = next((name for name in own.acronyms if _stands_in(name, text)), "")
    for what, pattern in (("email", EMAIL), ("telephone", TELEPHONE)):
        hit = pattern.search(text)
        found[what] = hit.group().strip() if hit else ""
    return [Message(BETRAYALS[what].text, {"words": found[what]}) for what in BETRAYALS if found[what]]


def _stands_in(name: str, text: str) -> bool:
    name = name.strip()
    return len(name) >= SHORTEST_NAME and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def fingerprint(question: str) -> str:
    """What is the same for the same words, whatever their capitals, accents, signs and spaces."""
    return hashlib.sha256(" ".join(re.findall(r"\w+", fold(question))).encode()).hexdigest()


def seal(salt: str, organisation_id: int, account_id: int | None) -> str:
    """What the record keeps of who asked: it proves who it was to whoever knows the salt, and tells nobody else."""
    return hashlib.sha256(f"{salt}\n{organisation_id}\n{account_id}".encode()).hexdigest()


def too_many(waiting: int, today: int) -> Message | None:
    """Why no further question is taken from this organisation on this record, or from this person today."""
    if waiting >= MOST_WAITING:
        return msg(
            "%(count)s questions of your organisation wait here already. Ask again when one of them is answered, or "
            "take one back.", count=waiting,
        )  # fmt: skip
    if today >= MOST_A_DAY:
        return msg("You have asked %(count)s questions today. Ask again tomorrow.", count=today)
    return None


def names_of(*groups: Iterable[str]) -> tuple[str, ...]:
    """Several names without doubles and empty ones, the longest first: what is found is shown as a whole."""
    return tuple(sorted({name for group in groups for name in group if name}, key=lambda name: (-len(name), name)))
