"""How two lessons stand to each other: one says what the other says, or the opposite."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified
from app.organisations.models import Organisation


class LessonTie(Identified, Base):
    """Two lessons that corroborate or contradict each other, once for both directions: `first_id` is the smaller.

    `organisation_id` is whose word it is. Whoever may not see one of the two lessons sees nothing of the tie.
    """

    __tablename__ = "lesson_ties"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="ordered"),
    )
    reference_prefix = "LT"
    record_kind = "lesson_tie"

    first_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    sentence: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    declared_by: Mapped[int | None]
    declared_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()

    def other(self, lesson_id: int) -> int:
        """The number of the lesson at the other end."""
        return self.second_id if self.first_id == lesson_id else self.first_id
