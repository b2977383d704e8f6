"""What an organisation says of how two records stand to each other: one current answer for each pair."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Identified


class Relation(Identified, Base):
    """One organisation's word on one pair of records, kept once for both directions: `first` sorts before `second`.

    `kind` is same, co_fund, complement, replace, different or unanswered; `replaced` says for `replace` which of the
    two goes: first, second or empty. The versions are those that the answer was given on.
    """

    __tablename__ = "relations"
    __table_args__ = (
        UniqueConstraint(
            "first_kind", "first_id", "second_kind", "second_id", "organisation_id", name="uq_relations_pair"
        ),
        CheckConstraint("first_kind <> second_kind OR first_id < second_id", name="ordered"),
        Index("ix_relations_second", "second_kind", "second_id"),
    )
    reference_prefix = "RL"
    record_kind = "relation"

    first_kind: Mapped[str]
    first_id: Mapped[int]
    second_kind: Mapped[str]
    second_id: Mapped[int]
    kind: Mapped[str]
    replaced: Mapped[str] = mapped_column(default="")
    sentence: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    declared_by: Mapped[int | None]
    declared_at: Mapped[datetime] = mapped_column(index=True)
    first_version: Mapped[int]
    second_version: Mapped[int]
