"""A course in a centre's catalogue, and each dated run of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.confirming import Confirmable
from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.foundation.money import Money
from app.foundation.tags import Tag, Tagged
from app.organisations.models import Organisation


class CourseTag(Tag, Base):
    """Themes, eligible countries and groupings, and languages of a course."""

    __tablename__ = "course_tags"
    record_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)


class Course(Identified, Versioned, Stamped, Confirmable, Owned, Tagged, Base):
    """A course; it may stand in the catalogue without dates. `fee_amount` is per participant, in `currency`.

    `type` is one of rules.TYPES; `hosts` are those who give it with the centre, in words; `fee_includes` codes of
    rules.INCLUDED; `pass_mark` is from 0 to 100; `recognised_by` says who recognises the certificate.

    Facets of `tags`: theme, country, grouping, language.
    """

    __tablename__ = "courses"
    reference_prefix = "C"
    record_kind = "course"
    tag_class = CourseTag

    status: Mapped[str] = mapped_column(default="posted", index=True)
    language: Mapped[str]
    type: Mapped[str] = mapped_column(default="course", index=True)
    code: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    objectives: Mapped[str] = mapped_column(default="")
    audience: Mapped[str] = mapped_column(default="")
    prerequisites: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="")
    format: Mapped[str] = mapped_column(default="on_site")
    hours: Mapped[int | None]
    fee_amount: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(default="")
    fee_covers: Mapped[str] = mapped_column(default="")
    fee_includes: Mapped[list[str]] = mapped_column(default=list)
    hosts: Mapped[str] = mapped_column(default="")
    assessment: Mapped[str] = mapped_column(default="")
    pass_mark: Mapped[int | None]
    certificate: Mapped[str] = mapped_column(default="")
    recognised_by: Mapped[str] = mapped_column(default="")
    purpose_code: Mapped[str] = mapped_column(default="")
    posted_at: Mapped[datetime | None] = mapped_column(index=True)

    organisation: Mapped[Organisation] = relationship()
    tags: Mapped[list[CourseTag]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    sessions: Mapped[list[CourseSession]] = relationship(
        cascade="all, delete-orphan", order_by="CourseSession.starts_on", back_populates="course", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012

    @property
    def is_going_on(self) -> bool:
        """A course that stands in the catalogue."""
        return self.status == "posted" and self.is_published

    @property
    def fee(self) -> Money | None:
        """What a participant pays."""
        return None if self.fee_amount is None else Money(self.fee_amount, self.currency)


class CourseSession(Identified, Stamped, Base):
    """One dated run of a course, with seats; dates are days in `time_zone` (an IANA name).

    `copied_from` is the reference of the session whose terms it was made with, if any.
    """

    __tablename__ = "course_sessions"
    reference_prefix = "S"
    record_kind = "course_session"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(default="open")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    time_zone: Mapped[str] = mapped_column(default="UTC")
    place: Mapped[str] = mapped_column(default="")
    country: Mapped[str | None] = mapped_column(String(2))
    seats: Mapped[int]
    register_by: Mapped[date | None]
    copied_from: Mapped[str] = mapped_column(default="")
    languages: Mapped[list[str]] = mapped_column(default=list)

    course: Mapped[Course] = relationship(back_populates="sessions")

    @property
    def organisation_id(self) -> int:
        """The centre that the course belongs to (for permissions and the audit trail)."""
        return self.course.organisation_id

    @property
    def version(self) -> int:
        """A session has its course's version, which moves with every change of either."""
        return self.course.version
