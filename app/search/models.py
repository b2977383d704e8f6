"""What a person keeps of her searches: those that she follows, what each has found, the last ones, and a wish."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Identified


class SavedSearch(Identified, Base):
    """A search that a person follows: its name, its address after the question mark, and when it was last looked at.

    `alerts` tells whether the person is told of what it newly finds, which is news since `news_from`. `baseline_at` is
    when everything that it found was noted as known; none yet where the index could not be read. `swept_at` is when all
    that it finds was last compared with what it has found before, and `swept_rights` with which rights of its reader.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("account_id", "address"),)
    reference_prefix = "F"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    address: Mapped[str]
    saved_at: Mapped[datetime]
    looked_at: Mapped[datetime]
    alerts: Mapped[bool] = mapped_column(default=True)
    news_from: Mapped[datetime]
    baseline_at: Mapped[datetime | None]
    swept_at: Mapped[datetime | None]
    swept_rights: Mapped[str] = mapped_column(default="")


class SearchFind(Base):
    """A record that a followed search has found, once and for all; `announced_at` is empty where it was known before.

    The row stays when the record no longer matches, so that it is not announced again when it does.
    """

    __tablename__ = "search_finds"
    __table_args__ = (UniqueConstraint("saved_search_id", "record_kind", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    saved_search_id: Mapped[int] = mapped_column(ForeignKey("saved_searches.id", ondelete="CASCADE"))
    record_kind: Mapped[str]
    record_id: Mapped[int]
    found_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]


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
