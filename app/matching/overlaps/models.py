"""A pair of programmes that seem to do the same thing, with the reasons, kept until it is no longer true."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base


class Overlap(Base):
    """One pair, kept once for both directions: `first_id` is the smaller number.

    `score` orders and is never shown; `reasons` are messages (`Message.as_json`); the versions are those that were
    compared.
    """

    __tablename__ = "overlaps"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("programmes.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("programmes.id", ondelete="CASCADE"), index=True)
    first_version: Mapped[int]
    second_version: Mapped[int]
    score: Mapped[Decimal]
    reasons: Mapped[list[dict[str, Any]]]
    computed_at: Mapped[datetime]
