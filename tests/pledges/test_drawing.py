"""What a programme can still carry, and when a pledge takes more than there is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.money import Money
from app.pledges.drawing import Draw, Envelope, free, shortage

D = Decimal
JUDGES = ("training", "judges")
ENVELOPE = Envelope(Money(D(1000), "EUR"), {JUDGES: D(20)})


def same_or_none(money: Money, currency: str) -> Money | None:
    return money if money.currency == currency else None


def test_money_draws_on_the_budget_and_a_quantity_on_its_capacity() -> None:
    left = free(ENVELOPE, [Draw(*JUDGES, D(8)), Draw("mentoring", "days", D(9), Money(D(300), "EUR"))], same_or_none)

    assert left.budget == Money(D(700), "EUR")
    assert left.capacity == {JUDGES: D(12)}


def test_money_without_a_rate_is_named_and_draws_nothing() -> None:
    left = free(ENVELOPE, [Draw(*JUDGES, None, Money(D(5), "PEN"))], same_or_none)

    assert (left.budget, left.unknown) == (Money(D(1000), "EUR"), (Money(D(5), "PEN"),))


def test_a_programme_without_figures_limits_nothing() -> None:
    left = free(Envelope(), [Draw(*JUDGES, D(1000), Money(D(10), "EUR"))], same_or_none)

    assert shortage(free(Envelope(), [], same_or_none), left) is None


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (Draw(*JUDGES, D(21)), "20 judges of training left"),
        (Draw(*JUDGES, None, Money(D(1001), "EUR")), "1000.00 EUR left"),
    ],
)
def test_more_than_there_is_names_what_is_left(draw: Draw, words: str) -> None:
    short = shortage(free(ENVELOPE, [], same_or_none), free(ENVELOPE, [draw], same_or_none))

    assert short is not None
    values = {name: getattr(value, "code", value) for name, value in short.values.items()}
    left = values["left"]
    said = (
        f"{left.amount} {left.currency} left"
        if isinstance(left, Money)
        else f"{left} {values['unit']} of {values['kind']} left"
    )
    assert said == words


amounts = st.decimals(min_value=D("0.01"), max_value=D(2000), places=2)
draws = st.lists(
    st.builds(
        Draw,
        st.just("training"),
        st.just("judges"),
        st.none() | amounts,
        st.none() | st.builds(Money, amounts, st.just("EUR")),
    ),
    max_size=6,
)


@given(draws, draws)
def test_taking_only_what_there_is_never_overdraws(first: list[Draw], more: list[Draw]) -> None:
    taken: list[Draw] = []
    for draw in [*first, *more]:
        if shortage(free(ENVELOPE, taken, same_or_none), free(ENVELOPE, [*taken, draw], same_or_none)) is None:
            taken.append(draw)

    assert not free(ENVELOPE, taken, same_or_none).is_overdrawn


@given(draws)
def test_the_order_of_draws_does_not_matter(taken: list[Draw]) -> None:
    assert free(ENVELOPE, taken, same_or_none) == free(ENVELOPE, taken[::-1], same_or_none)
