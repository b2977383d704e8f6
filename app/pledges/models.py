"""A pledge, the lines that it covers, and what was delivered of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.foundation.money import Money
from app.organisations.models import Organisation


class Pledge(Identified, Versioned, Stamped, Owned, Base):
    """A promise against need lines, in money or in kind. `status` moves as rules.MOVES allows.

    `accepted_at` is when the recipient accepted it; before that it reserves nothing. `source_of_funds` is one of
    rules.SOURCES. `declared_relation` is complement, co_fund, replace or empty.
    """

    __tablename__ = "pledges"
    reference_prefix = "G"
    record_kind = "pledge"
    sensitive_fields = ("donor", "amount")

    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), index=True)
    need_ref: Mapped[str]
    need_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programmes.id"), index=True)
    status: Mapped[str] = mapped_column(default="pledged", index=True)
    accepted_at: Mapped[datetime | None]
    answered_by: Mapped[int | None]
    status_reason: Mapped[str] = mapped_column(default="")
    conditions: Mapped[str] = mapped_column(default="")
    source_of_funds: Mapped[str] = mapped_column(default="national_budget")
    implementing_partner: Mapped[str] = mapped_column(default="")
    declared_relation: Mapped[str] = mapped_column(default="")
    expires_on: Mapped[date | None]
    made_by: Mapped[int | None]
    posted_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(foreign_keys="Pledge.organisation_id")
    lines: Mapped[list[PledgeLine]] = relationship(
        cascade="all, delete-orphan", order_by="PledgeLine.id", back_populates="pledge", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012


class PledgeLine(Base):
    """What a pledge promises for one need line: `quantity` in the line's unit, or money, or both."""

    __tablename__ = "pledge_lines"
    __table_args__ = (
        CheckConstraint("quantity IS NOT NULL OR amount IS NOT NULL", name="promises_something"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledges.id", ondelete="CASCADE"), index=True)
    need_line_id: Mapped[int] = mapped_column(ForeignKey("need_lines.id"), index=True)
    quantity: Mapped[Decimal | None]
    amount: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(default="")

    pledge: Mapped[Pledge] = relationship(back_populates="lines")
    contributions: Mapped[list[Contribution]] = relationship(
        cascade="all, delete-orphan", order_by="Contribution.id", back_populates="line"
    )

    @property
    def money(self) -> Money | None:
        """The money promised for the line."""
        return None if self.amount is None else Money(self.amount, self.currency)


class Contribution(Identified, Stamped, Base):
    """What was delivered of a pledge line, as each side says; it counts when both have confirmed."""

    __tablename__ = "contributions"
    reference_prefix = "K"
    record_kind = "contribution"

    pledge_line_id: Mapped[int] = mapped_column(ForeignKey("pledge_lines.id", ondelete="CASCADE"), index=True)
    quantity: Mapped[Decimal | None]
    amount: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(default="")
    delivered_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    donor_confirmed_at: Mapped[datetime | None]
    recipient_confirmed_at: Mapped[datetime | None]

    line: Mapped[PledgeLine] = relationship(back_populates="contributions")
