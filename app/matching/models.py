"""A match is a pair of a need and an offer, with its reasons, stored when either side changes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base


class Match(Base):
    """One explained pair. `offer_kind` is programme, course or output, and exactly one offer id is set.

    `gate` is match, near_miss or related; `strength` is strong, fair or weak; `score` orders and is never shown.
    `reasons` and `obstacles` are messages (`Message.as_json`); `lines` has one verdict for each need line.
    """

    __tablename__ = "matches"
    __table_args__ = (
        UniqueConstraint("need_id", "offer_kind", "offer_id"),
        Index("ix_matches_need_score", "need_id", "gate", "score"),
        Index("ix_matches_offer", "offer_kind", "offer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"))
    offer_kind: Mapped[str]
    offer_id: Mapped[int]
    offer_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    need_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    need_version: Mapped[int]
    offer_version: Mapped[int]
    gate: Mapped[str]
    strength: Mapped[str]
    score: Mapped[Decimal]
    reasons: Mapped[list[dict[str, Any]]]
    obstacles: Mapped[list[dict[str, Any]]]
    lines: Mapped[list[dict[str, Any]]]
    computed_at: Mapped[datetime]
