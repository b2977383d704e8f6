"""How pledges stand in a portfolio, and their sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.money import Money
from app.pledges.portfolio.rules import STATES, Standing, state_of, sums, warnings_of
from app.pledges.rules import MOVES

TODAY = date(2026, 11, 23)
statuses = st.sampled_from(sorted(MOVES))
monies = st.builds(Money, st.decimals(min_value=1, max_value=500, places=2), st.sampled_from(["EUR", "XOF", "USD"]))
standings = st.builds(
    Standing, statuses, st.booleans(), st.lists(monies, max_size=3).map(tuple), st.lists(monies, max_size=2).map(tuple)
)


@pytest.mark.parametrize(
    ("status", "is_accepted", "state"),
    [
        ("interest", False, "waiting"), ("pledged", False, "waiting"), ("pledged", True, "pledged"),
        ("committed", True, "committed"), ("delivering", True, "committed"), ("delivered", True, "delivered"),
        ("withdrawn", True, "ended"), ("declined", False, "ended"), ("lapsed", False, "ended"),
    ],
)  # fmt: skip
def test_every_pledge_has_one_state(status: str, is_accepted: bool, state: str) -> None:
    assert state_of(Standing(status, is_accepted)) == state


def test_what_is_late_about_to_lapse_or_in_dispute_is_warned_of() -> None:
    committed = Standing("committed", True)
    assert warnings_of(committed, TODAY) == ()
    assert warnings_of(replace(committed, due_on=date(2026, 11, 22)), TODAY) == ("overdue",)
    assert warnings_of(replace(committed, overdue=(Money(Decimal(5), "EUR"),)), TODAY) == ("overdue",)
    assert warnings_of(replace(committed, expires_on=date(2026, 12, 23)), TODAY) == ("expiring",)
    assert warnings_of(replace(committed, expires_on=date(2026, 12, 24)), TODAY) == ()
    assert warnings_of(replace(committed, is_disputed=True), TODAY) == ("disputed",)
    assert warnings_of(Standing("withdrawn", True, due_on=date(2026, 1, 1)), TODAY) == ()


@given(st.lists(standings, max_size=8))
def test_the_states_hold_every_pledge_once_and_no_money_is_lost(rows: list[Standing]) -> None:
    found = sums(rows, TODAY)

    assert sum(found[name].count for name in STATES) == len(rows)
    for currency in ("EUR", "XOF", "USD"):
        said = sum(money.amount for name in STATES for money in found[name].money if money.currency == currency)
        counted = [row.arrived if state_of(row) == "delivered" else row.promised for row in rows]
        assert said == sum(money.amount for part in counted for money in part if money.currency == currency)
