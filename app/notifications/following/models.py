"""That a person follows a record, and how strong a match has to be before the person is told of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base
from app.notifications.following.rules import USUAL


class Follow(Base):
    """One person follows one record. It stays when the record is no longer shown, and says nothing of it then."""

    __tablename__ = "follows"
    __table_args__ = (UniqueConstraint("account_id", "record_kind", "record_ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    record_kind: Mapped[str]
    record_ref: Mapped[str] = mapped_column(index=True)
    since: Mapped[datetime]


class MatchThreshold(Base):
    """From which strength on a person is told of matches; who has no row is told as rules.USUAL says."""

    __tablename__ = "match_thresholds"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    least: Mapped[str] = mapped_column(default=USUAL)
    chosen_at: Mapped[datetime]
