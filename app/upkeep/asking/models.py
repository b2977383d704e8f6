"""What one person was asked about one record by mail, and what an owner has said and not yet done."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Identified


class Asking(Identified, Base):
    """One person is asked one question about one record, for the day `due_on`, at one stage before or after it.

    `question` is one of rules.QUESTIONS, `record_kind` one of records.KINDS. `batch` names the mail that it went out
    with, and is empty until it has. `answer` is what this person answered by the link; the link itself is kept nowhere.
    """

    __tablename__ = "askings"
    __table_args__ = (UniqueConstraint("question", "record_kind", "record_id", "due_on", "stage", "account_id"),)
    reference_prefix = "VA"

    question: Mapped[str]
    record_kind: Mapped[str]
    record_id: Mapped[int]
    due_on: Mapped[date]
    stage: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    batch: Mapped[str] = mapped_column(default="", index=True)
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]


class Unfinished(Base):
    """An owner has said of a record that it `says` (change, closed), which takes more than a link: it is on the desk.

    It stands as long as the record is still to be confirmed by `due_on`: whatever is done to it moves that day on.
    """

    __tablename__ = "upkeep_unfinished"
    __table_args__ = (UniqueConstraint("record_kind", "record_id", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_kind: Mapped[str]
    record_id: Mapped[int]
    due_on: Mapped[date]
    says: Mapped[str]
    said_at: Mapped[datetime]
