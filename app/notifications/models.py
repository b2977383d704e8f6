"""A notice on a person's desk, and an e-mail on its way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base


class Notice(Base):
    """Something that waits for a person or is good to know; `message` is a `Message.as_json`. Once per cause."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("account_id", "cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    cause: Mapped[str]
    message: Mapped[dict[str, Any]]
    record_kind: Mapped[str]
    record_ref: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Mail(Base):
    """One e-mail: claimed, sent, marked, in that order, with one Message-ID through all attempts."""

    __tablename__ = "mails"
    __table_args__ = (UniqueConstraint("cause", "recipient"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
