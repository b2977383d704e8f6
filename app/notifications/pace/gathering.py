"""Putting what is due into mails: each piece of news into one, the rest of a flood together, a digest once a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select

from app.accounts.models import Account
from app.foundation.db import Tx
from app.foundation.web import Site
from app.notifications.models import Delivery, Mail
from app.notifications.pace.queries import due_for, people_with_news, sent_at_once
from app.notifications.pace.rules import (
    ADDRESS,
    AT_ONCE,
    DAILY,
    DIGESTS,
    MOST_AT_ONCE,
    NO_ACCOUNT,
    READ,
    TOGETHER,
    WEEKLY,
    WITHIN,
)
from app.notifications.rules import new_message_id

PEOPLE_AT_ONCE = 20


def gather_news(site: Site, now: datetime) -> int:
    """Make the mails that are due; how many. Their words are put together when they are sent."""
    with site.database.reading() as tx:
        people = people_with_news(tx, now, PEOPLE_AT_ONCE)
    host = urlsplit(site.settings.public_url).hostname or "localhost"
    made = 0
    for account_id in people:
        # One transaction for each person: what goes together is decided at once, and nobody is kept waiting.
        with site.database.transaction() as tx:
            made += gather_for(tx, account_id, host, now)
    return made


def gather_for(tx: Tx, account_id: int, host: str, now: datetime) -> int:
    """Make one person's mails; how many. The row of the account is held, so that two workers do not split a digest."""
    held = select(Account).where(Account.id == account_id).with_for_update(key_share=True)
    account = tx.scalars(held.execution_options(populate_existing=True)).one()
    due = _still_to_be_told(account, due_for(tx, account_id, now))
    digests = [one for one in due if one.pace in DIGESTS]
    made = 0
    if digests:
        pace = DAILY if any(one.pace == DAILY for one in digests) else WEEKLY
        _hand_over(tx, account, digests, pace, host, now)
        made += 1
    for pace, together in _at_once(tx, account_id, [one for one in due if one.pace not in DIGESTS], now):
        _hand_over(tx, account, together, pace, host, now)
        made += 1
    return made


def _still_to_be_told(account: Account, due: list[Delivery]) -> list[Delivery]:
    reason = NO_ACCOUNT if account.status != "active" else ADDRESS if account.mail_failed_at is not None else ""
    kept = []
    for delivery in due:
        delivery.withheld = reason or (READ if delivery.notice.read_at is not None else "")
        if not delivery.withheld:
            kept.append(delivery)
    return kept


def _at_once(tx: Tx, account_id: int, due: list[Delivery], now: datetime) -> list[tuple[str, list[Delivery]]]:
    """Each on its own up to the limit; the rest waits for the end of the hour and then goes in one mail."""
    late = [one for one in due if one.pace == TOGETHER]
    mails = [(TOGETHER, late)] if late else []
    sent = sent_at_once(tx, account_id, now)
    room = max(0, MOST_AT_ONCE - len(sent) - len(mails))
    prompt = [one for one in due if one.pace == AT_ONCE]
    mails += [(AT_ONCE, [one]) for one in prompt[:room]]
    for one in prompt[room:]:
        one.pace, one.due_at = TOGETHER, (sent[0] if sent else now) + WITHIN
    return mails


def _hand_over(tx: Tx, account: Account, news: Sequence[Delivery], pace: str, host: str, now: datetime) -> None:
    mail = Mail(
        account_id=account.id, pace=pace, cause=f"news|{pace}:{news[0].id}", recipient=account.email,
        language=account.language, subject="", body="", message_id=new_message_id(host), created_at=now,
    )  # fmt: skip
    tx.add(mail)
    tx.flush()
    for delivery in news:
        delivery.handed_at, delivery.mail_id = now, mail.id
