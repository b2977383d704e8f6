"""Reading clarifications: what is answered on a record, what waits and for whom; each only with its record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, false, func, or_, select

from app.conversations.clarifications import rules
from app.conversations.clarifications.models import Clarification
from app.conversations.clarifications.subjects import Subject
from app.foundation.audit import history_of
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.paging import Page, page_number
from app.foundation.permissions import SYSTEM, Actor
from app.organisations.models import Organisation

UNANSWERED = (rules.WAITING, rules.DECLINED)
AT_ONCE = 100


@dataclass(frozen=True)
class OnRecord:
    """The questions of one record, as one reader sees them: those answered, and those between two sides."""

    answered: Page[Clarification]
    waiting: Sequence[Clarification]
    is_owner: bool

    def __bool__(self) -> bool:
        return bool(self.answered.total or self.waiting)


def find(tx: Tx, reader: Actor, ref: str) -> Clarification | None:
    """The question with that reference, if the reader may see it; one that was taken back is its asker's alone."""
    row = tx.scalar(readable(reader, Clarification).where(Clarification.ref == ref))
    return None if row is None or (row.status == rules.WITHDRAWN and not is_asker(reader, row)) else row


def held(tx: Tx, row: Clarification) -> Clarification:
    """The question that the caller has found, held until the end of the transaction and as it stands now."""
    query = readable(SYSTEM, Clarification).where(Clarification.id == row.id).with_for_update(of=Clarification)
    return tx.scalars(query.execution_options(populate_existing=True)).one()


def is_asker(reader: Actor, row: Clarification) -> bool:
    """Whether the reader belongs to the organisation that asks."""
    return row.asker_id in reader.organisation_ids


def is_owner(reader: Actor, row: Clarification | Subject) -> bool:
    """Whether the reader belongs to the organisation that answers."""
    return row.organisation_id in reader.organisation_ids


def on_record(tx: Tx, reader: Actor, subject: Subject, page: str | None = None, size: int = 10) -> OnRecord:
    """What this reader sees of the questions on a record: the answered ones, the latest answer first."""
    where = (Clarification.about_ref == subject.ref, visible_to(reader, Clarification))
    answered = (*where, Clarification.status == rules.ANSWERED)
    total = tx.scalar(select(func.count(Clarification.id)).where(*answered)) or 0
    number = page_number(page, total, size)
    # By the answer and then by chance: neither the hour of a question nor its number tells of whoever asked.
    query = select(Clarification).where(*answered).order_by(Clarification.answered_at.desc(), Clarification.ref)
    shown = tx.scalars(query.limit(size).offset((number - 1) * size)).all()
    return OnRecord(Page(shown, number, total, size), _unanswered(tx, reader, subject), is_owner(reader, subject))


def seen_on(reader: Actor, subject: Subject) -> Select[Clarification]:
    """All that this reader sees of the questions on a record: the answered ones, and those between the two sides."""
    ids = reader.organisation_ids
    of_a_side = or_(Clarification.organisation_id.in_(ids), Clarification.asker_id.in_(ids)) if ids else false()
    shown = or_(Clarification.status == rules.ANSWERED, and_(Clarification.status.in_(UNANSWERED), of_a_side))
    return readable(reader, Clarification).where(Clarification.about_ref == subject.ref, shown)


def _unanswered(tx: Tx, reader: Actor, subject: Subject) -> Sequence[Clarification]:
    ids = reader.organisation_ids
    if not ids:
        return []
    query = readable(reader, Clarification).where(
        Clarification.about_ref == subject.ref,
        Clarification.status.in_(UNANSWERED),
        or_(Clarification.organisation_id.in_(ids), Clarification.asker_id.in_(ids)),
    )
    return tx.scalars(query.order_by(Clarification.status.desc(), Clarification.due_at, Clarification.ref)).all()


def waiting_for(tx: Tx, reader: Actor) -> Sequence[Clarification]:
    """The questions that wait for this person's organisations, where it may answer, the most urgent first."""
    if not reader.editing_ids:
        return []
    return tx.scalars(to_answer(reader).order_by(Clarification.due_at, Clarification.ref)).all()


def to_answer(reader: Actor) -> Select[Clarification]:
    """The questions that wait for this person's organisations, where it may answer."""
    return readable(reader, Clarification).where(
        Clarification.status == rules.WAITING, Clarification.organisation_id.in_(reader.editing_ids)
    )


def same_question(tx: Tx, asker_id: int, subject: Subject, mark: str) -> Clarification | None:
    """The same words of the same organisation on the same record, unless they were taken back."""
    query = readable(SYSTEM, Clarification).where(
        Clarification.about_ref == subject.ref, Clarification.asker_id == asker_id, Clarification.fingerprint == mark
    )
    return tx.scalar(query)


def count_waiting(tx: Tx, asker_id: int, subject: Subject) -> int:
    """How many questions of an organisation wait on a record."""
    where = (Clarification.about_ref == subject.ref, Clarification.asker_id == asker_id)
    return _count(tx, *where, Clarification.status == rules.WAITING)


def count_today(tx: Tx, account_id: int | None, now: datetime) -> int:
    """How many questions a person has asked within the last day."""
    return _count(tx, Clarification.asked_by == account_id, Clarification.asked_at > now - timedelta(days=1))


def _count(tx: Tx, *where: object) -> int:
    # disclosure: counted for whoever asks, of that person's and organisation's own questions alone.
    query: Select[int] = select(func.count(Clarification.id)).where(*where)  # type: ignore[arg-type]
    return tx.scalar(query) or 0


def to_remind(tx: Tx, now: datetime) -> Sequence[Clarification]:
    """The questions whose owners are to be reminded now: a working day before the day, or once it has passed."""
    query = readable(SYSTEM, Clarification).where(
        Clarification.status == rules.WAITING,
        or_(
            and_(Clarification.reminded_at.is_(None), Clarification.remind_at <= now),
            and_(Clarification.overdue_at.is_(None), Clarification.due_at < now),
        ),
    )
    return tx.scalars(query.order_by(Clarification.id).limit(AT_ONCE)).all()


def asker_of(tx: Tx, row: Clarification) -> Organisation:
    """Who asks: for that organisation itself, and for a look of the secretariat that is on record."""
    return tx.get_one(Organisation, row.asker_id)


def is_sealed(tx: Tx, row: Clarification) -> bool:
    """Whether the record of the site, which cannot be changed, agrees with who is said here to have asked.

    An organisation that was merged into another one asked under its own number.
    """
    sealed = {event.details.get("sealed") for event in history_of(tx, row.ref) if event.action == "clarification.asked"}
    merged = select(Organisation.id).where(Organisation.merged_into_id == row.asker_id)
    known = (row.asker_id, *tx.scalars(merged))
    return any(rules.seal(row.salt, number, row.asked_by) in sealed for number in known)
