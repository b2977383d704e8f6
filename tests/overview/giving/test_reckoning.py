"""Money in one currency: nothing converted without a rate, nothing dropped, nothing counted twice."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.foundation.money import Money
from app.overview.giving.reckoning import chosen_of, reckon
from app.overview.giving.rules import Choice, Giving
from app.reference.rates.rules import Rate, RateTable

DAY = date(2026, 11, 23)
TABLE = RateTable(DAY, {"USD": Rate(Decimal("1.25"), DAY, "Bank"), "NOK": Rate(Decimal(10), DAY, "Bank")})


def giving(number, *money, kind="programme", themes=("borders",), places=("SN",), donor=1, **kw):
    coded = [tuple((code, None) for code in each) for each in (themes, places)]
    amounts = tuple(Money(Decimal(amount), currency) for amount, currency in money)
    return Giving(kind, number, f"P-{number}", "Title", "en", donor, *coded, money=amounts, **kw)


def test_amounts_are_converted_or_left():
    givings = [giving(1, (100, "EUR")), giving(2, (100, "USD")), giving(3, (7, "XTS")), giving(4)]
    found = reckon(givings, [], TABLE, "EUR")
    assert found.reported == found.counted == {("programme", 1): 100, ("programme", 2): 80}
    assert [(one.number, money) for one, money in found.left] == [(3, Money(Decimal(7), "XTS"))]
    assert [(used.original.currency, used.rate, used.source) for used in found.used] == [
        ("USD", Decimal("0.8"), "Bank")
    ]


def test_amounts_of_one_pledge_are_added_after_conversion():
    found = reckon([giving(1, (100, "EUR"), (50, "NOK"), (1, "XTS"), kind="pledge")], [], TABLE, "EUR")
    assert found.reported == {("pledge", 1): 105}
    assert len(found.left) == 1


def test_a_pledge_is_a_part_of_the_programme_that_pays_it():
    givings = [giving(1, (100, "EUR")), giving(1, (30, "EUR"), kind="pledge", paid_from=1)]
    found = reckon(givings, [], TABLE, "EUR")
    assert found.counted == {("programme", 1): 100}
    assert [(one.key, one.why) for one in found.set_aside] == [(("pledge", 1), "child")]


def test_a_choice_shows_its_part_of_both_figures():
    givings = [
        giving(1, (100, "EUR"), places=("SN", "CV")), giving(2, (60, "EUR"), places=("CV",)), giving(3, (9, "XTS")),
    ]  # fmt: skip
    found = reckon(givings, [(("programme", 2), ("programme", 1), "child")], TABLE, "EUR")
    here = chosen_of(found, givings, Choice(country="CV"))
    assert (here.reported.amount, here.counted.amount) == (110, 50)
    assert [(one.key[1], money.amount) for one, money in here.set_aside] == [(2, 60)]
    assert here.left_by_currency == []
    there = chosen_of(found, givings, Choice(country="SN"))
    assert (there.reported.amount, there.counted.amount, there.set_aside) == (50, 50, [])
    assert there.left_by_currency == [Money(Decimal(9), "XTS")]
    assert sum(part.amount for part in chosen_of(found, givings, Choice(country="CV"), as_reported=True).parts) == 110


MONEY = st.tuples(st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100), st.sampled_from(["EUR", "USD", "XTS"]))
TIES = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(["same", "co_fund", "child"])), max_size=6
)


@given(st.lists(MONEY, max_size=8), TIES)
def test_choices_add_up_to_the_whole(amounts, tied):
    places = (("SN",), ("CV",), ("SN", "CV"), ())
    givings = [giving(number, money, places=places[number % 4]) for number, money in enumerate(amounts)]
    ties = [(("programme", one), ("programme", other), relation) for one, other, relation in tied]
    found = reckon(givings, ties, TABLE, "EUR")
    whole = chosen_of(found, givings, Choice())
    assert sum(part.amount for part in whole.parts) == whole.counted.amount <= whole.reported.amount
    # Nothing is lost: what is not in the sum is left beside it.
    assert len(found.reported) + len(found.left) == len(givings)
    parts = {place: sum(part.amount for part in whole.parts if part.place == place) for place in ("SN", "CV", "")}
    for country in ("SN", "CV"):
        assert chosen_of(found, givings, Choice(country=country)).counted.amount == parts[country]
    assert sum(parts.values()) == whole.counted.amount
