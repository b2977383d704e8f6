"""Planned payments fit what is promised, and are overdue once their day has passed without the money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.foundation.money import Money
from app.pledges.tranches import Planned, overdue, problem_in

D = Decimal
EUROS = [Money(D(600), "EUR"), Money(D(400), "EUR")]
MAY, JUNE = date(2027, 5, 1), date(2027, 6, 1)


def planned(*amounts: int, currency: str = "EUR") -> list[Planned]:
    return [Planned(day, Money(D(amount), currency)) for day, amount in zip((MAY, JUNE), amounts, strict=False)]


def test_tranches_come_to_what_is_promised() -> None:
    assert problem_in(planned(700, 300), EUROS) is None
    assert problem_in([], EUROS) is None


def test_another_sum_is_named_with_both_figures() -> None:
    problem = problem_in(planned(700), EUROS)

    assert problem is not None
    assert problem.values == {"sum": Money(D(700), "EUR"), "promised": Money(D(1000), "EUR")}


def test_a_currency_that_is_not_promised_is_named() -> None:
    problem = problem_in(planned(700, currency="XOF"), EUROS)

    assert problem is not None
    assert problem.values == {"currency": "XOF"}


def test_what_is_due_and_has_not_come_is_overdue() -> None:
    both = planned(700, 300)

    assert overdue(both, [], MAY) == []
    assert overdue(both, [], date(2027, 5, 2)) == [Money(D(700), "EUR")]
    assert overdue(both, [Money(D(650), "EUR")], date(2027, 5, 2)) == [Money(D(50), "EUR")]
    assert overdue(both, [Money(D(1000), "EUR")], date(2028, 1, 1)) == []
