"""When owners are asked, what they may answer, and how long the link of a mail is good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.foundation.messages import Message, msg, pmsg

VERIFY, OUTCOME = "verify", "met"
EARLY, SOON, PASSED, YEAR = "early", "soon", "passed", "year"
BEFORE: Mapping[str, int] = {EARLY: 14, SOON: 3}
"""Days before the day on which a record is to be confirmed, at which its owner is asked."""
LINK_LIFE = timedelta(days=60)
MOST_IN_A_MAIL = 20
BETWEEN_MAILS = timedelta(hours=20)
"""Nobody gets two such mails on one day, however many records are due; what does not fit waits for the next."""


@dataclass(frozen=True)
class Answer:
    """One answer that a link can give: its word on the button, and what follows from it."""

    code: str
    words: Message
    then: Message


ANSWERS: Mapping[str, tuple[Answer, ...]] = {
    VERIFY: (
        Answer("true", pmsg("verify", "Still true"), msg("Readers see that it was confirmed today.")),
        Answer(
            "change", pmsg("verify", "Needs a change"),
            msg("It is put on the desk of those who write for your organisation. You sign in to change it."),
        ),
        Answer("closed", pmsg("verify", "Closed"), msg("It is over.")),
    ),
    OUTCOME: (
        Answer("met", pmsg("outcome", "Met"), msg("Readers see that the need was met.")),
        Answer("partly", pmsg("outcome", "Partly met"), msg("Readers see that a part of the need was met.")),
        Answer("not_met", pmsg("outcome", "Not met"), msg("Readers see that the need was not met, and why.")),
    ),
}  # fmt: skip
"""The answers to each question, the best one first."""

WAITS = frozenset({"change", "closed"})
"""Answers that ask for more than a link where the record cannot be ended by a word."""

UNFINISHED: Mapping[str, Message] = {
    "change": msg("You have said that this needs a change. Change it, or confirm that it still stands."),
    "closed": msg("You have said that this is over. Close it, or confirm that it still stands."),
}

ALTERED, USED, MOVED, LEFT, LATE = "altered", "used", "moved", "left", "late"
GONE: Mapping[str, Message] = {
    ALTERED: msg("It was cut or changed on its way. Open the link of the mail again, copied whole."),
    USED: msg("You have answered already. Thank you: nothing more has to be done here."),
    MOVED: msg("Somebody has confirmed, changed or ended the record since the mail was sent. Nothing more is asked."),
    LEFT: msg("It was meant for somebody who wrote for the organisation, and does so no longer."),
    LATE: msg("It was good for sixty days. Sign in to confirm or change the record."),
}
"""Why a link is good no more."""


def stage_of(verify_by: date, today: date) -> str:
    """At which stage a record stands today; nothing as long as nobody has to be asked."""
    left = (verify_by - today).days
    if left < 0:
        return PASSED
    return next((stage for stage in (SOON, EARLY) if left <= BEFORE[stage]), "")


def answers_to(question: str) -> list[str]:
    """The codes of the answers to a question."""
    return [answer.code for answer in ANSWERS.get(question, ())]


def answer_of(question: str, code: str) -> Answer | None:
    """The answer with that code."""
    return next((answer for answer in ANSWERS.get(question, ()) if answer.code == code), None)


def is_late(asked_at: datetime, now: datetime) -> bool:
    """Whether the link of a mail has had its time."""
    return now >= asked_at + LINK_LIFE
