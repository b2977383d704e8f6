"""A programme as it is kept, with what it offers and, where it is an IATI activity, everything that the file said."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.confirming import Confirmable
from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.foundation.money import Money
from app.foundation.tags import Tag, Tagged
from app.organisations.models import Organisation
from app.programmes import rules


class ProgrammeTag(Tag, Base):
    """Themes, countries, groupings, kinds, languages, sectors and regions of a programme."""

    __tablename__ = "programme_tags"
    record_id: Mapped[int] = mapped_column(ForeignKey("programmes.id", ondelete="CASCADE"), primary_key=True)


class Programme(Identified, Versioned, Stamped, Confirmable, Owned, Tagged, Base):
    """What a donor offers or runs. `status` is an IATI ActivityStatus code (1-6).

    `accepting` is yes (until `apply_by`, if given), no or unknown (imports). `source` is site or iati;
    `source_digest` tells whether an import brings anything new. Facets of `tags`: theme, country, grouping, kind,
    language, sector ("vocabulary:code"), region, marker ("vocabulary:code:significance"), collaboration, tied, scope
    (codes of IATI lists), likely_country (for an import that names no place: what its kin, its
    words or its file tell), adm1 (first-level areas as "country:name:code"). `held_since` is set while an import waits
    for an answer before it is shown.
    """

    __tablename__ = "programmes"
    reference_prefix = "P"
    record_kind = "programme"
    sensitive_fields = ("contact", "budget")
    tag_class = ProgrammeTag

    status: Mapped[str] = mapped_column(default="2", index=True)
    accepting: Mapped[str] = mapped_column(default="unknown")
    apply_by: Mapped[date | None]
    language: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    conditions: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    purpose_code: Mapped[str] = mapped_column(default="")
    aid_type: Mapped[str] = mapped_column(default="")
    finance_type: Mapped[str] = mapped_column(default="")
    flow_type: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    planned_start: Mapped[date | None]
    actual_start: Mapped[date | None]
    planned_end: Mapped[date | None]
    actual_end: Mapped[date | None]
    budget_amount: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(default="")
    iati_identifier: Mapped[str | None] = mapped_column(unique=True)
    hierarchy: Mapped[int | None]
    source: Mapped[str] = mapped_column(default="site")
    source_name: Mapped[str] = mapped_column(default="")
    source_digest: Mapped[str] = mapped_column(default="")
    posted_at: Mapped[datetime | None] = mapped_column(index=True)
    held_since: Mapped[datetime | None] = mapped_column(index=True)

    organisation: Mapped[Organisation] = relationship()
    tags: Mapped[list[ProgrammeTag]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    offers: Mapped[list[ProgrammeOffer]] = relationship(
        cascade="all, delete-orphan", order_by="ProgrammeOffer.position", lazy="selectin"
    )
    texts: Mapped[list[ProgrammeText]] = relationship(cascade="all, delete-orphan", order_by="ProgrammeText.language")
    participants: Mapped[list[ProgrammeParticipant]] = relationship(
        cascade="all, delete-orphan", order_by="ProgrammeParticipant.id"
    )
    budgets: Mapped[list[ProgrammeBudget]] = relationship(
        cascade="all, delete-orphan", order_by="ProgrammeBudget.starts_on"
    )
    transactions: Mapped[list[ProgrammeTransaction]] = relationship(
        cascade="all, delete-orphan", order_by="ProgrammeTransaction.happened_on"
    )
    links: Mapped[list[ProgrammeLink]] = relationship(cascade="all, delete-orphan", order_by="ProgrammeLink.id")

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012

    @property
    def is_going_on(self) -> bool:
        """A programme that runs or is prepared."""
        return self.status in rules.RUNNING and self.is_published

    @property
    def is_withdrawn(self) -> bool:
        """An import brought it and was undone: it has no digest any more, and is shown to its own people alone."""
        return self.source == "iati" and not self.source_digest and not self.is_published

    @property
    def places(self) -> list[str]:
        """The countries that it names or, where it names no place, the one that it is likely to be about."""
        return self.codes("country") or self.codes("likely_country")

    @property
    def budget(self) -> Money | None:
        """The whole budget."""
        return None if self.budget_amount is None else Money(self.budget_amount, self.currency)


class ProgrammePart:
    """What every part of a programme has."""

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id", ondelete="CASCADE"), index=True)


class ProgrammeOffer(ProgrammePart, Base):
    """One kind of assistance that the programme gives, with its capacity: how many of which unit, if it says."""

    __tablename__ = "programme_offers"

    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    quantity: Mapped[Decimal | None]
    unit: Mapped[str] = mapped_column(default="")


class ProgrammeText(ProgrammePart, Base):
    """Title and description in one language, the main one included when the source has several."""

    __tablename__ = "programme_texts"
    __table_args__ = (UniqueConstraint("programme_id", "language"),)

    language: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")


class ProgrammeParticipant(ProgrammePart, Base):
    """An organisation that takes part; `role` is an IATI OrganisationRole code (1-4)."""

    __tablename__ = "programme_participants"

    role: Mapped[str]
    name: Mapped[str]
    identifier: Mapped[str] = mapped_column(default="")
    organisation_type: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))


class ProgrammeBudget(ProgrammePart, Base):
    """A budget for a period; `kind` is an IATI BudgetType code. The amount is in whole units of `currency`."""

    __tablename__ = "programme_budgets"

    kind: Mapped[str] = mapped_column(default="1")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(default="")
    valued_on: Mapped[date | None]


class ProgrammeTransaction(ProgrammePart, Base):
    """Money that moved or was promised; `kind` is an IATI TransactionType code (2.0x)."""

    __tablename__ = "programme_transactions"

    kind: Mapped[str]
    happened_on: Mapped[date | None]
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(default="")
    provider: Mapped[str] = mapped_column(default="")
    receiver: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")


class ProgrammeLink(ProgrammePart, Base):
    """A related activity (IATI RelatedActivityType code) or an identifier of another register (kind `other`)."""

    __tablename__ = "programme_links"

    kind: Mapped[str]
    identifier: Mapped[str] = mapped_column(index=True)
