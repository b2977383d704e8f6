"""A need as it is kept: the request, its lines, its indicators with results, and every version that was posted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.confirming import Confirmable
from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.foundation.money import Money
from app.foundation.tags import Tag, Tagged
from app.needs import rules
from app.organisations.models import Organisation


class NeedTag(Tag, Base):
    """Themes, countries, instruments, kinds and delivery languages of a need."""

    __tablename__ = "need_tags"
    record_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True)


class Need(Identified, Versioned, Stamped, Confirmable, Owned, Tagged, Base):
    """The request of a State, of several States together, or of a regional organisation or centre for them.

    `status` moves as rules.MOVES allows. Dates are days in the requesting State. `budget_amount` is in whole units of
    `currency` (ISO 4217). Facets of `tags`: theme, country, instrument, kind, language.
    """

    __tablename__ = "needs"
    # What a list asks of every need stands together, so that counting and sorting read no words.
    __table_args__ = (
        Index("ix_needs_listed", "is_published", "status", "disclosure", "organisation_id", "posted_at", "verify_by"),
    )
    reference_prefix = "N"
    record_kind = "need"
    sensitive_fields = ("contact", "place", "baseline", "budget", "files")
    tag_class = NeedTag

    status: Mapped[str] = mapped_column(default="posted", index=True)
    language: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    problem: Mapped[str]
    causes: Mapped[str] = mapped_column(default="")
    effects: Mapped[str] = mapped_column(default="")
    purpose_code: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    beneficiary_unit: Mapped[str] = mapped_column(default="")
    beneficiaries: Mapped[int | None]
    beneficiaries_women: Mapped[int | None]
    beneficiaries_men: Mapped[int | None]
    capacity: Mapped[str] = mapped_column(default="")
    baseline: Mapped[str] = mapped_column(default="")
    objectives: Mapped[str] = mapped_column(default="")
    past_help: Mapped[str] = mapped_column(default="")
    requested_elsewhere: Mapped[str] = mapped_column(default="")
    national_plan: Mapped[str] = mapped_column(default="")
    own_contribution: Mapped[str] = mapped_column(default="")
    sustainability: Mapped[str] = mapped_column(default="")
    absorption: Mapped[str] = mapped_column(default="")
    budget_amount: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    offers_due_on: Mapped[date | None]
    contact: Mapped[str] = mapped_column(default="")
    evaluation_body: Mapped[str] = mapped_column(default="")
    evaluation_on: Mapped[date | None]
    evaluation_recommendation: Mapped[str] = mapped_column(default="")
    posted_at: Mapped[datetime | None] = mapped_column(index=True)
    status_reason: Mapped[str] = mapped_column(default="")

    organisation: Mapped[Organisation] = relationship()
    tags: Mapped[list[NeedTag]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    lines: Mapped[list[NeedLine]] = relationship(
        cascade="all, delete-orphan", order_by="NeedLine.position", back_populates="need", lazy="selectin"
    )
    indicators: Mapped[list[NeedIndicator]] = relationship(
        cascade="all, delete-orphan", order_by="NeedIndicator.position", back_populates="need"
    )
    other_texts: Mapped[list[NeedText]] = relationship(
        cascade="all, delete-orphan", order_by="NeedText.language", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012

    @property
    def is_going_on(self) -> bool:
        """An open need; one that is met, closed or withdrawn is not asked about any more."""
        return self.status in rules.OPEN and self.is_published

    @property
    def budget(self) -> Money | None:
        """The indicative budget."""
        return None if self.budget_amount is None else Money(self.budget_amount, self.currency)


class NeedText(Base):
    """The chief words of a need in one more language, written by the author beside those of `Need.language`."""

    __tablename__ = "need_texts"

    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    problem: Mapped[str] = mapped_column(default="")
    objectives: Mapped[str] = mapped_column(default="")


class NeedLine(Identified, Base):
    """One thing asked for: what kind, how many of which unit, for whom, by when, at about what cost."""

    __tablename__ = "need_lines"
    reference_prefix = "NL"

    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    quantity: Mapped[Decimal]
    unit: Mapped[str]
    is_essential: Mapped[bool] = mapped_column(default=True)
    beneficiary_unit: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    cost_amount: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(default="")

    need: Mapped[Need] = relationship(back_populates="lines")

    @property
    def cost(self) -> Money | None:
        """The indicative cost of the whole line."""
        return None if self.cost_amount is None else Money(self.cost_amount, self.currency)


class NeedIndicator(Identified, Base):
    """How one will know: a measure with its baseline and target, in `unit`."""

    __tablename__ = "need_indicators"
    reference_prefix = "NI"

    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    baseline: Mapped[str] = mapped_column(default="")
    target: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]

    need: Mapped[Need] = relationship(back_populates="indicators")
    results: Mapped[list[Result]] = relationship(
        cascade="all, delete-orphan", order_by="Result.measured_on", back_populates="indicator"
    )


class Result(Identified, Base):
    """What an indicator showed on a day, with the evidence for it."""

    __tablename__ = "results"
    reference_prefix = "R"
    record_kind = "result"

    indicator_id: Mapped[int] = mapped_column(ForeignKey("need_indicators.id", ondelete="CASCADE"), index=True)
    actual: Mapped[str]
    measured_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[int]
    recorded_at: Mapped[datetime]

    indicator: Mapped[NeedIndicator] = relationship(back_populates="results")


class Passing(Base):
    """Somebody is asked to look at a need before it is posted: `kind` is gate, consent or review (rules.PASSING_NAMES).

    `until` is when silence passes it (consent alone). `decision` is passed, returned or dropped once `decided_at` is
    set; `decided_by` is empty where silence has decided.
    """

    __tablename__ = "passings"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str]
    asked_at: Mapped[datetime]
    until: Mapped[datetime | None] = mapped_column(index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    decision: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")


class NeedVersion(Base):
    """A posted version of a need, word for word, as `service.snapshot` wrote it."""

    __tablename__ = "need_versions"
    __table_args__ = (UniqueConstraint("need_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"))
    number: Mapped[int]
    snapshot: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None]
