"""A person's own data: given to the person, erased when the account is closed, and forgotten when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, delete, select, update

from app.accounts import guard, members
from app.accounts.models import Account, Membership
from app.accounts.privacy.data_map import BLANK, DELETE, PLACES, Place
from app.accounts.queries import count_focal_points
from app.accounts.rules import AccountRefused, may_leave
from app.foundation import audit
from app.foundation.audit import AuditEvent, AuditOrigin
from app.foundation.db import Base, Tx
from app.foundation.messages import msg
from app.foundation.permissions import Actor, Permission, require

SETTLE = timedelta(minutes=5)
WAIT_FOR_MAIL = timedelta(days=2)
"""A closed account is erased some minutes after its last mail has gone, and after two days in any case."""
NEVER_SHOWN = frozenset({"password_hash", "secret", "digest", "stamp", "key"})
"""What would let somebody in is not given out, not even to its owner."""


def export_of(tx: Tx, actor: Actor, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Everything that the site keeps about a person, table by table, and what the record says the person did.

    Raises:
        Refused: nobody is signed in.
    """
    require(actor, Permission.ACCOUNT_MANAGE, now)
    account = guard.account_of(tx, actor)
    found: dict[str, list[dict[str, Any]]] = {}
    for place in PLACES:
        if place.owner and place.table not in {"audit_events", "audit_origins"}:
            rows = tx.execute(_rows_of(place, account)).mappings()
            found[place.table] = [_plain(dict(row)) for row in rows]
    done = select(AuditEvent, AuditOrigin.address).outerjoin(AuditOrigin, AuditOrigin.event_id == AuditEvent.id)
    found["audit_events"] = [
        {"when": _text(event.happened_at), "action": event.action, "record": event.record_ref, "from": address}
        for event, address in tx.execute(done.where(AuditEvent.account_id == account.id).order_by(AuditEvent.id))
    ]
    audit.record_event(tx, actor, "account.exported", account, now, {"rows": sum(map(len, found.values()))})
    return found


def _rows_of(place: Place, account: Account) -> Select[Any]:
    table = _table(place)
    return select(table).where(table.c[place.owner] == (account.email if place.by_email else account.id))


def _table(place: Place) -> Table:
    return Base.metadata.tables[place.table]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in row.items() if name not in NEVER_SHOWN}


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, bool, list, dict)) else str(value)


def close_account(tx: Tx, actor: Actor, now: datetime) -> None:
    """Close one's own account and erase what it says of the person; what the person did stays on record by a number.

    Raises:
        Refused: nobody is signed in.
        AccountRefused: the person is the only focal point somewhere, and has to hand over first.
    """
    require(actor, Permission.ACCOUNT_MANAGE, now)
    account = guard.account_of(tx, actor)
    for place in list(account.memberships):
        if not may_leave(place.role, count_focal_points(tx, place.organisation_id)):
            name = place.organisation.name
            raise AccountRefused(
                msg(
                    "You are the only focal point of %(organisation)s. Hand over to a colleague first.",
                    organisation=name,
                )
            )
    guard.tell_owner(tx, account, "closed", guard.news_ref(), now)
    for place in list(account.memberships):
        members.end_place(tx, actor, place, now)
    audit.record_event(tx, actor, "account.closed", account, now)
    guard.end_all(tx, account, now)
    account.status, account.changed_at = "closing", now


def erase_closed(tx: Tx, now: datetime) -> int:
    """Erase what closing accounts say of their people, once the last mail has gone; how many there were."""
    mails = Base.metadata.tables["mails"]
    closing = list(tx.scalars(select(Account).where(Account.status == "closing")))
    erased = 0
    for account in closing:
        unsent = select(mails.c.id).where(mails.c.recipient == account.email, mails.c.sent_at.is_(None))
        waits = account.changed_at > now - WAIT_FOR_MAIL
        if waits and (tx.execute(unsent.limit(1)).first() is not None or account.changed_at > now - SETTLE):
            continue
        erase(tx, account)
        erased += 1
    return erased


def erase(tx: Tx, account: Account) -> None:
    """Delete and blank what the data map says, everywhere."""
    tx.flush()
    origins = select(AuditEvent.id).where(AuditEvent.account_id == account.id)
    tx.execute(delete(AuditOrigin).where(AuditOrigin.event_id.in_(origins)))
    for place in PLACES:
        table = _table(place)
        if place.table in {"accounts", "audit_origins"} or not place.owner:
            continue
        mine = table.c[place.owner] == (account.email if place.by_email else account.id)
        if place.at_erasure == DELETE:
            tx.execute(delete(table).where(mine))
        elif place.at_erasure == BLANK:
            tx.execute(update(table).where(mine).values(dict.fromkeys(_blanked(place), "")))
    tx.expire_all()
    account.email, account.name, account.password_hash = f"closed-{account.ref}", "", ""
    account.status, account.second_step_since = "closed", None
    account.mail_failed_at, account.mail_failed_code = None, ""


def _blanked(place: Place) -> tuple[str, ...]:
    return tuple(name for name in place.columns if name != "letter")


def forget_old(tx: Tx, now: datetime) -> int:
    """Let go of what is older than the data map says; how many rows."""
    gone = 0
    for place in PLACES:
        if place.keep is None:
            continue
        table = _table(place)
        if place.since == "event":
            old = select(AuditEvent.id).where(AuditEvent.happened_at < now - place.keep)
            which: ColumnElement[bool] = table.c.event_id.in_(old)
        else:
            which = and_(table.c[place.since].is_not(None), table.c[place.since] < now - place.keep)
        gone += int(tx.execute(delete(table).where(which)).rowcount)  # type: ignore[attr-defined]
    return gone


def colleagues_of(tx: Tx, membership: Membership) -> list[Membership]:
    """To whom somebody may hand over: the others of the same organisation."""
    query = (
        select(Membership)
        .join(Membership.account)
        .where(
            Membership.organisation_id == membership.organisation_id,
            Membership.id != membership.id,
            Account.status == "active",
        )
        .order_by(Account.name)
    )
    return list(tx.scalars(query))
