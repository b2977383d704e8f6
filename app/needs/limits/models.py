"""A limit of absorption as it is kept."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.organisations.models import Organisation


class Limit(Identified, Versioned, Stamped, Owned, Base):
    """At most `most` of `measure` (rules.MEASURES) in one country, from one day to another or until it is ended.

    An empty theme, kind or beneficiary unit is every one of them. `language` is that of the reason; `status` moves as
    rules.MOVES allows, and `status_reason` says why a limit was ended.
    """

    __tablename__ = "absorption_limits"
    reference_prefix = "AL"
    record_kind = "limit"

    status: Mapped[str] = mapped_column(default="standing", index=True)
    country: Mapped[str] = mapped_column(String(2), index=True)
    theme: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="")
    beneficiary_unit: Mapped[str] = mapped_column(default="")
    measure: Mapped[str]
    most: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    language: Mapped[str]
    reason: Mapped[str]
    status_reason: Mapped[str] = mapped_column(default="")
    posted_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012
