"""A notice on a person's desk, the mail that carries it, and how often a person wants such mails."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

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
    """One e-mail: claimed, sent, marked, in that order, with one Message-ID through all attempts.

    A mail with `account_id` carries news: its words are put together from its deliveries at the moment when it is sent,
    and `pace` says how it came about. Any other is a letter to an address, whose words were written before.
    """

    __tablename__ = "mails"
    __table_args__ = (UniqueConstraint("cause", "recipient"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    pace: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
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


class Delivery(Base):
    """One notice on one channel, once: it waits until `due_at`, then is in one mail and in no other, or is `withheld`.

    `withheld` is the reason (pace.rules.REASONS) for which it went, or goes, into no mail.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index("ix_deliveries_waiting", "handed_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    channel: Mapped[str] = mapped_column(default="mail")
    pace: Mapped[str]
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    handed_at: Mapped[datetime | None]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mails.id", ondelete="SET NULL"), index=True)
    withheld: Mapped[str] = mapped_column(default="")

    notice: Mapped[Notice] = relationship()


class MailPreference(Base):
    """How often one person wants news of each group by mail, and when the digest comes; what is not said is usual."""

    __tablename__ = "mail_preferences"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    paces: Mapped[dict[str, Any]]
    hour: Mapped[int]
    weekday: Mapped[int]
    time_zone: Mapped[str]
    changed_at: Mapped[datetime]
