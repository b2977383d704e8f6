"""What a euro was worth on a day in another currency, exactly as it was published."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Dialect, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.foundation.db import Base


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal with all its digits, kept as text: it is read and compared here, never by the database."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class ExchangeRate(Base):
    """Units of `currency` (ISO 4217) for one euro on a day: one rate, whoever published it (`source`)."""

    __tablename__ = "exchange_rates"
    # The day first: one asks for all currencies of a few days.
    __table_args__ = (UniqueConstraint("day", "currency"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str]
    day: Mapped[date]
    per_euro: Mapped[Decimal] = mapped_column(ExactDecimal)
    source: Mapped[str]
    imported_at: Mapped[datetime]
