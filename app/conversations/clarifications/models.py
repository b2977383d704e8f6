"""A question on a record, and the answers that its owner has given, one after the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, and_, false, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.courses.models import Course
from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned, visible_to
from app.foundation.permissions import Actor
from app.needs.models import Need
from app.programmes.models import Programme

ABOUT: dict[str, type[Owned]] = {model.record_kind: model for model in (Need, Programme, Course)}
"""The kinds of records that one may ask about, by name; a session is asked about as part of its course."""


class Clarification(Identified, Versioned, Stamped, Owned, Base):
    """One question. `organisation_id` is the owner of the record, who answers; `asker_id` is shown to nobody else.

    `status` moves as rules.MOVES allows. `about_ref` is the reference of the page on which it stands: of the record, or
    of the session that it is about. `seal` is what the audit keeps of who asked (rules.seal, with `salt`).
    `fingerprint` is that of the words, none once it is withdrawn. Its tier is not kept: it is seen with its record.
    """

    __tablename__ = "clarifications"
    __table_args__ = (UniqueConstraint("about_ref", "asker_id", "fingerprint", name="uq_clarifications_words"),)
    reference_prefix = "Q"
    record_kind = "clarification"

    about_kind: Mapped[str]
    about_id: Mapped[int]
    about_ref: Mapped[str] = mapped_column(index=True)
    about_version: Mapped[int]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("course_sessions.id", ondelete="CASCADE"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    asked_by: Mapped[int | None] = mapped_column(index=True)
    salt: Mapped[str]
    seal: Mapped[str]
    fingerprint: Mapped[str | None]
    question: Mapped[str]
    language: Mapped[str]
    status: Mapped[str] = mapped_column(default="waiting", index=True)
    reason: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    remind_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    answers: Mapped[list[Answer]] = relationship(
        cascade="all, delete-orphan", order_by="Answer.number", back_populates="clarification", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012

    @classmethod
    def also_seen_by(cls, reader: Actor) -> ColumnElement[bool]:
        """The organisation that asks sees its question from the beginning."""
        ids = reader.organisation_ids
        return cls.asker_id.in_(ids) if ids else false()

    @classmethod
    def seen_only_where(cls, reader: Actor) -> ColumnElement[bool]:
        """Whoever may not see the record sees nothing that is asked about it, at this very moment."""
        return or_(
            *(
                and_(
                    cls.about_kind == kind,
                    select(model.id).where(model.id == cls.about_id, visible_to(reader, model)).exists(),
                )
                for kind, model in ABOUT.items()
            )
        )

    @property
    def answer(self) -> Answer | None:
        """The answer that stands."""
        return self.answers[-1] if self.answers else None


class Answer(Base):
    """One answer to a question; the one with the highest number stands, those before it are kept.

    `about_version` is the version of the record that the owner had before it.
    """

    __tablename__ = "clarification_answers"
    __table_args__ = (UniqueConstraint("clarification_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clarification_id: Mapped[int] = mapped_column(ForeignKey("clarifications.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str]
    language: Mapped[str]
    about_version: Mapped[int]
    answered_at: Mapped[datetime]
    answered_by: Mapped[int | None]

    clarification: Mapped[Clarification] = relationship(back_populates="answers")
