"""That an organisation is asked what it learned from a record that has ended, and what became of the question."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified
from app.lessons.models import Lesson
from app.organisations.models import Organisation


class LessonRequest(Identified, Base):
    """One question to one organisation: asked once for what has ended, answered by a lesson or by nothing to tell.

    `of_kind` and `of_ref` name what has ended (need, programme, course_session), `about_kind` and `about_ref` the
    record that the lesson hangs on. `tier` is how far the lesson may be seen unless its author says otherwise.
    """

    __tablename__ = "lesson_requests"
    __table_args__ = (UniqueConstraint("organisation_id", "of_kind", "of_ref", name="uq_lesson_requests_of"),)
    reference_prefix = "LR"
    record_kind = "lesson_request"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    of_kind: Mapped[str]
    of_ref: Mapped[str]
    about_kind: Mapped[str]
    about_ref: Mapped[str]
    view: Mapped[str]
    tier: Mapped[str]
    status: Mapped[str] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None]
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"))

    organisation: Mapped[Organisation] = relationship()
    lesson: Mapped[Lesson | None] = relationship()
