"""One piece of work in the background, whose it is, how far it has come, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Identified
from app.foundation.messages import Message
from app.jobs import rules


class Job(Identified, Base):
    """Work that a person started. `title` and `outcome` are messages, kept with their values and said when shown.

    `runner` is the word of the program that works on it, `beat_at` (UTC) its last sign; `done` and `total` count what
    the work is made of, 0 where that is not known. `rights` says with which permissions, as a member of which
    organisations it was started; `file_sha256` is the file that came of it, `link` a local address of what came of it.
    `language` (ISO 639-1) is the person's: files are written in it.
    """

    __tablename__ = "jobs"
    reference_prefix = "J"
    record_kind = "job"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str]
    title: Mapped[dict[str, Any]]
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    language: Mapped[str]
    rights: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(index=True, default=rules.WAITING)
    wants_stop: Mapped[bool] = mapped_column(default=False)
    runner: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
    link: Mapped[str] = mapped_column(default="")
    file_name: Mapped[str] = mapped_column(default="")
    file_type: Mapped[str] = mapped_column(default="")
    file_sha256: Mapped[str] = mapped_column(default="", index=True)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def is_over(self) -> bool:
        """It has ended, one way or another."""
        return self.state in rules.ENDS

    @property
    def words(self) -> Message | None:
        """What came of it, in words, or nothing yet."""
        return Message.from_json(self.outcome) if self.outcome else None
