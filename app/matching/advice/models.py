"""What the author of a record said to a lesson that was shown to her: one current answer for each of both."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Identified


class LessonAnswer(Identified, Base):
    """One organisation's word on one lesson, for one record of its own; `says` is one of rules.ANSWERS.

    `lesson_version` is the wording that was answered.
    """

    __tablename__ = "lesson_answers"
    __table_args__ = (
        UniqueConstraint("lesson_id", "of_kind", "of_ref", name="uq_lesson_answers_record"),
        Index("ix_lesson_answers_of", "of_kind", "of_ref"),
    )
    reference_prefix = "LA"
    record_kind = "lesson_answer"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    of_kind: Mapped[str]
    of_ref: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    account_id: Mapped[int | None]
    says: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    lesson_version: Mapped[int]
    answered_at: Mapped[datetime]
