"""Amounts as people write them, and money that is never mixed."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.money import Money, MoneyError, is_currency, parse_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12500", "12500"),
        ("12 500,50", "12500.50"),
        ("12,500.50", "12500.50"),
        ("12.500,50", "12500.50"),
        ("12500.5", "12500.5"),
        ("12,500", "12500"),
        ("1,5", "1.5"),
        ("1.234.567", "1234567"),
        ("1'234'567", "1234567"),
        ("1\u202f234\u00a0567", "1234567"),
        ("-3", "-3"),
    ],
)
def test_amounts_as_people_write_them(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "many", "12..5", "NaN", "Infinity", "1e", "12 EUR"])
def test_what_is_no_amount(text):
    with pytest.raises(MoneyError):
        parse_amount(text)


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_an_amount_written_the_english_and_the_french_way_is_the_same(amount):
    english = f"{amount:,.2f}"
    french = english.replace(",", " ").replace(".", ",")
    assert parse_amount(english) == parse_amount(french) == amount


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_refused(text):
    with contextlib.suppress(MoneyError):
        assert parse_amount(text).is_finite()


def test_two_currencies_are_never_added():
    assert Money(Decimal(1), "EUR") + Money(Decimal("2.50"), "EUR") == Money(Decimal("3.50"), "EUR")
    with pytest.raises(MoneyError, match="cannot add XOF to EUR"):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "XOF")


def test_money_has_cents_and_a_currency_that_exists():
    assert Money(Decimal("1.005"), "EUR").amount == Decimal("1.00")
    assert is_currency("XOF")
    with pytest.raises(MoneyError, match="unknown currency"):
        Money(Decimal(1), "XXQ")
