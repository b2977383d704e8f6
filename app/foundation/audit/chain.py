"""One event for each move, chained by hash within its day; where it came from stands beside the chain."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Tx, write_rows
from app.foundation.permissions import Actor


class AuditHead(Base):
    """The last hash of each day's chain; its row is locked while the next event is added.

    `signed_sequence` says how far the signature reaches: 0 as long as there is none. See app.foundation.audit.seals.
    """

    __tablename__ = "audit_heads"

    day: Mapped[date] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(default="")
    signed_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    signed_at: Mapped[datetime | None]
    signature: Mapped[str] = mapped_column(default="", server_default="")


class AuditEvent(Base):
    """Who did what to which version of which record, for which organisation, and when (UTC).

    `origin` is a digest of what stands in AuditOrigin, so that this can be erased but not replaced.
    """

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
    origin: Mapped[str] = mapped_column(default="", server_default="")
    previous_hash: Mapped[str]
    hash: Mapped[str]


HASHED = (
    "day", "sequence", "happened_at", "account_id", "organisation_id", "action", "record_kind", "record_ref",
    "record_version", "details", "origin", "previous_hash",
)  # fmt: skip
"""What of an event its hash is over."""


class AuditOrigin(Base):
    """From where an event came: personal data, kept apart so that erasing it leaves the chain whole."""

    __tablename__ = "audit_origins"

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_events.id"), primary_key=True)
    address: Mapped[str] = mapped_column(index=True)
    request: Mapped[str]
    salt: Mapped[str]


@dataclass(frozen=True)
class Origin:
    """The network address that asked, the reference of its request, and that of the token that a program came with.

    `token` is no personal data: it is told with the event and stays when the address is erased.
    """

    address: str
    request: str
    token: str = ""


_ORIGIN: ContextVar[Origin | None] = ContextVar("origin", default=None)


def come_from(origin: Origin | None) -> None:
    """Events recorded from now on in this thread come from there; no rule of the domain may depend on it."""
    _ORIGIN.set(origin)


def come_through(token: str) -> None:
    """Events recorded from now on in this thread were asked for by a program that has this token."""
    origin = _ORIGIN.get()
    _ORIGIN.set(replace(origin, token=token) if origin else Origin("", "", token))


@contextmanager
def from_nowhere() -> Iterator[None]:
    """Events recorded in here do not say from which address they came: for what somebody does unnamed."""
    token = _ORIGIN.set(None)
    try:
        yield
    finally:
        _ORIGIN.reset(token)


def request_ref() -> str:
    """The reference of the request that is answered now, by which a line of the log and an event are put together."""
    origin = _ORIGIN.get()
    return origin.request if origin else ""


@dataclass(frozen=True)
class Entry:
    """What is to be recorded of one of several records: what was done to it, and its details."""

    action: str
    record: Any
    details: dict[str, Any]


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
    record_events(tx, actor, [Entry(action, record, details or {})], now)


def record_events(tx: Tx, actor: Actor, entries: Sequence[Entry], now: datetime) -> None:
    """Add an event for each of several records, in this order, as `record_event` does for one.

    The head of the chain is looked for once, and all are written together.
    """
    if not entries:
        return
    tx.flush()
    head = _head(tx, now.date())
    rows: list[dict[str, Any]] = []
    origins: list[AuditOrigin] = []
    for entry in entries:
        row = _row(actor, entry, head.day, now) | {"sequence": head.sequence + 1 + len(rows)}
        row["previous_hash"] = rows[-1]["hash"] if rows else head.hash
        origin = _origin()
        if origin is not None:
            row["origin"] = origin_digest(origin)
            origins.append(origin)
        row["hash"] = _hash_of(row)
        rows.append(row)
    head.sequence, head.hash = rows[-1]["sequence"], rows[-1]["hash"]
    if len(rows) > 1 and not origins:
        # A bulk import has an event for each record: objects of them cost more than all else that is done with them.
        write_rows(tx, AuditEvent, rows)
    else:
        _add(tx, [AuditEvent(**row) for row in rows], origins)


def _add(tx: Tx, events: Sequence[AuditEvent], origins: Sequence[AuditOrigin]) -> None:
    tx.add_all(events)
    if origins:
        tx.flush()
        for event, origin in zip(events, origins, strict=True):
            origin.event_id = event.id
        tx.add_all(origins)


def _row(actor: Actor, entry: Entry, day: date, now: datetime) -> dict[str, Any]:
    record, origin = entry.record, _ORIGIN.get()
    by_token = {"program": origin.token} if origin and origin.token else {}
    return {
        "day": day,
        "happened_at": now,
        "account_id": actor.account_id,
        "organisation_id": getattr(record, "organisation_id", None),
        "action": entry.action,
        "record_kind": getattr(record, "record_kind", type(record).__name__.lower()),
        "record_ref": record.ref,
        "record_version": getattr(record, "version", 1) or 1,
        "details": {**entry.details, **by_token},
        "origin": "",
    }


def _head(tx: Tx, today: date) -> AuditHead:
    """The head of the chain to go on with, locked: today's, or a later one that is signed (a clock went back)."""
    signed = tx.scalar(select(func.max(AuditHead.day)).where(AuditHead.signed_sequence > 0))
    day = max(today, signed) if signed else today
    held = select(AuditHead).where(AuditHead.day == day).with_for_update()
    head = tx.scalar(held)
    if head is not None:
        return head
    head = AuditHead(day=day, sequence=0, hash="", signed_sequence=0, signature="")
    try:
        with tx.begin_nested():
            tx.add(head)
    except IntegrityError:
        # Somebody else began the day at this instant: this event follows theirs.
        return tx.scalars(held).one()
    return head


def _origin() -> AuditOrigin | None:
    origin = _ORIGIN.get()
    if origin is None:
        return None
    return AuditOrigin(address=origin.address, request=origin.request, salt=secrets.token_hex(16))


def origin_digest(origin: AuditOrigin) -> str:
    """SHA-256 over salt, address and request: tells whether an origin was replaced, and nothing once it is erased."""
    return hashlib.sha256(f"{origin.salt}\n{origin.address}\n{origin.request}".encode()).hexdigest()


def chain_hash(event: AuditEvent) -> str:
    """SHA-256 over the canonical JSON of the event and the hash before it."""
    return _hash_of({name: getattr(event, name) for name in HASHED})


def _hash_of(event: Mapping[str, Any]) -> str:
    body = {
        "day": event["day"].isoformat(),
        "sequence": event["sequence"],
        "happened_at": event["happened_at"].isoformat(),
        "account": event["account_id"],
        "organisation": event["organisation_id"],
        "action": event["action"],
        "record": [event["record_kind"], event["record_ref"], event["record_version"]],
        "details": event["details"],
        "previous": event["previous_hash"],
    }
    if event["origin"]:
        body["origin"] = event["origin"]
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def history_of(tx: Tx, record_ref: str) -> list[AuditEvent]:
    """The events of one record, newest first."""
    query = select(AuditEvent).where(AuditEvent.record_ref == record_ref).order_by(AuditEvent.id.desc())
    return list(tx.scalars(query))
