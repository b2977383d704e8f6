"""Saying that two lessons corroborate or contradict each other, and taking it back."""

from __future__ import annotations

from datetime import datetime

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import tell
from app.foundation.permissions import ROLES_THAT_EDIT, Actor, Permission, Refused, require
from app.lessons.events import LessonContradicted, LessonCorroborated
from app.lessons.standing.models import LessonTie
from app.lessons.standing.queries import Pair, tie_between
from app.lessons.standing.rules import CONTRADICTS, KINDS, ordered


class TieRefused(ValueError):
    """The two lessons are one, have a tie already, or nothing says why; `reason` is one of same, there, empty."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def declare_tie(tx: Tx, actor: Actor, pair: Pair, kind: str, sentence: str, now: datetime) -> LessonTie:
    """Say how two lessons stand to each other, in a sentence; those who told the other one are told.

    Raises:
        Refused: the actor writes for neither author, nor for the secretariat, nor reviews the lesson.
        TieRefused: the two are one, something is said of them already, or the reason is missing.
    """
    require(actor, Permission.LESSON_RELATE, now, pair)
    if pair.own.id == pair.other.id:
        raise TieRefused("same")
    if kind not in KINDS or not sentence.strip():
        raise TieRefused("empty")
    if tie_between(tx, pair.own, pair.other) is not None:
        raise TieRefused("there")
    first, second = ordered(pair.own.id, pair.other.id)
    tie = LessonTie(
        first_id=first, second_id=second, kind=kind, sentence=sentence.strip(),
        organisation_id=speaks_for(actor, pair), declared_by=actor.account_id, declared_at=now,
    )  # fmt: skip
    tx.add(tie)
    tx.flush()
    details = {"one": pair.own.ref, "other": pair.other.ref}
    if kind == CONTRADICTS:
        record_event(tx, actor, "lesson.contradicted", tie, now, details)
        tell(tx, LessonContradicted(tie.id), now)
    else:
        record_event(tx, actor, "lesson.corroborated", tie, now, details)
        tell(tx, LessonCorroborated(tie.id), now)
    return tie


def take_back(tx: Tx, actor: Actor, tie: LessonTie, now: datetime) -> None:
    """Take back what one's organisation has said of two lessons.

    Raises:
        Refused: it is another organisation's word.
    """
    require(actor, Permission.LESSON_UNTIE, now, tie)
    record_event(tx, actor, "lesson.untied", tie, now)
    tx.delete(tie)


def speaks_for(actor: Actor, pair: Pair) -> int:
    """The organisation whose word it is: one of the two authors', else the secretariat, else the reviewer's own.

    Raises:
        Refused: there is none.
    """
    places = [m for m in actor.memberships if m.is_verified and m.role in ROLES_THAT_EDIT]
    own = [m for m in places if m.organisation_id in pair.organisation_ids]
    office = list(actor.of_kind("secretariat"))
    for membership in [*own, *office, *places]:
        return membership.organisation_id
    raise Refused(Permission.LESSON_RELATE.value)
