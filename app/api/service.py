"""Making and revoking tokens, and keeping the answer that a repeated request is given again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from app.accounts import guard
from app.api import rules
from app.api.models import ApiAnswer, ApiToken
from app.api.queries import count_tokens, digest_of
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.permissions import Actor, Permission, require


@dataclass(frozen=True)
class TokenDraft:
    """What somebody wants of a token; `days` is one of rules.LIFETIMES, `scope` one of rules.SCOPES."""

    name: str
    scope: str
    days: int


def make_token(tx: Tx, actor: Actor, draft: TokenDraft, now: datetime) -> tuple[ApiToken, str]:
    """Make a token, and give it back once: from now on nobody can read it. Its owner is told by mail.

    Raises:
        Refused: nobody is signed in. TooManyTokens: there are enough. ValueError: no such scope or lifetime.
    """
    require(actor, Permission.ACCOUNT_MANAGE, now)
    if draft.scope not in rules.SCOPES or draft.days not in rules.LIFETIMES:
        raise ValueError("no such scope or lifetime")
    if count_tokens(tx, actor, now) >= rules.MOST_TOKENS:
        raise rules.TooManyTokens(rules.MOST_TOKENS)
    account = guard.account_of(tx, actor)
    secret = rules.PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        account_id=account.id, name=draft.name, scope=draft.scope, digest=digest_of(secret),
        ending=secret[-rules.SHOWN :], stamp=account.stamp, created_at=now,
        expires_at=now + timedelta(days=draft.days),
    )  # fmt: skip
    tx.add(token)
    tx.flush()
    record_event(tx, actor, "account.token_made", account, now, {"token": token.ref, "scope": draft.scope})
    guard.tell_owner(tx, account, "token_made", token.ref, now)
    return token, secret


def revoke_token(tx: Tx, actor: Actor, token: ApiToken, now: datetime) -> None:
    """From the next request on the token opens nothing.

    Raises:
        Refused: nobody is signed in, or it is another person's.
    """
    require(actor, Permission.ACCOUNT_MANAGE, now)
    if token.account_id == actor.account_id and token.revoked_at is None:
        token.revoked_at = now
        record_event(tx, actor, "account.token_revoked", guard.account_of(tx, actor), now, {"token": token.ref})


def is_to_be_noted(token: ApiToken, now: datetime) -> bool:
    """Whether it has not been written down for a minute that this token is in use."""
    return token.used_at is None or now - token.used_at >= rules.NOTED_EVERY


def note_use(tx: Tx, ref: str, now: datetime) -> None:
    """Write down that the token is in use now."""
    used = tx.scalar(select(ApiToken).where(ApiToken.ref == ref))
    if used is not None:
        used.used_at = now


def keep_answer(
    tx: Tx, actor: Actor, key: str, asked: str, answer: tuple[int, Mapping[str, str], Mapping[str, Any]], now: datetime
) -> None:
    """Keep what was answered, in the transaction of the change itself; what is older than a day goes."""
    own = delete(ApiAnswer).where(ApiAnswer.account_id == actor.account_id)
    tx.execute(own.where(ApiAnswer.done_at < now - rules.KEPT_FOR))
    status, headers, body = answer
    kept = ApiAnswer(
        account_id=actor.account_id, key=key, asked=asked, status=status, headers=dict(headers), body=dict(body),
        done_at=now,
    )  # fmt: skip
    tx.add(kept)
