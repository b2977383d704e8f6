"""A lesson with its links, evidence and reviewer, and an output (study, model law, manual) that others may reuse."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.foundation.permissions import Actor
from app.foundation.tags import Tag, Tagged
from app.organisations.models import Organisation


class LessonTag(Tag, Base):
    """Themes, kinds of assistance and countries of a lesson, and who should read it."""

    __tablename__ = "lesson_tags"
    # Lessons are looked for by what they are about. With the record in it, too, SQLite would take it where a record is
    # known and its codes are asked for, which the primary key answers in half the time.
    __table_args__ = (Index("ix_lesson_tags_code", "facet", "value"),)
    record_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)


class Lesson(Identified, Versioned, Stamped, Owned, Tagged, Base):
    """When <context>, doing <action> led to <result>, because <cause>; next time <instruction>.

    `criterion` is an OECD DAC evaluation criterion (or partnership, human_rights_gender); the code lists are in
    rules. Facets of `tags`: theme, kind, country, audience. `subject_kind` and `subject_ref` name the record that
    taught it, `links` further ones.

    Its words are those that readers are shown. Where whoever validated it made them clearer, `author_words` keeps
    what its author had written of each part that differs; field `author_words` says who may read that beside it.
    `due_told_for` is the day of review for which people were told that it has passed.
    """

    __tablename__ = "lessons"
    reference_prefix = "L"
    record_kind = "lesson"
    tag_class = LessonTag
    sensitive_fields = ("files", "author_words")

    status: Mapped[str] = mapped_column(default="submitted", index=True)
    language: Mapped[str]
    title: Mapped[str]
    context: Mapped[str]
    action: Mapped[str]
    result: Mapped[str]
    cause: Mapped[str] = mapped_column(default="")
    instruction: Mapped[str]
    kind: Mapped[str] = mapped_column(default="operational")
    verdict: Mapped[str] = mapped_column(default="worked")
    criterion: Mapped[str] = mapped_column(default="")
    stage: Mapped[str] = mapped_column(default="")
    audience: Mapped[str] = mapped_column(default="")
    evidence: Mapped[str] = mapped_column(default="observed")
    is_independent: Mapped[bool] = mapped_column(default=False)
    view: Mapped[str] = mapped_column(default="recipient")
    review_by: Mapped[date | None]
    subject_kind: Mapped[str] = mapped_column(default="")
    subject_ref: Mapped[str] = mapped_column(default="", index=True)
    posted_at: Mapped[datetime | None] = mapped_column(index=True)
    author_words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    validated_at: Mapped[datetime | None]
    validated_by: Mapped[int | None]
    due_told_for: Mapped[date | None]

    organisation: Mapped[Organisation] = relationship()
    tags: Mapped[list[LessonTag]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    links: Mapped[list[LessonLink]] = relationship(cascade="all, delete-orphan", order_by="LessonLink.subject_ref")
    review: Mapped[Review | None] = relationship(back_populates="lesson", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012

    @property
    def reviewer_id(self) -> int | None:
        """The number of the account that the secretariat has asked to review it, if there is one."""
        return self.review.account_id if self.review else None


class LessonLink(Base):
    """A further record that a lesson comes from; whoever reads the lesson is shown it if they may see it."""

    __tablename__ = "lesson_links"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    subject_ref: Mapped[str] = mapped_column(primary_key=True, index=True)
    subject_kind: Mapped[str]


class Review(Base):
    """Whom the secretariat has asked to review a lesson: a person of a verified organisation that is not its author's.

    It has a row of its own, so that whoever has the lesson open is not told that its words have changed.
    """

    __tablename__ = "lesson_reviews"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None]

    lesson: Mapped[Lesson] = relationship(back_populates="review")
    organisation: Mapped[Organisation] = relationship()


class LessonComment(Identified, Owned, Base):
    """A word between the author's organisation, the reviewer and the secretariat; nobody else sees that there is one.

    It belongs to the author's organisation (`organisation_id`) and is of the tier `own`; `by_organisation_id` is
    whose word it is.
    """

    __tablename__ = "lesson_comments"
    reference_prefix = "LC"
    record_kind = "lesson_comment"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    by_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    text: Mapped[str]

    lesson: Mapped[Lesson] = relationship()
    by_organisation: Mapped[Organisation] = relationship(foreign_keys=[by_organisation_id])

    @classmethod
    def also_seen_by(cls, reader: Actor) -> ColumnElement[bool]:
        """The reviewer of the moment, as long as this person belongs to a verified organisation."""
        if not reader.is_verified:
            return false()
        theirs = select(Review.lesson_id).where(
            Review.lesson_id == cls.lesson_id, Review.account_id == reader.account_id
        )
        return and_(cls.is_published, theirs.exists())


class OutputTag(Tag, Base):
    """Themes, kinds and countries of an output."""

    __tablename__ = "output_tags"
    record_id: Mapped[int] = mapped_column(ForeignKey("outputs.id", ondelete="CASCADE"), primary_key=True)


class Output(Identified, Versioned, Stamped, Owned, Tagged, Base):
    """What others can use again: a study, a model law, a curriculum, a manual, with its language and licence."""

    __tablename__ = "outputs"
    reference_prefix = "U"
    record_kind = "output"
    tag_class = OutputTag

    status: Mapped[str] = mapped_column(default="posted", index=True)
    language: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    licence: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    subject_kind: Mapped[str] = mapped_column(default="")
    subject_ref: Mapped[str] = mapped_column(default="", index=True)
    posted_at: Mapped[datetime | None] = mapped_column(index=True)

    organisation: Mapped[Organisation] = relationship()
    tags: Mapped[list[OutputTag]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012
