"""What an organisation says of a match, and what the secretariat decided on the pair."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Identified


class MatchAnswer(Identified, Base):
    """One organisation's word on one pair: `says` is useful or not_fit, `reason` a code of rules.REASONS.

    What the match was when the answer was given (`gate`, `strength`, themes, languages) is kept with it, so that the
    figures do not change when the pair is judged anew.
    """

    __tablename__ = "match_answers"
    __table_args__ = (
        UniqueConstraint("need_id", "offer_kind", "offer_id", "organisation_id"),
        Index("ix_match_answers_offer", "offer_kind", "offer_id"),
    )
    reference_prefix = "MA"
    record_kind = "match_answer"

    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"))
    offer_kind: Mapped[str]
    offer_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    says: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    gate: Mapped[str]
    strength: Mapped[str]
    themes: Mapped[list[str]]
    need_language: Mapped[str]
    offer_language: Mapped[str]
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime] = mapped_column(index=True)


class MatchReview(Identified, Base):
    """The secretariat's decision on a pair, for everybody: `verdict` is down, up or kept."""

    __tablename__ = "match_reviews"
    __table_args__ = (UniqueConstraint("need_id", "offer_kind", "offer_id"),)
    reference_prefix = "MR"
    record_kind = "match_review"

    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"))
    offer_kind: Mapped[str]
    offer_id: Mapped[int]
    verdict: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime] = mapped_column(index=True)
