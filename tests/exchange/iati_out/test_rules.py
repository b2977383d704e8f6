"""Shares, periods and the hint on aid: the plain rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.iati_out import rules

SHARE = st.none() | st.decimals(min_value=-10, max_value=1000, places=2)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(st.lists(SHARE, min_size=1, max_size=12))
def test_shares_always_come_to_the_whole(stated):
    shares = rules.completed(stated)
    assert sum(shares) == 100
    assert all(0 <= share <= 100 for share in shares)
    if None not in stated and sum(stated) == 100 and min(stated) >= 0:
        assert shares == stated


@pytest.mark.parametrize(
    ("stated", "whole"),
    [
        ([None, None], ["50", "50"]),
        (["30", None], ["30", "70"]),
        (["33.33", "33.33", "33.33"], ["33.34", "33.33", "33.33"]),
        (["60", "60"], ["50", "50"]),
        (["120", None], ["100", "0"]),
        (["0", "0"], ["50", "50"]),
    ],
)
def test_shares_that_say_less_or_more(stated, whole):
    assert rules.completed([None if each is None else Decimal(each) for each in stated]) == list(map(Decimal, whole))


@given(DAYS, DAYS, st.decimals(min_value=-(10**12), max_value=10**14, places=2))
def test_a_budget_is_divided_into_years_to_the_cent(one, other, amount):
    start, end = sorted((one, other))
    parts = list(rules.by_year(start, end, amount))
    assert sum(part for _first, _last, part in parts) == amount
    assert (parts[0][0], parts[-1][1]) == (start, end)
    assert not any(rules.is_longer_than_a_year(first, last) for first, last, _part in parts)
    years = list(rules.by_calendar_year(start, end, amount))
    assert [year for year, _part in years] == list(range(start.year, end.year + 1))
    assert sum(part for _year, part in years) == amount


def test_which_narcotics_control_counts_as_aid():
    assert rules.oda("16063", ["maritime_interdiction", "prisons"]) == rules.NOT_ODA
    assert rules.oda("16063", ["precursor_control"]) == rules.MAY_BE_ODA
    assert rules.oda("15134", ["maritime_interdiction"]) == ""
