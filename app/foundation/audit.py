"""The record that stands up: one event for each move, chained by hash within its day."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Tx
from app.foundation.permissions import Actor


class AuditHead(Base):
    """The last hash of each day's chain; its row is locked while the next event is added."""

    __tablename__ = "audit_heads"

    day: Mapped[date] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(default="")


class AuditEvent(Base):
    """Who did what to which version of which record, for which organisation, and when (UTC)."""

    __tablename__ = "audit_events"
    __table_args__ = (UniqueConstraint("day", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    sequence: Mapped[int]
    happened_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(index=True)
    organisation_id: Mapped[int | None]
    action: Mapped[str]
    record_kind: Mapped[str]
    record_ref: Mapped[str] = mapped_column(index=True)
    record_version: Mapped[int]
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str]
    hash: Mapped[str]


def record_event(
    tx: Tx,
    actor: Actor,
    action: str,
    record: Any,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """Add one event to the chain of its day, in the transaction of the change itself.

    `record` has `ref`; `record_kind`, `version` and `organisation_id` are taken where it has them. No personal data
    goes into `details`: people are named by account id alone.
    """
    tx.flush()
    day = now.date()
    head = tx.scalar(select(AuditHead).where(AuditHead.day == day).with_for_update())
    if head is None:
        head = AuditHead(day=day, sequence=0, hash="")
        tx.add(head)
    event = AuditEvent(
        day=day,
        sequence=head.sequence + 1,
        happened_at=now,
        account_id=actor.account_id,
        organisation_id=getattr(record, "organisation_id", None),
        action=action,
        record_kind=getattr(record, "record_kind", type(record).__name__.lower()),
        record_ref=record.ref,
        record_version=getattr(record, "version", 1) or 1,
        details=details or {},
        previous_hash=head.hash,
    )
    event.hash = chain_hash(event)
    head.sequence, head.hash = event.sequence, event.hash
    tx.add(event)


def chain_hash(event: AuditEvent) -> str:
    """SHA-256 over the canonical JSON of the event and the hash before it."""
    body = {
        "day": event.day.isoformat(),
        "sequence": event.sequence,
        "happened_at": event.happened_at.isoformat(),
        "account": event.account_id,
        "organisation": event.organisation_id,
        "action": event.action,
        "record": [event.record_kind, event.record_ref, event.record_version],
        "details": event.details,
        "previous": event.previous_hash,
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def history_of(tx: Tx, record_ref: str) -> list[AuditEvent]:
    """The events of one record, newest first."""
    query = select(AuditEvent).where(AuditEvent.record_ref == record_ref).order_by(AuditEvent.id.desc())
    return list(tx.scalars(query))
