"""How seats of a session are given, and each candidate who was put forward for it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.courses.models import Course, CourseSession
from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.foundation.messages import Message
from app.foundation.permissions import Actor
from app.needs.models import NeedLine
from app.nominations import rules
from app.nominations.rules import Candidate
from app.nominations.seating import Quota
from app.organisations.models import Organisation


class Intake(Stamped, Base):
    """How the seats of one session are given: one row for each session whose centre has said so.

    `reserve` people may wait at most; a seat has to be confirmed within `answer_days`; personal data is erased
    `keep_months` (of thirty days) after the last day. `quotas` are rows with the fields of seating.Quota. `link` is
    shown to those alone who have a seat; `instructors` to everybody.
    """

    __tablename__ = "intakes"

    session_id: Mapped[int] = mapped_column(ForeignKey("course_sessions.id", ondelete="CASCADE"), primary_key=True)
    reserve: Mapped[int] = mapped_column(default=rules.RESERVE)
    answer_days: Mapped[int] = mapped_column(default=rules.ANSWER_DAYS)
    keep_months: Mapped[int] = mapped_column(default=rules.KEEP_MONTHS)
    link: Mapped[str] = mapped_column(default="")
    instructors: Mapped[str] = mapped_column(default="")
    quotas: Mapped[list[dict[str, Any]]] = mapped_column(default=list)

    @property
    def all_quotas(self) -> tuple[Quota, ...]:
        """The quotas as the rule of seats knows them."""
        return tuple(Quota(**row) for row in self.quotas)


class Nomination(Identified, Versioned, Stamped, Owned, Base):
    """One candidate for one session, put forward by one organisation; `status` moves as rules.MOVES allows.

    The columns from `name` to `phone` are personal data and empty once `forgotten_at` is set; `candidate_key` tells
    whether two nominations are of one person. `rank` is among those of the same organisation, 1 the first. `rule` is
    the message that says by which rule the last decision was made. `answer_by` is set while a seat is to be confirmed.
    `certificate_code` is what a certificate bears, once there is one.
    """

    __tablename__ = "nominations"
    reference_prefix = "K"
    record_kind = "nomination"

    session_id: Mapped[int] = mapped_column(ForeignKey("course_sessions.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    need_line_id: Mapped[int | None] = mapped_column(ForeignKey("need_lines.id"), index=True)
    status: Mapped[str] = mapped_column(default=rules.NOMINATED, index=True)
    status_reason: Mapped[str] = mapped_column(default="")
    rule: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rank: Mapped[int]
    motivation: Mapped[str] = mapped_column(default="")
    nominated_by: Mapped[int | None]

    candidate_key: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    email: Mapped[str]
    post: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    sex: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    phone: Mapped[str] = mapped_column(default="")
    forgotten_at: Mapped[datetime | None]

    waiting_since: Mapped[datetime | None]
    seat_given_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
    mark: Mapped[Decimal | None]
    ended_on: Mapped[date | None]
    agreed_at: Mapped[datetime | None]
    certificate_code: Mapped[str] = mapped_column(default="", index=True)
    certified_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(foreign_keys="Nomination.organisation_id")
    centre: Mapped[Organisation] = relationship(foreign_keys="Nomination.centre_id")
    session: Mapped[CourseSession] = relationship()
    course: Mapped[Course] = relationship()
    need_line: Mapped[NeedLine | None] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012

    @classmethod
    def also_seen_by(cls, reader: Actor) -> ColumnElement[bool]:
        """The editors of the centre decide on it, and so they see it; nobody else does, the secretariat not either."""
        centres = reader.editing_ids
        return cls.centre_id.in_(centres)

    @property
    def title(self) -> str:
        """What it is called in lists: the candidate's name, as long as it is kept."""
        return self.name

    @property
    def candidate(self) -> Candidate:
        """The person, as plain values."""
        return Candidate(self.name, self.email, self.post, self.unit, self.sex, self.language, self.phone)

    @property
    def decided_by(self) -> Message | None:
        """By which rule the last decision was made."""
        return Message.from_json(self.rule) if self.rule else None
