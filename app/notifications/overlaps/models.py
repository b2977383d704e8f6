"""Which organisation has been told of which pair of programmes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base


class ToldOverlap(Base):
    """The people of an organisation were told of a pair; `first_id` is the smaller number.

    It stays when the pair is no longer an overlap, so that nobody is told again when it is one once more.
    """

    __tablename__ = "told_overlaps"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("programmes.id", ondelete="CASCADE"), primary_key=True)
    second_id: Mapped[int] = mapped_column(
        ForeignKey("programmes.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    told_at: Mapped[datetime]
