"""A new password for who has forgotten it, and a new e-mail address: asked for here, proved by a link in a mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import func, select

from app.accounts import guard, passwords, queries, rules
from app.accounts.events import AddressChanged, ConfirmationAsked
from app.accounts.links.rules import LIFE, MOST_IN_A_DAY, is_good
from app.accounts.models import Account, Confirmation
from app.accounts.near_words import words_near
from app.accounts.personal import Nobody
from app.accounts.rules import AccountRefused
from app.foundation import audit, outbox
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import SYSTEM, Actor, Permission, require
from app.foundation.security_log import note


def ask_for_reset(tx: Tx, email: str, now: datetime) -> None:
    """Somebody has forgotten the password of this address; a mail goes out if there is an account, and nothing is said.

    The work is nearly the same for an unknown address: one event is recorded either way.
    """
    account = queries.account_by_email(tx, email)
    if account is None or account.status != "active" or _too_many(tx, account, "reset", now):
        audit.record_event(tx, SYSTEM, "account.reset_asked", account or Nobody(), now, {"sent": False})
        return
    audit.record_event(tx, SYSTEM, "account.reset_asked", account, now, {"sent": True})
    _ask(tx, account, "reset", account.email, now)


def ask_for_email(tx: Tx, actor: Actor, email: str, now: datetime) -> None:
    """A person wants another e-mail address: a link goes to the new one, which changes it when it is opened.

    Whether somebody has that address already is told to that address alone.

    Raises:
        Refused: nobody is signed in.
        AccountRefused: it is the same address, or too many links were sent today.
    """
    require(actor, Permission.ACCOUNT_MANAGE, now)
    account = guard.account_of(tx, actor)
    wanted = rules.tidy_email(email)
    if wanted == account.email:
        raise AccountRefused(msg("This is your address already."), "email")
    if _too_many(tx, account, "email", now):
        raise AccountRefused(msg("Several links were sent today. Look into your mail, or try again tomorrow."), "email")
    audit.record_event(tx, actor, "account.email_change_asked", account, now)
    _ask(tx, account, "email", wanted, now)


def _ask(tx: Tx, account: Account, kind: str, email: str, now: datetime) -> None:
    asked = Confirmation(
        account_id=account.id,
        kind=kind,
        email=email,
        former_email=account.email,
        stamp=account.stamp,
        created_at=now,
        expires_at=now + LIFE[kind],
    )
    tx.add(asked)
    tx.flush()
    outbox.tell(tx, ConfirmationAsked(asked.id), now)


def _too_many(tx: Tx, account: Account, kind: str, now: datetime) -> bool:
    today = select(func.count()).where(
        Confirmation.account_id == account.id,
        Confirmation.kind == kind,
        Confirmation.created_at > now - timedelta(days=1),
    )
    return (tx.scalar(today) or 0) >= MOST_IN_A_DAY


def token_for(secret_key: str, confirmation: Confirmation) -> str:
    """The signed word in the link; nothing of it is kept."""
    return str(_signer(secret_key).dumps([confirmation.kind, confirmation.ref]))


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="counterpart.confirmation")


def confirmation_for(tx: Tx, secret_key: str, kind: str, token: str, now: datetime) -> Confirmation | None:
    """What a link of this kind speaks of, if it was signed here and is still good."""
    try:
        said, ref = _signer(secret_key).loads(token)
    except (BadData, ValueError, TypeError):
        note("link")
        return None
    found = tx.scalar(select(Confirmation).where(Confirmation.ref == str(ref), Confirmation.kind == kind))
    account = queries.account_by_id(tx, found.account_id) if found else None
    if said != kind or found is None or account is None or account.status != "active":
        return None
    return found if is_good(found, account.stamp, now) else None


def set_password(tx: Tx, confirmation: Confirmation, password: str, now: datetime) -> None:
    """The address is proved: the new password counts, and every sign-in ends. A second step stays what it is.

    Raises:
        AccountRefused: the password will not do.
    """
    account = queries.account_by_id(tx, confirmation.account_id)
    if account is None:
        raise LookupError(confirmation.account_id)
    fault = rules.password_fault(password, account.email, words_near(account))
    if fault is not None:
        raise AccountRefused(fault, "new_password")
    confirmation.used_at = now
    account.password_hash = passwords.hash_password(password)
    account.failures, account.locked_until, account.changed_at = 0, None, now
    guard.end_all(tx, account, now)
    audit.record_event(tx, queries.actor_of(account), "account.password_reset", account, now)
    guard.tell_owner(tx, account, "password_changed", confirmation.ref, now)


def set_email(tx: Tx, confirmation: Confirmation, now: datetime) -> None:
    """The new address is proved: it is the account's from now on, and every sign-in ends. Both addresses are told.

    Raises:
        AccountRefused: somebody else has the address.
    """
    account = queries.account_by_id(tx, confirmation.account_id)
    if account is None:
        raise LookupError(confirmation.account_id)
    if queries.account_by_email(tx, confirmation.email) is not None:
        raise AccountRefused(msg("This link is no longer good. Ask for a new one."))
    confirmation.used_at, account.email, account.changed_at = now, confirmation.email, now
    account.mail_failed_at, account.mail_failed_code = None, ""
    guard.end_all(tx, account, now)
    audit.record_event(tx, queries.actor_of(account), "account.email_changed", account, now)
    outbox.tell(tx, AddressChanged(confirmation.id), now)
