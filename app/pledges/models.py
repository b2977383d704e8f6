"""A pledge, the lines that it covers, and what was delivered of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.foundation.money import Money
from app.organisations.models import Organisation
from app.pledges import rules


class Pledge(Identified, Versioned, Stamped, Owned, Base):
    """A promise against need lines, in money or in kind. `status` moves as rules.MOVES allows.

    `accepted_at` is when the recipient accepted it; before that it reserves nothing. `source_of_funds` is one of
    rules.SOURCES. `declared_relation` is complement, co_fund, replace or empty. `is_whole` tells that it was made for
    everything that was open of the need. `decline_cause` is one of rules.CAUSES once it was declined.
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
    decline_cause: Mapped[str] = mapped_column(default="")
    is_whole: Mapped[bool] = mapped_column(default=False)
    conditions: Mapped[str] = mapped_column(default="")
    source_of_funds: Mapped[str] = mapped_column(default="national_budget")
    implementing_partner: Mapped[str] = mapped_column(default="")
    declared_relation: Mapped[str] = mapped_column(default="")
    authorised_by: Mapped[str] = mapped_column(default="")
    further_approval: Mapped[str] = mapped_column(default="")
    expires_on: Mapped[date | None]
    made_by: Mapped[int | None]
    posted_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(foreign_keys="Pledge.organisation_id")
    lines: Mapped[list[PledgeLine]] = relationship(
        cascade="all, delete-orphan", order_by="PledgeLine.id", back_populates="pledge", lazy="selectin"
    )
    tranches: Mapped[list[Tranche]] = relationship(
        cascade="all, delete-orphan", order_by="Tranche.position", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012


class PledgeLine(Base):
    """What a pledge promises for one need line: `quantity` in the line's unit, or money, or both.

    Money in another currency than the line's cost has a worth in that one, reckoned once, when the pledge was made:
    `worth_amount` in `worth_currency`, with `rate` (units of that currency for one of the pledge's, as text, exact),
    its day and its source. Empty where there was no rate.
    """

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
    worth_amount: Mapped[Decimal | None]
    worth_currency: Mapped[str] = mapped_column(default="")
    rate: Mapped[str] = mapped_column(default="")
    rate_on: Mapped[date | None]
    rate_source: Mapped[str] = mapped_column(default="")

    pledge: Mapped[Pledge] = relationship(back_populates="lines")
    contributions: Mapped[list[Contribution]] = relationship(
        cascade="all, delete-orphan", order_by="Contribution.id", back_populates="line"
    )

    @property
    def money(self) -> Money | None:
        """The money promised for the line."""
        return None if self.amount is None else Money(self.amount, self.currency)

    @property
    def worth(self) -> Money | None:
        """The promised money in the currency of the need line's cost, as it was reckoned when the pledge was made."""
        return None if self.worth_amount is None else Money(self.worth_amount, self.worth_currency)


class Tranche(Base):
    """A planned disbursement of a pledge: how much money, on which day."""

    __tablename__ = "pledge_tranches"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledges.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    due_on: Mapped[date]
    amount: Mapped[Decimal]
    currency: Mapped[str]

    @property
    def money(self) -> Money:
        """The money of the tranche."""
        return Money(self.amount, self.currency)


class Contribution(Identified, Stamped, Base):
    """What was delivered of a pledge line; it counts when both sides have confirmed.

    `donor_much` and `recipient_much` are what each side says, in the measure in which the line was promised; where
    they differ, `quantity` or `amount` is the smaller: so much both sides confirm, and the rest is in dispute.
    """

    __tablename__ = "contributions"
    reference_prefix = "K"
    record_kind = "contribution"

    pledge_line_id: Mapped[int] = mapped_column(ForeignKey("pledge_lines.id", ondelete="CASCADE"), index=True)
    quantity: Mapped[Decimal | None]
    amount: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(default="")
    delivered_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    donor_much: Mapped[Decimal | None]
    recipient_much: Mapped[Decimal | None]
    donor_confirmed_at: Mapped[datetime | None]
    recipient_confirmed_at: Mapped[datetime | None]

    line: Mapped[PledgeLine] = relationship(back_populates="contributions")

    @property
    def is_disputed(self) -> bool:
        """Whether both sides have spoken, and do not say the same."""
        said = {self.donor_much, self.recipient_much}
        return None not in said and len(said) > 1

    def answer_open(self, *, gives: bool, receives: bool) -> str:
        """What somebody of these sides can still answer to it, as rules.answer_open says."""
        return rules.answer_open(
            gives=gives, receives=receives, donor_spoke=self.donor_confirmed_at is not None,
            recipient_spoke=self.recipient_confirmed_at is not None, is_disputed=self.is_disputed,
        )  # fmt: skip

    def figures(self, *, gives: bool, receives: bool) -> tuple[Decimal | None, Decimal | None]:
        """What one's own side says, and what the other one does; who is on both speaks for the one that has not."""
        waits = receives and self.recipient_confirmed_at is None and self.donor_confirmed_at is not None
        is_donor = gives and not waits
        return (self.donor_much, self.recipient_much) if is_donor else (self.recipient_much, self.donor_much)


class Cover(Stamped, Base):
    """What covers a part of a need line without being a pledge, such as a nominee who has passed a course.

    `source_kind` and `source_ref` name the record that it comes from; each covers a line once. It is delivered once
    `confirmed_at` is set.
    """

    __tablename__ = "line_covers"
    __table_args__ = (
        UniqueConstraint("need_line_id", "source_kind", "source_ref"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_line_id: Mapped[int] = mapped_column(ForeignKey("need_lines.id", ondelete="CASCADE"), index=True)
    source_kind: Mapped[str]
    source_ref: Mapped[str]
    quantity: Mapped[Decimal]
    happened_on: Mapped[date]
    confirmed_at: Mapped[datetime | None]
