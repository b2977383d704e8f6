"""What people do with their own account: sign in, change their name, language and password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from app.accounts import guard, passwords, queries, rules
from app.accounts.models import Account
from app.accounts.near_words import words_near
from app.accounts.rules import AccountRefused
from app.accounts.service import SETTINGS
from app.foundation import audit, drafts
from app.foundation.db import Tx
from app.foundation.permissions import SYSTEM, Actor, Permission, require


@dataclass(frozen=True)
class ProfileDraft:
    """What people say about themselves."""

    name: str
    language: str


@dataclass(frozen=True)
class PasswordDraft:
    """The password as it was and as it shall be."""

    current: str
    new: str


@dataclass(frozen=True)
class Attempt:
    """Somebody tries to sign in; `kept` is empty where there is nothing to compare with (no account, or locked)."""

    account_ref: str | None
    kept: str


@dataclass(frozen=True)
class Nobody:
    """Stands in the audit for an address that has no account; the address itself is not kept."""

    ref: str = "-"
    record_kind: str = "account"


def begin_attempt(tx: Tx, email: str, now: datetime) -> Attempt:
    """Count a try to sign in before the password is looked at, so that many at once are no way around the lock.

    A try that no `account.signed_in` follows in the audit has failed. The work is the same for an unknown address.
    """
    account = queries.account_by_email(tx, email)
    if account is None or account.status != "active":
        audit.record_event(tx, SYSTEM, "account.sign_in_tried", Nobody(), now)
        return Attempt(None, "")
    locked = _count(tx, account, now)
    details = {"in_a_row": account.failures, "locked": locked}
    audit.record_event(tx, SYSTEM, "account.sign_in_tried", account, now, details)
    return Attempt(account.ref, "" if locked else account.password_hash)


def begin_step(tx: Tx, account_ref: str, stamp: str, now: datetime) -> Account | None:
    """Count a try of the second step as a try to sign in; nobody while locked, or if the sign-in is no longer wanted.

    The password before it was right: only a whole sign-in forgets the failures, so a known password opens no way to
    try codes without end.
    """
    account = queries.account_by_ref(tx, account_ref)
    if account is None or account.status != "active" or account.stamp != stamp:
        return None
    locked = _count(tx, account, now)
    details = {"in_a_row": account.failures, "locked": locked}
    audit.record_event(tx, SYSTEM, "account.second_step_tried", account, now, details)
    return None if locked else account


def _count(tx: Tx, account: Account, now: datetime) -> bool:
    """Count one more failure; whether the account was locked already."""
    # Two tries at the same moment are counted one after the other.
    tx.refresh(account, ["failures", "locked_until"], with_for_update=True)
    if account.locked_until is not None and now < account.locked_until:
        return True
    account.failures += 1
    wait = rules.lock_after(account.failures)
    account.locked_until = now + wait if wait else None
    return False


def pass_password(tx: Tx, attempt: Attempt, rehashed: str = "") -> Account | None:
    """The password was right: whose it is, unless the account was closed or its password changed in the meantime.

    An account with a second step is not in yet; `guard.enter` lets in.
    """
    account = queries.account_by_ref(tx, attempt.account_ref or "")
    if account is None or account.status != "active" or account.password_hash != attempt.kept:
        return None
    if rehashed:
        account.password_hash = rehashed
    if account.second_step_since is not None:
        # This try was none that failed; those of the second step before it still count.
        account.failures = max(0, account.failures - 1)
        account.locked_until = None
    return account


def keep_carried(tx: Tx, actor: Actor, path: str, fields: list[tuple[str, str]], now: datetime) -> str:
    """Keep what was typed into a form whose sign-in had expired as a draft of that form; its key."""
    address = rules.form_address(path)
    key = next((value for name, value in fields if name == "form_key" and value), "")[:64] or secrets.token_urlsafe(16)
    drafts.save_draft(tx, actor, address.form, key, fields, now, address.record_ref)
    return key


def change_profile(tx: Tx, actor: Actor, draft: ProfileDraft, now: datetime, form_key: str = "") -> Account:
    """Change one's own name and language.

    Raises:
        Refused: nobody is signed in.
    """
    account = _own_account(tx, actor, now)
    account.name = draft.name.strip()
    account.language = draft.language
    account.changed_at = now
    audit.record_event(tx, actor, "account.changed", account, now)
    _done(tx, actor, form_key, now)
    return account


def change_password(tx: Tx, actor: Actor, draft: PasswordDraft, now: datetime, form_key: str = "") -> Account:
    """Change one's own password; every other sign-in of the account ends.

    Raises:
        Refused: nobody is signed in.
        AccountRefused: the present password is wrong, or the new one will not do.
    """
    account = _own_account(tx, actor, now)
    if not passwords.matches(account.password_hash, draft.current):
        raise AccountRefused(rules.NOT_PRESENT, "current_password")
    fault = rules.password_fault(draft.new, account.email, words_near(account))
    if fault is not None:
        raise AccountRefused(fault, "new_password")
    account.password_hash = passwords.hash_password(draft.new)
    guard.end_all(tx, account, now)
    account.changed_at = now
    audit.record_event(tx, actor, "account.password_changed", account, now)
    guard.tell_owner(tx, account, "password_changed", guard.news_ref(), now)
    _done(tx, actor, form_key, now)
    return account


def put_first_steps_away(tx: Tx, actor: Actor, now: datetime) -> None:
    """The person knows the way: the first steps no longer stand on the desk. A matter of taste, so no audit event.

    Raises:
        Refused: nobody is signed in.
    """
    _own_account(tx, actor, now).welcomed_at = now


def bring_first_steps_back(tx: Tx, actor: Actor, now: datetime) -> None:
    """The first steps stand on the desk again.

    Raises:
        Refused: nobody is signed in.
    """
    _own_account(tx, actor, now).welcomed_at = None


def _own_account(tx: Tx, actor: Actor, now: datetime) -> Account:
    require(actor, Permission.ACCOUNT_MANAGE, now)
    return guard.account_of(tx, actor)


def _done(tx: Tx, actor: Actor, form_key: str, now: datetime) -> None:
    if form_key:
        drafts.note_done(tx, actor, form_key, SETTINGS, now)
