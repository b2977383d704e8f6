"""Finding tokens, those whom they speak for, and answers that were given before."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.accounts.queries import account_by_id, actor_of
from app.api import rules
from app.api.models import ApiAnswer, ApiToken
from app.foundation.db import Tx
from app.foundation.permissions import Actor


@dataclass(frozen=True)
class Caller:
    """Whom a token speaks for at this very moment, and what it covers."""

    actor: Actor
    token: ApiToken


def digest_of(secret: str) -> str:
    """What is kept of a token; a plain digest is enough for 256 random bits, which nobody guesses."""
    return hashlib.sha256(secret.encode()).hexdigest()


def caller_of(tx: Tx, secret: str, now: datetime) -> Caller | None:
    """Who comes with this token, with the memberships of this moment; nobody if it does not hold (any more)."""
    token = tx.scalar(select(ApiToken).where(ApiToken.digest == digest_of(secret)))
    if token is None or not rules.holds(token.expires_at, token.revoked_at, now):
        return None
    account = account_by_id(tx, token.account_id)
    if account is None or account.status != "active" or not hmac.compare_digest(account.stamp, token.stamp):
        return None
    return Caller(actor_of(account), token)


def tokens_of(tx: Tx, actor: Actor, now: datetime) -> list[ApiToken]:
    """One's own tokens that hold, the latest first."""
    query = select(ApiToken).where(ApiToken.account_id == actor.account_id, ApiToken.revoked_at.is_(None))
    return list(tx.scalars(query.where(ApiToken.expires_at > now).order_by(ApiToken.created_at.desc(), ApiToken.id)))


def find_token(tx: Tx, actor: Actor, ref: str) -> ApiToken | None:
    """One of one's own tokens."""
    return tx.scalar(select(ApiToken).where(ApiToken.ref == ref, ApiToken.account_id == actor.account_id))


def count_tokens(tx: Tx, actor: Actor, now: datetime) -> int:
    """How many tokens of this person hold."""
    query = select(func.count()).select_from(ApiToken)
    held = query.where(
        ApiToken.account_id == actor.account_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now
    )
    return tx.scalar(held) or 0


def answer_given(tx: Tx, actor: Actor, key: str) -> ApiAnswer | None:
    """What was answered when this person used the key for the first time."""
    return tx.get(ApiAnswer, (actor.account_id or 0, key))
