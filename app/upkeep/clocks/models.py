"""What was done for a need in time: it was acknowledged, circulated, and its author said whether it was met."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified
from app.organisations.models import Organisation


class NeedMoment(Identified, Base):
    """One moment in the life of a need: `what` is one of rules.MOMENTS, `how` says by what way or with what answer.

    `organisation_id` is whose doing it was, empty for the site itself. `told` are the numbers of the organisations that
    it was circulated to by hand.
    """

    __tablename__ = "need_moments"
    reference_prefix = "NM"
    record_kind = "need_moment"

    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    what: Mapped[str]
    how: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    noted_by: Mapped[int | None]
    told: Mapped[list[Any]] = mapped_column(default=list)
    happened_at: Mapped[datetime]

    organisation: Mapped[Organisation | None] = relationship()
