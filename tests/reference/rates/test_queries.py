"""The table of a day comes in one query, exact to the last digit, on every engine."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from app.foundation.money import Money
from app.reference.rates.models import ExchangeRate
from app.reference.rates.queries import rates_on
from app.reference.rates.rules import OLDEST

DAY = date(2026, 11, 13)


@pytest.fixture
def publish(tx, now):
    def publish(currency: str, per_euro: str, days_before: int = 0) -> None:
        day = DAY - timedelta(days=days_before)
        row = ExchangeRate(currency=currency, day=day, per_euro=Decimal(per_euro), source="A bank", imported_at=now)
        tx.add(row)
        tx.flush()
        tx.expire_all()

    return publish


def test_the_newest_rate_up_to_the_day_is_taken(tx, publish):
    for days_before, rate in [(-1, "1.4"), (1, "1.2"), (2, "1.1"), (9, "1.0")]:
        publish("USD", rate, days_before)
    table = rates_on(tx, DAY)
    assert table.rates["USD"].per_euro == Decimal("1.2")
    assert table.convert(Money(Decimal(1), "EUR"), "USD").day == DAY - timedelta(days=1)


def test_each_currency_has_its_own_newest_day(tx, publish):
    publish("USD", "1.2", 1)
    publish("JPY", "161.05", 4)
    rates = rates_on(tx, DAY).rates
    assert (DAY - rates["USD"].day, DAY - rates["JPY"].day) == (timedelta(1), timedelta(4))


@pytest.mark.parametrize(("days_before", "is_there"), [(OLDEST.days, True), (OLDEST.days + 1, False), (-1, False)])
def test_old_rates_and_later_ones_are_not_in_it(tx, publish, days_before, is_there):
    publish("USD", "1.2", days_before)
    assert ("USD" in rates_on(tx, DAY).rates) == is_there


def test_only_what_is_asked_for_is_read_and_parities_come_along(tx, publish):
    publish("USD", "1.2")
    publish("JPY", "161.05")
    rates = rates_on(tx, DAY, ["USD", "XOF", "EUR"]).rates
    assert "JPY" not in rates
    assert {"USD", "XOF"} <= rates.keys()
    assert rates_on(tx, date(1998, 1, 1)).rates == {}


def test_all_digits_come_back_as_they_went(tx, publish):
    publish("IDR", "17081.650000000001")
    publish("KWD", "0.330")
    rates = rates_on(tx, DAY).rates
    assert str(rates["IDR"].per_euro) == "17081.650000000001"
    assert str(rates["KWD"].per_euro) == "0.330"


def test_a_currency_has_one_rate_a_day(tx, publish):
    publish("USD", "1.2")
    with pytest.raises(IntegrityError), tx.begin_nested():
        publish("USD", "1.3")


def test_it_is_one_query_however_many_currencies(tx, publish):
    for number, currency in enumerate(["USD", "JPY", "CHF", "NOK", "SEK"]):
        publish(currency, "2.5", number)
    asked = []
    connection = tx.connection()
    event.listen(connection, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    rates_on(tx, DAY, ["USD", "JPY", "CHF", "NOK", "SEK"])
    assert len(asked) == 1
