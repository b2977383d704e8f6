"""Conversion: exact rates that lead to the same money again, never of a later day, and nothing dropped in silence."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.money import LARGEST_AMOUNT, Money
from app.reference.rates.parities import parities, parities_on
from app.reference.rates.rules import OLDEST, Rate, RateTable, at_rate, cross_rate

DAY = date(2026, 11, 13)
BANK = "European Central Bank"
GHANA = "Bank of Ghana"


def rate(per_euro: str, days_before: int = 0, source: str = BANK) -> Rate:
    return Rate(Decimal(per_euro), DAY - timedelta(days=days_before), source)


def table(**rates: Rate) -> RateTable:
    return RateTable(DAY, {**parities_on(DAY), **rates})


def money(amount: str | int, currency: str) -> Money:
    return Money(Decimal(amount), currency)


per_euros = st.decimals(min_value="0.0001", max_value="100000000", places=6)
amounts = st.decimals(min_value=0, max_value=LARGEST_AMOUNT, places=2)


def test_from_the_euro_the_published_rate_is_used_as_it_is():
    found = table(USD=rate("1.08580")).convert(money(1000, "EUR"), "USD")
    assert str(found.rate) == "1.08580"
    assert found.money == money("1085.80", "USD")
    assert (found.day, found.source, found.is_fixed) == (DAY, BANK, False)


def test_to_the_euro_the_rate_has_six_significant_digits():
    found = table(USD=rate("1.0858", 1)).convert(money(20000, "USD"), "EUR")
    assert str(found.rate) == "0.920980"
    assert found.money == money("18419.60", "EUR")
    assert found.day == DAY - timedelta(days=1)


def test_between_two_currencies_the_older_day_counts_and_both_sources_are_named():
    found = table(USD=rate("1.0858", 1), GHS=rate("12.4", 4, GHANA)).convert(money(100, "USD"), "GHS")
    assert str(found.rate) == "11.4202"
    assert found.day == DAY - timedelta(days=4)
    assert found.sources == (BANK, GHANA)


def test_a_fixed_parity_needs_no_import_and_names_its_law():
    found = RateTable(DAY, parities()).convert(money(7871484, "XOF"), "EUR")
    assert found.money == money("12000.00", "EUR")
    assert (found.day, found.is_fixed) == (DAY, True)
    assert found.source == "Council Decision 98/683/EC"


def test_between_two_fixed_currencies_the_parity_is_exact():
    found = table().convert(money(1000, "XOF"), "XAF")
    assert (found.rate, found.money, found.sources) == (1, money(1000, "XAF"), ("Council Decision 98/683/EC",))


def test_with_a_parity_and_a_rate_the_rate_s_day_counts():
    found = table(USD=rate("1.0858", 3)).convert(money(1000, "XOF"), "USD")
    assert (found.day, found.is_fixed) == (DAY - timedelta(days=3), False)
    assert found.sources == ("Council Decision 98/683/EC", BANK)


def test_the_same_currency_is_not_converted():
    found = RateTable(DAY, {}).convert(money(500, "GHS"), "GHS")
    assert (found.money, found.rate, found.source, found.is_same) == (money(500, "GHS"), 1, "", True)


def test_without_a_rate_there_is_no_conversion_and_it_is_known_why():
    rates = table(USD=rate("1.0858"))
    assert rates.convert(money(500, "GHS"), "EUR") is None
    assert rates.convert(money(500, "USD"), "GHS") is None
    assert rates.lacking("EUR", "GHS", "USD", "GHS") == ("GHS",)


@given(st.integers(min_value=-400, max_value=400))
def test_a_rate_holds_for_ten_days_and_never_before_its_own(days_before):
    rates = table(USD=rate("1.0858", days_before))
    holds = rates.convert(money(1, "USD"), "EUR") is not None
    assert holds == (0 <= days_before <= OLDEST.days)


def test_a_parity_does_not_age_and_does_not_hold_before_its_day():
    assert set(parities_on(date(1999, 1, 1))) == {"XOF", "XAF", "KMF", "BAM"}
    assert set(parities_on(date(1999, 1, 4))) == set(parities())
    assert parities_on(date(1998, 12, 31)) == {}
    assert RateTable(date(1998, 12, 31), parities()).convert(money(1, "XOF"), "EUR") is None


@given(amounts, per_euros, per_euros)
def test_what_is_shown_can_be_reckoned_again_and_the_original_stays(amount, one, other):
    given_money = money(amount, "USD")
    found = table(USD=rate(one), GBP=rate(other)).convert(given_money, "GBP")
    assert found.original is given_money
    assert given_money == money(amount, "USD")
    assert at_rate(found.original, found.rate, "GBP") == found.money


@given(amounts, per_euros, per_euros)
def test_there_and_back_is_within_a_cent_by_the_size_of_the_rate(amount, one, other):
    rates = table(USD=rate(one), GBP=rate(other))
    there = rates.convert(money(amount, "USD"), "GBP")
    back = rates.convert(there.money, "USD")
    # Half a cent of the money between, in the first currency, half a cent for the way back, two rates of six digits.
    cents = Decimal("0.005") * (back.rate + 1)
    assert abs(back.money.amount - amount) <= cents + amount * Decimal("0.00001") * 2


@given(per_euros, per_euros)
def test_a_reckoned_rate_is_right_to_its_six_digits(one, other):
    exact = other / one
    assert abs(cross_rate(one, other) - exact) <= exact * Decimal("0.000005")


def test_a_total_names_what_it_leaves_out():
    given_money = [money(100, "EUR"), money(655957, "XOF"), money(500, "GHS"), money(7, "PEN"), money(250, "GHS")]
    total = table().total(given_money, "EUR")
    assert total.money == money(1100, "EUR")
    assert [each.original for each in total.converted] == given_money[:2]
    assert total.left == (money(750, "GHS"), money(7, "PEN"))
    assert not total.is_whole
    assert total.has_rates


def test_a_total_of_one_currency_needs_no_rates():
    total = RateTable(DAY, {}).total([money(1, "GHS"), money(2, "GHS")], "GHS")
    assert (total.money, total.is_whole, total.has_rates) == (money(3, "GHS"), True, False)
    assert RateTable(DAY, {}).total([], "EUR").money == money(0, "EUR")


@pytest.mark.parametrize("currency", sorted(parities()))
def test_there_and_back_by_parity(currency):
    there = table().convert(money(1000, "EUR"), currency)
    assert there.rate == parities()[currency].per_euro
    assert abs(table().convert(there.money, "EUR").money.amount - 1000) <= Decimal("0.01")
