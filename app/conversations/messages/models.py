"""A thread between two organisations, its messages, and how far each person has read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified
from app.foundation.disclosure import Owned
from app.foundation.permissions import Actor
from app.organisations.models import Organisation


class Thread(Identified, Owned, Base):
    """Everything that two organisations have written each other on one match or pledge; nobody else sees it.

    `organisation_id` is the side of the need, `other_id` that of the offer or the pledge. `about` is match or pledge,
    `about_key` (rules.key_of_...) is there once. It is never published: the secretariat sees what is.
    """

    __tablename__ = "threads"
    __table_args__ = (CheckConstraint("about IN ('match', 'pledge')", name="about_known"),)
    reference_prefix = "TH"
    record_kind = "thread"

    about: Mapped[str]
    about_key: Mapped[str] = mapped_column(unique=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), index=True)
    offer_kind: Mapped[str] = mapped_column(default="")
    offer_id: Mapped[int | None]
    pledge_id: Mapped[int | None] = mapped_column(ForeignKey("pledges.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    begun_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)

    organisation: Mapped[Organisation] = relationship(foreign_keys="Thread.organisation_id")
    other: Mapped[Organisation] = relationship(foreign_keys="Thread.other_id")

    @classmethod
    def also_seen_by(cls, reader: Actor) -> ColumnElement[bool]:
        """The other side, whose thread it is as much."""
        ids = reader.organisation_ids
        return cls.other_id.in_(ids) if ids else false()

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The two sides."""
        return frozenset({self.organisation_id, self.other_id})


class Message(Identified, Base):
    """What one side wrote. The account that wrote it is kept by its number; the message is its organisation's."""

    __tablename__ = "messages"
    reference_prefix = "MS"
    record_kind = "message"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    sent_by: Mapped[int | None] = mapped_column(index=True)
    sent_at: Mapped[datetime]
    text: Mapped[str]
    language: Mapped[str]

    thread: Mapped[Thread] = relationship()
    organisation: Mapped[Organisation] = relationship()


class ThreadRead(Base):
    """How far one person has read a thread: up to the message with that number. The other side is not shown it."""

    __tablename__ = "thread_reads"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    message_id: Mapped[int]
