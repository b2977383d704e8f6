"""Letting news wait for its mail at the pace that each person wishes, and keeping what people wish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Account
from app.accounts.queries import actor_of
from app.foundation import audit
from app.foundation.db import Tx
from app.notifications.models import Delivery, MailPreference
from app.notifications.pace.queries import waiting_for, wishes_of, wishes_of_one
from app.notifications.pace.rules import NO_MAIL, SITE, Wishes, due_at, pace_of, without
from app.notifications.rules import what_of

CHANNEL = "mail"


def put_deliveries(tx: Tx, news: Sequence[tuple[int, int, str]], now: datetime) -> None:
    """Let each of these (account, notice, cause) wait for its mail, each notice once."""
    known = set(tx.scalars(select(Delivery.notice_id).where(Delivery.notice_id.in_([one for _a, one, _c in news]))))
    wishes = wishes_of(tx, (account_id for account_id, _notice, _cause in news))
    for account_id, notice_id, cause in sorted(set(news)):
        if notice_id in known:
            continue
        delivery = Delivery(account_id=account_id, notice_id=notice_id, channel=CHANNEL, created_at=now)
        _set_pace(delivery, cause, wishes.get(account_id, Wishes()))
        tx.add(delivery)


def _set_pace(delivery: Delivery, cause: str, wishes: Wishes) -> None:
    delivery.pace = pace_of(what_of(cause), wishes)
    delivery.due_at = due_at(delivery.pace, wishes, delivery.created_at)
    delivery.withheld = NO_MAIL if delivery.pace == SITE else ""


def set_wishes(tx: Tx, account: Account, wishes: Wishes, now: datetime, way: str) -> bool:
    """Keep what this person wishes; what waits already goes out as is wished now. Whether anything changed.

    `way` says from where: the page for who is signed in, or the link of a mail.
    """
    # Whoever gathers this person's mails holds the same row: what waits goes out under the old wishes or the new.
    tx.execute(select(Account.id).where(Account.id == account.id).with_for_update(key_share=True))
    before = wishes_of_one(tx, account.id)
    if before == wishes:
        return False
    row = tx.get(MailPreference, account.id)
    values: Mapping[str, Any] = {
        "paces": dict(wishes.paces), "hour": wishes.hour, "weekday": wishes.weekday, "time_zone": wishes.time_zone,
        "changed_at": now,
    }  # fmt: skip
    if row is None:
        tx.add(MailPreference(account_id=account.id, **values))
    else:
        for name, value in values.items():
            setattr(row, name, value)
    for delivery in waiting_for(tx, account.id):
        _set_pace(delivery, delivery.notice.cause, wishes)
    audit.record_event(tx, actor_of(account), "account.mail_wishes_changed", account, now, {"way": way})
    return True


def stop(tx: Tx, account: Account, scope: Iterable[str], now: datetime) -> bool:
    """No more mails of these groups for this person; asked again, it changes nothing. Whether anything changed."""
    before = wishes_of_one(tx, account.id)
    after = Wishes(without(before.paces, scope), before.hour, before.weekday, before.time_zone)
    return set_wishes(tx, account, after, now, "link")
