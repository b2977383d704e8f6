"""Which records are due, who is to be asked about them, and what owners have said and not yet done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, select, tuple_

from app.accounts.models import Account
from app.accounts.queries import accounts_of, actor_of
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import ROLES_THAT_EDIT, SYSTEM, Actor, allowed
from app.needs.models import Need
from app.needs.rules import PUBLISHED
from app.upkeep.asking import rules
from app.upkeep.asking.models import Asking, Unfinished
from app.upkeep.clocks.models import NeedMoment
from app.upkeep.clocks.rules import ANSWERED, ASK_AFTER
from app.upkeep.records import KINDS, Kind, going_on, rows_of

AT_ONCE = 200
"""So many records of a kind and stage are looked at in one round."""


@dataclass(frozen=True)
class Due:
    """A record that is due at a stage, and the question that is to be put."""

    question: str
    kind: Kind
    record: Any
    due_on: date
    stage: str


def due_records(tx: Tx, today: date) -> Iterator[Due]:
    """Every record that has come to a stage at which nobody was asked about it yet."""
    for kind in KINDS.values():
        for stage, first, last in _stages(today):
            column = kind.model.verify_by
            asked = select(Asking.id).where(
                Asking.question == rules.VERIFY, Asking.record_kind == kind.code, Asking.record_id == kind.model.id,
                Asking.due_on == column, Asking.stage == stage,
            )  # fmt: skip
            says = select(Unfinished.id).where(
                Unfinished.record_kind == kind.code, Unfinished.record_id == kind.model.id, Unfinished.due_on == column
            )
            query = going_on(kind, last).where(column >= first, ~asked.exists(), ~says.exists())
            for record in tx.scalars(query.order_by(column, kind.model.id).limit(AT_ONCE)):
                yield Due(rules.VERIFY, kind, record, record.verify_by, stage)


def _stages(today: date) -> list[tuple[str, date, date]]:
    soon, early = (today + timedelta(days=rules.BEFORE[stage]) for stage in (rules.SOON, rules.EARLY))
    return [
        (rules.EARLY, soon + timedelta(days=1), early),
        (rules.SOON, today, soon),
        (rules.PASSED, date.min, today - timedelta(days=1)),
    ]


def needs_to_ask(tx: Tx, now: datetime) -> Iterator[Due]:
    """Needs that were posted a year ago, and of which nobody has been asked, or has said, whether they were met."""
    asked = select(Asking.id).where(
        Asking.question == rules.OUTCOME, Asking.record_kind == "need", Asking.record_id == Need.id
    )
    said = select(NeedMoment.id).where(NeedMoment.need_id == Need.id, NeedMoment.what == ANSWERED)
    query = readable(SYSTEM, Need).where(
        Need.is_published, Need.status.in_(PUBLISHED), Need.posted_at <= now - ASK_AFTER, ~asked.exists(),
        ~said.exists(),
    )  # fmt: skip
    for need in tx.scalars(query.order_by(Need.posted_at, Need.id).limit(AT_ONCE)):
        assert need.posted_at is not None
        yield Due(rules.OUTCOME, KINDS["need"], need, (need.posted_at + ASK_AFTER).date(), rules.YEAR)


def people_to_ask(tx: Tx, due: Due, now: datetime) -> list[Account]:
    """Those who may answer for a record at this moment: its owner's editors, for a contact its focal points."""
    people = accounts_of(tx, [due.record.organisation_id], ROLES_THAT_EDIT)
    owners = [p for p in people if allowed(actor_of(p), due.kind.permission, now, due.record)]
    return [p for p in owners if any(m.organisation_id == due.record.organisation_id for m in p.memberships)]


def unsent(tx: Tx) -> dict[tuple[int, str], list[Asking]]:
    """What is to be asked and was not written yet, by person and question, what is due first on top."""
    found: dict[tuple[int, str], list[Asking]] = {}
    query = select(Asking).where(Asking.batch == "", Asking.answer == "").order_by(Asking.due_on, Asking.id)
    for row in tx.scalars(query):
        found.setdefault((row.account_id, row.question), []).append(row)
    return found


def was_written_to(tx: Tx, account_id: int, question: str, since: datetime) -> bool:
    """Whether this person got such a mail since that moment."""
    query = select(Asking.id).where(
        Asking.account_id == account_id, Asking.question == question, Asking.batch != "", Asking.asked_at > since
    )
    return tx.scalar(query.limit(1)) is not None


def in_batch(tx: Tx, batch: str) -> list[Asking]:
    """The questions of one mail, in their order."""
    return list(tx.scalars(select(Asking).where(Asking.batch == batch).order_by(Asking.due_on, Asking.id)))


# --- what owners have said and not yet done ---


def unfinished_of(tx: Tx, kind: str, record: Any) -> Unfinished | None:
    """What an owner has said of a record, as long as nothing was done to it since."""
    if record.confirm_due is None:
        return None
    query = select(Unfinished).where(
        Unfinished.record_kind == kind, Unfinished.record_id == record.id, Unfinished.due_on == record.confirm_due
    )
    return tx.scalar(query)


@dataclass(frozen=True)
class Task:
    """A record on the desk of those who write for its owner: `says` what was said of it, or nothing if it is due."""

    kind: Kind
    record: Any
    says: str


def tasks_for(tx: Tx, reader: Actor, today: date, now: datetime) -> list[Task]:
    """What this person may answer for and has to finish, or is to confirm within a fortnight, the soonest first."""
    own = reader.editing_ids
    tasks: list[Task] = []
    for kind in KINDS.values() if own else ():
        mine = kind.model.id.in_(own) if kind.code == "organisation" else kind.model.organisation_id.in_(own)
        query = _at_hand(kind, reader, today).where(mine)
        rows = [row for row in tx.scalars(query) if allowed(reader, kind.permission, now, row)]
        says = _said(tx, kind, rows)
        # What has passed stands on the desk by itself, but for contacts, which no lower feature lists.
        tasks += [
            Task(kind, row, says.get(row.id, ""))
            for row in rows
            if row.id in says or kind.code == "organisation" or not row.is_unconfirmed(today)
        ]
    return sorted(tasks, key=lambda task: (task.record.verify_by, task.kind.code, task.record.id))


def _at_hand(kind: Kind, reader: Actor, today: date) -> Any:
    until = today + timedelta(days=rules.BEFORE[rules.EARLY])
    query = rows_of(kind, reader).where(kind.going_on, kind.model.verify_by <= until)
    return query.order_by(kind.model.verify_by, kind.model.id).limit(AT_ONCE)


def _said(tx: Tx, kind: Kind, rows: Iterable[Any]) -> dict[int, str]:
    keys = [(row.id, row.verify_by) for row in rows]
    if not keys:
        return {}
    query = select(Unfinished.record_id, Unfinished.says).where(
        and_(Unfinished.record_kind == kind.code, tuple_(Unfinished.record_id, Unfinished.due_on).in_(keys))
    )
    return {number: says for number, says in tx.execute(query)}  # noqa: C416 - dict() takes a result for a mapping
