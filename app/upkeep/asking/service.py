"""Asking owners: noting what is due, writing one mail a day to each person, and keeping what they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from app.accounts.queries import account_by_id
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.languages import say
from app.foundation.messages import msg
from app.foundation.outbox import Fact, tell
from app.foundation.references import new_reference
from app.notifications.service import MailDraft, put_mails
from app.upkeep.asking import rules
from app.upkeep.asking.letters import letter_to_owner
from app.upkeep.asking.links import Link, open_asking
from app.upkeep.asking.models import Asking, Unfinished
from app.upkeep.asking.queries import (
    Due,
    due_records,
    needs_to_ask,
    people_to_ask,
    unfinished_of,
    unsent,
    was_written_to,
)
from app.upkeep.clocks.service import note_asked, note_outcome
from app.upkeep.events import CourseLapsed, NeedLapsed, ProgrammeLapsed
from app.upkeep.records import Kind

LAPSED: Mapping[str, Callable[[int], Fact]] = {"need": NeedLapsed, "programme": ProgrammeLapsed, "course": CourseLapsed}
ENDED_BY_OWNER = msg("Its owner was asked whether it still stands, and said that it is over.")


def note_due(tx: Tx, now: datetime) -> int:
    """Note who is to be asked about what has come to a stage, each person once for each; how many questions."""
    made = 0
    for due in [*due_records(tx, now.date()), *needs_to_ask(tx, now)]:
        people = people_to_ask(tx, due, now)
        tx.add_all(
            Asking(
                question=due.question, record_kind=due.kind.code, record_id=due.record.id, due_on=due.due_on,
                stage=due.stage, account_id=person.id, asked_at=now,
            )
            for person in people
        )  # fmt: skip
        if people:
            made += len(people)
            _tell_of(tx, due, now)
    tx.flush()
    return made


def _tell_of(tx: Tx, due: Due, now: datetime) -> None:
    if due.question == rules.OUTCOME:
        note_asked(tx, due.record, now)
    elif due.stage == rules.PASSED and due.kind.code in LAPSED:
        tell(tx, LAPSED[due.kind.code](due.record.id), now)


def write_due(tx: Tx, host: str, now: datetime) -> int:
    """Write to those who are to be asked, one mail to each person a day; how many mails.

    `host` is the name after the @ of the Message-IDs.
    """
    mails: list[MailDraft] = []
    for (account_id, question), rows in unsent(tx).items():
        if was_written_to(tx, account_id, question, now - rules.BETWEEN_MAILS):
            continue
        good = _latest(tx, rows, now)
        person = account_by_id(tx, account_id)
        if not good or person is None:
            continue
        batch = new_reference("VB")
        for row in good[: rules.MOST_IN_A_MAIL]:
            row.batch, row.asked_at = batch, now
        mails.append(letter_to_owner(person, question, batch))
    tx.flush()
    return put_mails(tx, mails, host, now)


def _latest(tx: Tx, rows: Iterable[Asking], now: datetime) -> list[Asking]:
    """One question for each record; those that nobody has to answer any more are let go."""
    latest: dict[tuple[str, int], Asking] = {}
    for row in rows:
        known = latest.get((row.record_kind, row.record_id))
        is_good = isinstance(open_asking(tx, row, now), Link)
        if is_good and known is None:
            latest[row.record_kind, row.record_id] = row
        elif known is not None and is_good and row.id > known.id:
            tx.delete(known)
            latest[row.record_kind, row.record_id] = row
        else:
            tx.delete(row)
    return list(latest.values())


def answer(tx: Tx, link: Link, code: str, words: str, now: datetime) -> None:
    """Keep what an owner answers by a link: the record is confirmed or ended, or it is put on the owner's desk.

    Raises:
        Refused: the person may not. ValueError: there is no such answer.
    """
    if code not in rules.answers_to(link.asking.question):
        raise ValueError(code)
    if link.asking.question == rules.OUTCOME:
        note_outcome(tx, link.actor, link.record, code, words, now)
    elif code == "true":
        link.kind.confirm(tx, link.actor, link.record, now, by_link=True)
    elif code == "closed" and link.kind.ends is not None:
        _end(tx, link, link.kind, now)
    else:
        _put_on_desk(tx, link, code, now)
    link.asking.answer, link.asking.answered_at = code, now
    tx.flush()


def _end(tx: Tx, link: Link, kind: Kind, now: datetime) -> None:
    assert kind.ends is not None
    kind.ends(tx, link.actor, link.record, say(ENDED_BY_OWNER, link.record.language), now)


def _put_on_desk(tx: Tx, link: Link, code: str, now: datetime) -> None:
    known = unfinished_of(tx, link.kind.code, link.record)
    if known is None:
        tx.add(
            Unfinished(
                record_kind=link.kind.code, record_id=link.record.id, due_on=link.asking.due_on, says=code, said_at=now
            )
        )
    else:
        known.says, known.said_at = code, now
    action = "upkeep.needs_change" if code == "change" else "upkeep.said_over"
    record_event(tx, link.actor, action, link.record, now, {"by": "link"})
