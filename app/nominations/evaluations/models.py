"""What one candidate was asked, and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified
from app.nominations.models import Nomination


class Evaluation(Identified, Base):
    """One candidate's answers to the questions of one kind: a row from the day on which they were asked.

    `figures` are codes by question; `texts` are the candidate's own words, and empty once the personal data is erased.
    `shown_figures` and `shown_texts` are these as they stood when they were last counted in: nothing before that.
    Nobody is shown a row: the site shows sums alone.
    """

    __tablename__ = "evaluations"
    __table_args__ = (UniqueConstraint("nomination_id", "kind"),)
    reference_prefix = "EV"
    record_kind = "evaluation"

    nomination_id: Mapped[int] = mapped_column(ForeignKey("nominations.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("course_sessions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    shown_figures: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    shown_texts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    nomination: Mapped[Nomination] = relationship()
