"""The signed word in the links of mails: it names an account and groups of news, and gives access to nothing else."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from app.accounts.models import Account
from app.accounts.queries import account_by_ref
from app.config import Settings
from app.foundation.db import Tx
from app.foundation.security_log import note
from app.notifications.links.rules import is_good
from app.notifications.pace.rules import FIXED, GROUPS

FIRST_DAY = date(2026, 1, 1)
DIGEST = "digest"


@dataclass(frozen=True)
class MailLink:
    """What a link speaks of: whose mails, and of which groups (or the digest) the mail was that it stood in."""

    account: Account
    scope: tuple[str, ...]


def token_for(secret_key: str, account: Account, scope: Iterable[str], now: datetime) -> str:
    """The signed word in the links of one mail; nothing of it is kept. It ends with the address that it was sent to."""
    days = (now.date() - FIRST_DAY).days
    return str(_signer(secret_key).dumps([account.ref, "+".join(scope), days, _mark(secret_key, account.email)]))


def addresses_for(settings: Settings, account: Account, scope: Iterable[str], now: datetime) -> tuple[str, str]:
    """Where one changes mails, and where a mail program stops them with one request (RFC 8058)."""
    token = token_for(settings.secret_key, account, scope, now)
    return f"{settings.public_url}/mail/{token}", f"{settings.public_url}/mail/{token}/stop"


def link_for(tx: Tx, secret_key: str, token: str, now: datetime) -> MailLink | None:
    """What a link speaks of; nothing where it was altered, is too old, or was sent to an address of before."""
    try:
        ref, scope, days, mark = _signer(secret_key).loads(token)
        issued_on = FIRST_DAY + timedelta(days=days)
        groups = tuple(group for group in scope.split("+") if group == DIGEST or group in GROUPS.keys() - FIXED)
    except (BadData, ValueError, TypeError, AttributeError, OverflowError):
        note("link")
        return None
    account = account_by_ref(tx, str(ref))
    if account is None or account.status != "active" or not is_good(issued_on, now.date()):
        return None
    is_own = hmac.compare_digest(_mark(secret_key, account.email).encode(), str(mark).encode())
    return MailLink(account, groups) if is_own else None


def _mark(secret_key: str, address: str) -> str:
    return hmac.new(secret_key.encode(), f"counterpart.mail {address}".encode(), hashlib.sha256).hexdigest()[:16]


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="counterpart.mail")
