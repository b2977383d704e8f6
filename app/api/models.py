"""What is kept for programs: the tokens by which they come in, and the answers that are given again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Identified


class ApiToken(Identified, Base):
    """A token of one account. `digest` is the SHA-256 of its 256 random bits, so that nobody reads it here.

    `stamp` is the account's when it was made: what ends every sign-in of the account ends its tokens too. `ending` are
    its last characters. Instants are in UTC; `used_at` is to the minute.
    """

    __tablename__ = "api_tokens"
    reference_prefix = "AT"
    record_kind = "api_token"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    scope: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    ending: Mapped[str]
    stamp: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiAnswer(Base):
    """The answer to a request that came with an idempotency key; the same request again is given it word for word.

    `asked` is the SHA-256 of the method, the address and what was sent.
    """

    __tablename__ = "api_answers"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[str]
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]]
    done_at: Mapped[datetime] = mapped_column(index=True)
