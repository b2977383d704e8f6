"""Reading rates: the table that holds on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from app.foundation.db import Tx
from app.reference.rates.models import ExchangeRate
from app.reference.rates.parities import parities_on
from app.reference.rates.rules import OLDEST, Rate, RateTable


def rates_on(tx: Tx, day: date, currencies: Iterable[str] = ()) -> RateTable:
    """The rates that hold on a day, in one query: of these currencies, or of all of them; fixed parities come along."""
    asked = set(currencies)
    columns = (ExchangeRate.currency, ExchangeRate.per_euro, ExchangeRate.day, ExchangeRate.source)
    query = select(*columns).where(ExchangeRate.day.between(day - OLDEST, day))
    if asked:
        query = query.where(ExchangeRate.currency.in_(sorted(asked)))
    # The newest of a currency comes last, and stays.
    found = {
        row.currency: Rate(row.per_euro, row.day, row.source) for row in tx.execute(query.order_by(ExchangeRate.day))
    }
    return RateTable(day, found | parities_on(day))
