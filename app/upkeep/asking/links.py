"""The signed link by which an owner answers without signing in: it names one record, one day, one person, once.

What it opens is judged anew each time by the rows of this moment: whoever may not amend the record by signing in may
not answer for it by a link either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from app.accounts.models import Account
from app.accounts.queries import account_by_id, actor_of
from app.foundation.db import Tx
from app.foundation.permissions import Actor, allowed
from app.foundation.security_log import note
from app.upkeep.asking import rules
from app.upkeep.asking.models import Asking
from app.upkeep.clocks.queries import outcome_of
from app.upkeep.records import KINDS, Kind, find


@dataclass(frozen=True)
class Link:
    """What a good link opens: the question, whom it was put to, with the rights of this moment, and the record."""

    asking: Asking
    person: Account
    actor: Actor
    record: Any
    kind: Kind


def token_for(secret_key: str, asking: Asking, record: Any, person: Account) -> str:
    """The signed word in the link; nothing of it is kept."""
    return word_for(secret_key, [asking.ref, asking.question, record.ref, asking.due_on.isoformat(), person.ref])


def word_for(secret_key: str, said: list[str]) -> str:
    """The same of what the link says: the question by its reference and its kind, the record, its day, the person."""
    return str(_signer(secret_key).dumps(said))


def asking_for(tx: Tx, secret_key: str, token: str) -> Asking | None:
    """What a link asks about; nothing where it was not signed here."""
    try:
        ref, *_rest = _signer(secret_key).loads(token)
    except (BadData, ValueError, TypeError):
        note("link")
        return None
    return tx.scalar(select(Asking).where(Asking.ref == str(ref)))


def open_link(tx: Tx, secret_key: str, token: str, now: datetime, *, hold: bool = False) -> Link | str:
    """What a link opens, or why it is good no more (one of rules.GONE). `hold` keeps the record as it is."""
    asking = asking_for(tx, secret_key, token)
    if asking is None:
        return rules.ALTERED
    found = open_asking(tx, asking, now, hold=hold)
    if isinstance(found, Link) and token_for(secret_key, asking, found.record, found.person) != token:
        return rules.ALTERED
    return found


def open_asking(tx: Tx, asking: Asking, now: datetime, *, hold: bool = False) -> Link | str:
    """The same for a question that is known by its row."""
    record = find(tx, asking.record_kind, asking.record_id, hold=hold)
    if was_answered(tx, asking):
        return rules.USED
    if record is None or not is_asked(tx, asking, record):
        return rules.MOVED
    person, kind = account_by_id(tx, asking.account_id), KINDS[asking.record_kind]
    if person is None or person.status != "active":
        return rules.LEFT
    actor = actor_of(person)
    if not allowed(actor, kind.permission, now, record):
        return rules.LEFT
    return rules.LATE if rules.is_late(asking.asked_at, now) else Link(asking, person, actor, record, kind)


def was_answered(tx: Tx, asking: Asking) -> bool:
    """Whether this person has answered this question about this record already, by this mail or an earlier one."""
    same = select(Asking.id).where(
        Asking.question == asking.question,
        Asking.record_kind == asking.record_kind,
        Asking.record_id == asking.record_id,
        Asking.due_on == asking.due_on,
        Asking.account_id == asking.account_id,
        Asking.answer != "",
    )
    return tx.scalar(same.limit(1)) is not None


def is_asked(tx: Tx, asking: Asking, record: Any) -> bool:
    """Whether it is still asked: nobody has confirmed, changed or ended the record, or said what came of it."""
    if asking.question == rules.OUTCOME:
        return bool(record.is_published) and outcome_of(tx, record.id) is None
    due: Any = record.confirm_due
    return bool(due == asking.due_on)


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="counterpart.upkeep")
