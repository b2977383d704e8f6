"""What stands between an account and whoever would take it over: sign-ins that can be ended, and word to its owner."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update

from app.accounts import queries, rules
from app.accounts.events import AccountGuarded
from app.accounts.models import Account, SignIn
from app.foundation import audit, outbox
from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.foundation.references import new_reference

KNOWN_FOR = timedelta(days=90)
"""A browser from which nobody has signed in for so long is news again."""
BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """From where somebody comes in: what the browser says it is, its network address, and by which way (rules.WAYS)."""

    user_agent: str
    address: str
    way: str


def browser_of(user_agent: str) -> str:
    """A browser in words that its owner knows it by, such as Firefox, Windows; what it says is not trusted."""
    brand = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    found = ", ".join(part for part in (brand, system) if part)
    return found or re.sub(r"[^\w./ ]", "", user_agent)[:40].strip() or "?"


def enter(tx: Tx, account: Account, entry: Entry, now: datetime) -> str:
    """Begin a sign-in: failures are forgotten, the owner is told of a browser never seen; the word for the cookie."""
    word = new_word()
    browser = browser_of(entry.user_agent)
    seen = select(SignIn.id).where(
        SignIn.account_id == account.id, SignIn.browser == browser, SignIn.began_at > now - KNOWN_FOR
    )
    is_new = account.signed_in_at is not None and tx.scalars(seen.limit(1)).first() is None
    came_from = {"browser": browser, "address": entry.address, "way": entry.way}
    begun = SignIn(account_id=account.id, key=key_of(word), **came_from, began_at=now, seen_at=now)
    tx.add(begun)
    tx.flush()
    account.failures = 0
    account.locked_until = None
    account.signed_in_at = now
    details = {"sign_in": begun.ref, "way": entry.way, "new_browser": is_new}
    audit.record_event(tx, queries.actor_of(account), "account.signed_in", account, now, details)
    if is_new:
        tell_owner(tx, account, "sign_in_new", begun.ref, now)
    return word


def new_word() -> str:
    """A word for the cookie: 192 random bits."""
    return secrets.token_urlsafe(24)


def key_of(word: str) -> str:
    """What is kept of the word in the cookie: nobody who reads the database can sign in with it."""
    return hashlib.sha256(word.encode()).hexdigest()


def open_sign_in(tx: Tx, account_id: int | None, word: str, now: datetime) -> SignIn | None:
    """The sign-in whose word this is, if it has not been ended, is in use, and its day is not over."""
    query = select(SignIn).where(SignIn.key == key_of(word), SignIn.account_id == account_id)
    return tx.scalar(query.where(*_go_on(now)))


def _go_on(now: datetime) -> tuple[ColumnElement[bool], ...]:
    last_seen = func.coalesce(SignIn.seen_at, SignIn.began_at)
    return (
        SignIn.ended_at.is_(None),
        SignIn.began_at > now - rules.LONGEST_SIGN_IN,
        last_seen > now - rules.LONGEST_REST,
    )


def is_to_be_noted(sign_in: SignIn, now: datetime) -> bool:
    """Whether it has not been written down for a minute that this sign-in is used."""
    return now - (sign_in.seen_at or sign_in.began_at) >= rules.NOTED_EVERY


def note_use(tx: Tx, ref: str, now: datetime) -> None:
    """Write down that the sign-in is used now."""
    used = tx.scalar(select(SignIn).where(SignIn.ref == ref))
    if used is not None:
        used.seen_at = now


def change_word(tx: Tx, actor: Actor, ref: str) -> str:
    """Give one of one's own sign-ins a new word, after its owner has proved it once more; the old one is dead."""
    word = new_word()
    own = update(SignIn).where(SignIn.ref == ref, SignIn.account_id == actor.account_id)
    tx.execute(own.values(key=key_of(word)))
    return word


def sign_ins_of(tx: Tx, account_id: int | None, now: datetime) -> list[SignIn]:
    """The sign-ins of an account that go on now, latest first."""
    query = select(SignIn).where(SignIn.account_id == account_id, *_go_on(now))
    return list(tx.scalars(query.order_by(SignIn.began_at.desc(), SignIn.id.desc())))


def end_one(tx: Tx, actor: Actor, sign_in: SignIn, now: datetime) -> None:
    """End one of one's own sign-ins; nothing happens to somebody else's."""
    if sign_in.account_id == actor.account_id and sign_in.ended_at is None:
        sign_in.ended_at = now
        account = account_of(tx, actor)
        audit.record_event(tx, actor, "account.signed_out", account, now, {"sign_in": sign_in.ref})


def end_named(tx: Tx, actor: Actor, ref: str, now: datetime) -> bool:
    """End the one of one's own sign-ins that has this reference; whether there is such a one."""
    found = tx.scalar(select(SignIn).where(SignIn.ref == ref, SignIn.account_id == actor.account_id))
    if found is not None:
        end_one(tx, actor, found, now)
    return found is not None


def end_others(tx: Tx, actor: Actor, kept_ref: str, now: datetime) -> int:
    """End every sign-in of one's own but the one that one is in; how many there were."""
    others = [one for one in sign_ins_of(tx, actor.account_id, now) if one.ref != kept_ref]
    for one in others:
        end_one(tx, actor, one, now)
    return len(others)


def end_all(tx: Tx, account: Account, now: datetime) -> None:
    """End every sign-in of an account, by a new stamp too, so that not even a copied cookie goes on."""
    account.stamp = new_stamp()
    tx.execute(update(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None)).values(ended_at=now))


def new_stamp() -> str:
    """A fresh stamp of 128 random bits; giving one to an account ends all its sign-ins."""
    return secrets.token_urlsafe(16)


def forget_failures(tx: Tx, account_ref: str) -> None:
    """Somebody who is signed in has proved it once more: what failed before is no attack."""
    account = queries.account_by_ref(tx, account_ref)
    if account is not None:
        account.failures = 0
        account.locked_until = None


def has_to_prove(account: Account) -> bool:
    """Whether one of the person's places asks for a second step (rules.asks_for_second_step)."""
    return any(rules.asks_for_second_step(m.organisation.kind, m.role) for m in account.memberships)


def account_of(tx: Tx, actor: Actor) -> Account:
    """The account of the person who acts."""
    account = queries.account_by_id(tx, actor.account_id)
    if account is None:
        raise LookupError("the account of the person who is signed in has gone")
    return account


def tell_owner(tx: Tx, account: Account, what: str, ref: str, now: datetime) -> None:
    """Tell the owner of an account by mail what was done to it; `ref` tells one piece of news from another."""
    outbox.tell(tx, AccountGuarded(account.id, what, ref), now)


def news_ref() -> str:
    """A reference for a piece of news that speaks of no row of its own."""
    return new_reference("AE")
