"""Money that is divided stays the same money, to the cent; what is chosen is what is asked for."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.overview.giving.rules import Choice, Giving, by_weight, divided, parts_of, wanted_parts, whole_year

CENTS = st.integers(0, 10**13).map(lambda cents: Decimal(cents) / 100)
SHARES = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.none() | st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)),
    max_size=6,
    unique_by=lambda pair: pair[0],
).map(tuple)


def giving(number=1, themes=(("borders", None),), places=(("SN", None),), **kw):
    return Giving("programme", number, "P-1", "Title", "en", 1, themes, places, **kw)


def test_shares_are_kept_where_all_are_given():
    assert divided(Decimal(100), (("a", Decimal(70)), ("b", Decimal(30)))) == [("a", 70), ("b", 30)]
    # They may also add up to something else than a hundred.
    assert divided(Decimal(100), (("a", Decimal(35)), ("b", Decimal(15)))) == [("a", 70), ("b", 30)]


@pytest.mark.parametrize(
    "shares", [(None, None), (Decimal(80), None), (Decimal(0), Decimal(0)), (Decimal(-1), Decimal(9))]
)
def test_otherwise_it_is_divided_equally(shares):
    assert [part for _code, part in divided(Decimal(100), tuple(zip("ab", shares, strict=True)))] == [50, 50]


def test_cents_go_where_most_was_cut_off():
    assert by_weight(Decimal("0.10"), [Decimal(1)] * 3) == [Decimal("0.04"), Decimal("0.03"), Decimal("0.03")]
    assert by_weight(Decimal("1.00"), [Decimal(1), Decimal(5)]) == [Decimal("0.17"), Decimal("0.83")]


def test_what_names_nothing_is_kept_under_no_name():
    assert [(part.theme, part.place, part.amount) for part in parts_of(giving(themes=(), places=()), Decimal(5))] == [
        ("", "", 5)
    ]


@given(CENTS, SHARES)
def test_the_parts_are_the_whole(amount, shares):
    parts = [part for _code, part in divided(amount, shares)]
    assert sum(parts) == amount
    assert all(part >= 0 and part == part.quantize(Decimal("0.01")) for part in parts)


@given(CENTS, SHARES, SHARES)
def test_so_are_the_parts_of_the_parts(amount, themes, places):
    assert sum(part.amount for part in parts_of(giving(themes=themes, places=places), amount)) == amount


@given(CENTS, st.lists(st.integers(1, 1000).map(Decimal), min_size=1, max_size=9))
def test_nobody_is_a_cent_away_from_the_share(amount, weights):
    for part, weight in zip(by_weight(amount, weights), weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) < Decimal("0.0100001")


@pytest.mark.parametrize(
    ("choice", "place", "is_wanted"),
    [
        (Choice(), "PE", True),
        (Choice(country="SN"), "SN", True),
        (Choice(country="SN"), "CV", False),
        (Choice(country="SN"), "grouping:ECOWAS", True),
        (Choice(country="SN"), "grouping:OAS", False),
        (Choice(country="SN"), "", False),
        (Choice(grouping="ECOWAS"), "SN", True),
        (Choice(grouping="ECOWAS"), "PE", False),
        (Choice(grouping="ECOWAS"), "grouping:ECOWAS", True),
        # The African Union has the letters of Australia.
        (Choice(country="AU"), "grouping:AU", False),
        (Choice(country="SN"), "grouping:AU", True),
    ],
)
def test_a_place_is_wanted(choice, place, is_wanted):
    assert choice.wants_place(place) is is_wanted


def test_only_the_wanted_part_of_the_money_is_left():
    one = giving(themes=(("borders", None), ("justice", None)), places=(("SN", None), ("PE", None)))
    parts = wanted_parts({one.key: Decimal(100)}, [one, giving(2)], Choice(country="SN", theme="borders"))
    assert [(part.theme, part.place, part.amount) for part in parts] == [("borders", "SN", 25)]
    assert not Choice(country="CV").wants(one)
    assert Choice(country="PE", theme="justice").wants(one)


@pytest.mark.parametrize(
    ("starts", "ends", "runs"),
    [(None, None, True), (2025, 2026, False), (2025, 2027, True), (2028, None, False), (None, 2026, False)],
)
def test_what_says_no_day_is_open(starts, ends, runs):
    days = [date(year, 6, 1) if year else None for year in (starts, ends)]
    assert whole_year(2027).meets(*days) is runs
