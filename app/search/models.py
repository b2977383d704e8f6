"""What a person keeps of her searches: those that she follows, the last ones, and whether the last ones are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Identified


class SavedSearch(Identified, Base):
    """A search that a person follows: its name, its address after the question mark, and when it was last looked at."""

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("account_id", "address"),)
    reference_prefix = "F"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    address: Mapped[str]
    saved_at: Mapped[datetime]
    looked_at: Mapped[datetime]


class PastSearch(Base):
    """One of the last searches of a person."""

    __tablename__ = "past_searches"
    __table_args__ = (UniqueConstraint("account_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    address: Mapped[str]
    searched_at: Mapped[datetime]


class HistoryOff(Base):
    """A person who does not want her last searches kept."""

    __tablename__ = "search_history_off"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    since: Mapped[datetime]
