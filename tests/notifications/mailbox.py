"""What goes to mailboxes: which news a mail is to carry, and the letters that lie there a week later."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.models import Account
from app.foundation.db import Tx
from app.foundation.web import Site
from app.notifications.finishing import letter_to_send
from app.notifications.models import Delivery, Mail, Notice
from app.notifications.pace.gathering import gather_news
from app.notifications.paper import Letter

A_WEEK = timedelta(days=8)


def carried(tx: Tx) -> list[tuple[str, str]]:
    """The address and the cause of each piece of news that a mail is to carry, in the order in which they came."""
    query = (
        select(Account.email, Notice.cause).join_from(Delivery, Notice).join(Account, Account.id == Notice.account_id)
    )
    return [(address, cause) for address, cause in tx.execute(query.order_by(Delivery.id))]


def letters(tx: Tx, site: Site, now: datetime) -> list[Letter]:
    """The mails with news as they are sent a week later; one that is not to be sent any more is left out."""
    later = now + A_WEEK
    tx.flush()
    gather_news(site, later)
    tx.expire_all()
    mails = tx.scalars(select(Mail).where(Mail.account_id.is_not(None)).order_by(Mail.id)).all()
    found = [letter_to_send(tx, site.settings, mail, later).letter for mail in mails]
    return [letter for letter in found if letter is not None]
