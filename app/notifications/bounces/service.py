"""Marking an address to which mail comes back, and taking the mark away when its owner asks to try again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.accounts.models import Account
from app.accounts.queries import account_by_email, account_by_id, actor_of
from app.config import Settings
from app.foundation import audit
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import SYSTEM, Actor, Permission, require
from app.notifications.bounces.rules import Bounce
from app.notifications.letters import letter_about_account
from app.notifications.models import Mail
from app.notifications.rules import cause_of
from app.notifications.service import put_mails


def mark_address(tx: Tx, address: str, code: str, now: datetime) -> bool:
    """Mail to this address comes back: news for its owner stays on the site until it is mended. Whether it is known."""
    account = account_by_email(tx, address)
    if account is None or account.status != "active":
        return False
    if account.mail_failed_at is None:
        account.mail_failed_at, account.mail_failed_code = now, code[:20]
        audit.record_event(tx, SYSTEM, "account.mail_failed", account, now, {"code": code[:20]})
    return True


def take_bounce(tx: Tx, bounce: Bounce, now: datetime) -> Mail | None:
    """The mail that a notification is about, after its address was marked; nothing where it is none of ours.

    It marks the address that the mail went to: an account that has another one by now is left as it is.
    """
    mail = tx.scalar(select(Mail).where(Mail.message_id == bounce.message_id))
    if mail is not None:
        mail.last_error = f"came back: {bounce.status}"
        if bounce.is_final:
            mark_address(tx, mail.recipient, bounce.status, now)
    return mail


def try_again(tx: Tx, actor: Actor, settings: Settings, host: str, now: datetime) -> Account:
    """The owner says that the address is right: the mark is taken away, and a mail shows whether it is.

    Raises:
        Refused: nobody is signed in.
    """
    require(actor, Permission.ACCOUNT_MANAGE, now)
    account = account_by_id(tx, actor.account_id)
    if account is None:
        raise LookupError(actor.account_id)
    if account.mail_failed_at is None:
        return account
    cause = cause_of("mail_checked", ("address", f"{account.ref} {account.mail_failed_at.timestamp():.0f}"))
    account.mail_failed_at, account.mail_failed_code = None, ""
    audit.record_event(tx, actor_of(account), "account.mail_tried_again", account, now)
    text = msg("You asked us to try your address again: here is the mail. News comes to you by mail from now on.")
    put_mails(tx, [letter_about_account(cause, account.email, account, text, settings.public_url)], host, now)
    return account
