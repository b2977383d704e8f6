"""A lesson with its links and evidence, and an output (study, model law, curriculum, manual) that others may reuse."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.foundation.tags import Tag, Tagged
from app.organisations.models import Organisation


class LessonTag(Tag, Base):
    """Themes, kinds of assistance and countries of a lesson."""

    __tablename__ = "lesson_tags"
    record_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)


class Lesson(Identified, Versioned, Stamped, Owned, Tagged, Base):
    """When <context>, doing <action> led to <result>, because <cause>; next time <instruction>.

    `criterion` is an OECD DAC evaluation criterion (or partnership, human_rights_gender); the code lists are in
    rules. Facets of `tags`: theme, kind, country. `subject_kind` and `subject_ref` name the record that taught it.
    """

    __tablename__ = "lessons"
    reference_prefix = "L"
    record_kind = "lesson"
    tag_class = LessonTag

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

    organisation: Mapped[Organisation] = relationship()
    tags: Mapped[list[LessonTag]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012


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
