"""What people want by mail, and which news is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from app.foundation.db import Tx
from app.notifications.models import Delivery, Mail, MailPreference
from app.notifications.pace.rules import AT_ONCE, TOGETHER, WITHIN, Wishes

WAITS: ColumnElement[bool] = and_(Delivery.handed_at.is_(None), Delivery.withheld == "")
"""What is in no mail yet and may still get into one."""


def wishes_of(tx: Tx, account_ids: Iterable[int]) -> Mapping[int, Wishes]:
    """What each of these people wants; who has never chosen is not among them."""
    rows = tx.scalars(select(MailPreference).where(MailPreference.account_id.in_(set(account_ids))))
    return {row.account_id: Wishes(dict(row.paces), row.hour, row.weekday, row.time_zone) for row in rows}


def wishes_of_one(tx: Tx, account_id: int | None) -> Wishes:
    """What one person wants, or what is usual."""
    return wishes_of(tx, [account_id] if account_id is not None else []).get(account_id or 0, Wishes())


def people_with_news(tx: Tx, now: datetime, limit: int) -> list[int]:
    """The accounts for which something is due, those who have waited longest first."""
    query = select(Delivery.account_id, Delivery.due_at).where(WAITS, Delivery.due_at <= now)
    rows = tx.execute(query.order_by(Delivery.due_at, Delivery.id).limit(limit * 20))
    return list(dict.fromkeys(account_id for account_id, _due in rows))[:limit]


def due_for(tx: Tx, account_id: int, now: datetime) -> list[Delivery]:
    """What is due for one person, in order."""
    query = select(Delivery).where(WAITS, Delivery.account_id == account_id, Delivery.due_at <= now)
    return list(tx.scalars(query.order_by(Delivery.id)))


def waiting_for(tx: Tx, account_id: int) -> list[Delivery]:
    """What waits for one person, due or not."""
    query = select(Delivery).where(WAITS, Delivery.account_id == account_id)
    return list(tx.scalars(query.order_by(Delivery.id)))


def sent_at_once(tx: Tx, account_id: int, now: datetime) -> list[datetime]:
    """When this person was last written to at once, within the time that counts, the earliest first."""
    query = select(Mail.created_at).where(
        Mail.account_id == account_id, Mail.pace.in_([AT_ONCE, TOGETHER]), Mail.created_at > now - WITHIN
    )
    return list(tx.scalars(query.order_by(Mail.created_at)))
