"""Seats of a session that somebody pays for, and which of them were used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.courses.models import Course, CourseSession
from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.foundation.permissions import Actor
from app.needs.models import NeedLine
from app.nominations.sponsors import rules
from app.organisations.models import Organisation


class SeatSponsorship(Identified, Versioned, Stamped, Owned, Base):
    """So many seats of a session, paid for by one organisation; `status` moves as rules.MOVES allows.

    They are for the States named in `countries`, or for one line of a need; then `pledge_id` is the pledge in kind on
    that line, so that the ledger knows it once. `pays` are codes of rules.PAYS. It is published once it is accepted.
    """

    __tablename__ = "seat_sponsorships"
    __table_args__ = (CheckConstraint("seats > 0", name="seats_positive"),)
    reference_prefix = "SP"
    record_kind = "sponsorship"

    session_id: Mapped[int] = mapped_column(ForeignKey("course_sessions.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    need_line_id: Mapped[int | None] = mapped_column(ForeignKey("need_lines.id"), index=True)
    need_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    pledge_id: Mapped[int | None] = mapped_column(ForeignKey("pledges.id"), index=True)
    status: Mapped[str] = mapped_column(default=rules.OFFERED, index=True)
    status_reason: Mapped[str] = mapped_column(default="")
    seats: Mapped[int]
    countries: Mapped[list[str]] = mapped_column(default=list)
    pays: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(default="")
    offered_by: Mapped[int | None]
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(foreign_keys="SeatSponsorship.organisation_id")
    centre: Mapped[Organisation] = relationship(foreign_keys="SeatSponsorship.centre_id")
    session: Mapped[CourseSession] = relationship()
    course: Mapped[Course] = relationship()
    need_line: Mapped[NeedLine | None] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012

    @classmethod
    def also_seen_by(cls, reader: Actor) -> ColumnElement[bool]:
        """The centre answers it, and whoever asked for the line sees who pays; each from the offer on."""
        editing = reader.editing_ids
        return or_(cls.centre_id.in_(editing), cls.need_organisation_id.in_(editing))

    @property
    def title(self) -> str:
        """What it is called in lists."""
        return self.ref


class SeatUse(Base):
    """A candidate who passed on a sponsored seat, and the delivery on the sponsor's pledge that this is."""

    __tablename__ = "seat_uses"

    nomination_id: Mapped[int] = mapped_column(ForeignKey("nominations.id", ondelete="CASCADE"), primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contributions.id", ondelete="CASCADE"), unique=True, index=True
    )
