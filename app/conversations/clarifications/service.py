"""Asking, answering, declining, amending and taking back; each move leaves one event, and no event names who asks."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from app.conversations.clarifications import queries, rules
from app.conversations.clarifications.events import (
    ClarificationAmended,
    ClarificationAnswered,
    ClarificationAsked,
    ClarificationDeclined,
    ClarificationDue,
    ClarificationWithdrawn,
)
from app.conversations.clarifications.models import Answer, Clarification
from app.conversations.clarifications.sealing import record_sealed
from app.conversations.clarifications.subjects import Subject, closed_because, subject_of
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, require
from app.foundation.wording.versions import check_version


@dataclass(frozen=True)
class Words:
    """What somebody wrote, and in which language (ISO 639-1)."""

    text: str
    language: str


@dataclass(frozen=True)
class Asker:
    """The organisation for which somebody asks, as a policy is asked about it."""

    organisation_id: int


def ask(tx: Tx, actor: Actor, asker_id: int, subject: Subject, words: Words, now: datetime) -> Clarification:
    """Ask for one's organisation about a record that the actor may see.

    Raises:
        Refused: the actor does not write for that organisation, or it is not verified.
        AskRefused: the record is one's own, takes no more questions, was asked the same, or too much is asked.
    """
    require(actor, Permission.CLARIFICATION_ASK, now, Asker(asker_id))
    mark = rules.fingerprint(words.text)
    _check(tx, actor, asker_id, subject, mark, now)
    clock, salt = rules.clock_from(now), secrets.token_hex(16)
    row = Clarification(
        organisation_id=subject.organisation_id, about_kind=subject.kind, about_id=subject.record.id,
        about_ref=subject.ref, about_version=subject.record.version, session_id=subject.session_id, asker_id=asker_id,
        asked_by=actor.account_id, salt=salt, seal=rules.seal(salt, asker_id, actor.account_id), fingerprint=mark,
        question=words.text.strip(), language=words.language, status=rules.WAITING, asked_at=now,
        remind_at=clock.remind_at, due_at=clock.due_at, created_at=now, changed_at=now,
    )  # fmt: skip
    tx.add(row)
    record_sealed(tx, "asked", row, now)
    tell(tx, ClarificationAsked(row.id), now)
    return row


def _check(tx: Tx, actor: Actor, asker_id: int, subject: Subject, mark: str, now: datetime) -> None:
    if actor.membership_in(subject.organisation_id) is not None:
        raise rules.AskRefused(msg("This record belongs to an organisation of yours. Amend it where it is not clear."))
    if closed := closed_because(subject, now):
        raise rules.AskRefused(closed)
    if same := queries.same_question(tx, asker_id, subject, mark):
        raise rules.AskRefused(msg("Your organisation has asked this already."), same.ref)
    waiting, today = queries.count_waiting(tx, asker_id, subject), queries.count_today(tx, actor.account_id, now)
    if reason := rules.too_many(waiting, today):
        raise rules.AskRefused(reason)


def answer(tx: Tx, actor: Actor, row: Clarification, words: Words, now: datetime) -> None:
    """Answer for all who may see the record; also what was declined before.

    Raises:
        Refused: the actor does not write for the owner. MoveRefused: it was answered or taken back meanwhile.
    """
    one = _to_move(tx, actor, row, rules.ANSWERED, now)
    _put(tx, actor, one, words, now)
    one.is_published, one.answered_at, one.reason = True, now, ""
    _move(tx, actor, one, rules.ANSWERED, now)
    tell(tx, ClarificationAnswered(one.id), now)


def amend(tx: Tx, actor: Actor, row: Clarification, words: Words, opened: int | None, now: datetime) -> None:
    """Put another answer in the place of the one that stands, which is kept; `opened` is the version that was seen.

    Raises:
        Refused: the actor does not write for the owner. MoveRefused: there is no answer, or it is the same.
        StaleVersion: a colleague has amended it meanwhile.
    """
    require(actor, Permission.CLARIFICATION_ANSWER, now, row)
    one = queries.held(tx, row)
    check_version(one, opened)
    rules.check_amendment(one.status, one.answer.text if one.answer else "", words.text)
    number = _put(tx, actor, one, words, now)
    one.changed_at = now
    # The answer has a row of its own: the question's version moves with it, even twice at one instant.
    flag_modified(one, "changed_at")
    record_event(tx, actor, "clarification.amended", one, now)
    tell(tx, ClarificationAmended(one.id, number), now)


def decline(tx: Tx, actor: Actor, row: Clarification, reason: str, now: datetime) -> None:
    """Say why there is no answer; only whoever asked reads it.

    Raises:
        Refused: the actor does not write for the owner. MoveRefused: it was answered or taken back meanwhile.
    """
    one = _to_move(tx, actor, row, rules.DECLINED, now)
    one.reason = reason.strip()
    _move(tx, actor, one, rules.DECLINED, now)
    tell(tx, ClarificationDeclined(one.id), now)


def withdraw(tx: Tx, actor: Actor, row: Clarification, now: datetime) -> None:
    """Take back a question of one's organisation that was not answered.

    Raises:
        Refused: the actor does not write for that organisation. MoveRefused: it was answered meanwhile.
    """
    require(actor, Permission.CLARIFICATION_ASK, now, Asker(row.asker_id))
    one = queries.held(tx, row)
    rules.check_move(one.status, rules.WITHDRAWN)
    # The same words may be asked again.
    one.status, one.fingerprint, one.changed_at = rules.WITHDRAWN, None, now
    record_sealed(tx, "withdrawn", one, now)
    tell(tx, ClarificationWithdrawn(one.id), now)


def note_look(tx: Tx, actor: Actor, row: Clarification, now: datetime) -> None:
    """The secretariat looks who asked: that it did is on record.

    Raises:
        Refused: the actor does not decide for the secretariat.
    """
    require(actor, Permission.AUDIT_READ, now)
    record_event(tx, actor, "clarification.looked", row, now)


def remind(tx: Tx, now: datetime) -> int:
    """Remind the owners of questions that wait, once before their day and once after it; how many were told."""
    told = 0
    for found in queries.to_remind(tx, now):
        row = queries.held(tx, found)
        is_late = rules.is_overdue(row.status, row.due_at, now)
        if row.status != rules.WAITING or (row.overdue_at if is_late else row.reminded_at) is not None:
            continue
        # Where the day passed before anybody was reminded, the one reminder says so.
        row.reminded_at = row.reminded_at or now
        row.overdue_at = now if is_late else None
        tell(tx, ClarificationDue(row.id, is_late), now)
        told += 1
    return told


def _to_move(tx: Tx, actor: Actor, row: Clarification, to: str, now: datetime) -> Clarification:
    require(actor, Permission.CLARIFICATION_ANSWER, now, row)
    one = queries.held(tx, row)
    rules.check_move(one.status, to)
    return one


def _move(tx: Tx, actor: Actor, one: Clarification, to: str, now: datetime) -> None:
    one.status, one.changed_at = to, now
    record_event(tx, actor, f"clarification.{to}", one, now)


def _put(tx: Tx, actor: Actor, one: Clarification, words: Words, now: datetime) -> int:
    subject = subject_of(tx, SYSTEM, one)
    if subject is None:
        raise rules.MoveRefused(msg("The record is not shown to anybody any more, so the answer would reach nobody."))
    number = len(one.answers) + 1
    one.answers.append(
        Answer(
            number=number, text=words.text.strip(), language=words.language, about_version=subject.record.version,
            answered_at=now, answered_by=actor.account_id,
        )
    )  # fmt: skip
    return number
