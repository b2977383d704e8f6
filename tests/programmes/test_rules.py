"""The law of programmes, without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.programmes import rules

TODAY = date(2026, 11, 23)
YESTERDAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("accepting", "status", "apply_by", "ends_on", "is_open"),
    [
        ("yes", "2", None, None, True),
        ("yes", "1", TODAY, TODAY, True),
        ("yes", "2", YESTERDAY, None, False),
        ("yes", "2", None, YESTERDAY, False),
        ("yes", "3", None, None, False),
        ("yes", "6", None, None, False),
        ("no", "2", TOMORROW, None, False),
        ("unknown", "2", TOMORROW, None, False),
    ],
)
def test_an_offer_is_open_only_while_one_may_ask(
    accepting: str, status: str, apply_by: date | None, ends_on: date | None, is_open: bool
) -> None:
    assert rules.is_open_offer(accepting, status, apply_by, ends_on, TODAY) is is_open


@given(
    st.sampled_from(sorted(rules.ACCEPTING)),
    st.sampled_from(sorted(rules.MOVES)),
    st.sampled_from([None, YESTERDAY, TODAY, TOMORROW]),
    st.sampled_from([None, YESTERDAY, TODAY, TOMORROW]),
)
def test_a_standing_says_offer_exactly_when_it_is_one(
    accepting: str, status: str, apply_by: date | None, ends_on: date | None
) -> None:
    standing = rules.standing(accepting, status, apply_by, ends_on, TODAY)
    assert standing.is_offer is rules.is_open_offer(accepting, status, apply_by, ends_on, TODAY)
    assert str(standing.sentence).startswith("This is an offer") is standing.is_offer


def test_the_reason_names_what_closed_it() -> None:
    passed = rules.standing("yes", "2", YESTERDAY, None, TODAY)
    assert passed.sentence.values["day"] == YESTERDAY
    assert "suspended" in str(rules.standing("no", "6", None, None, TODAY).sentence)
    assert "over" in str(rules.standing("unknown", "4", None, None, TODAY).sentence)
    assert "source does not say" in str(rules.standing("unknown", "2", None, None, TODAY).sentence)


def test_what_is_closed_or_cancelled_stays_so() -> None:
    for status in (rules.CLOSED, rules.CANCELLED):
        assert rules.endings_of(status) == []
        with pytest.raises(rules.MoveRefused):
            rules.check_move(status, rules.IMPLEMENTATION)


def test_a_suspended_programme_can_be_taken_up_again() -> None:
    rules.check_move(rules.SUSPENDED, rules.IMPLEMENTATION)
    assert rules.IMPLEMENTATION in rules.statuses_to_choose(rules.SUSPENDED)


@given(st.sampled_from(sorted(rules.MOVES)))
def test_forms_offer_only_moves_of_the_table(status: str) -> None:
    offered = {*rules.statuses_to_choose(status), *rules.endings_of(status)}
    assert offered <= rules.MOVES[status]


def fields(problems: list[rules.Problem]) -> list[str]:
    return [problem.field for problem in problems]


def test_days_have_to_follow_each_other() -> None:
    assert fields(rules.date_problems(starts_on=TODAY, ends_on=YESTERDAY, apply_by=TODAY)) == ["ends_on", "apply_by"]
    assert rules.date_problems(starts_on=TODAY, ends_on=TODAY, apply_by=TODAY) == []
    assert rules.date_problems(starts_on=None, ends_on=None, apply_by=None) == []


def test_one_cannot_invite_requests_that_cannot_be_made() -> None:
    def asked(status: str, apply_by: date | None) -> list[str]:
        return fields(rules.accepting_problems(accepting="yes", status=status, apply_by=apply_by, today=TODAY))

    assert asked("2", TODAY) == []
    assert asked("2", YESTERDAY) == ["apply_by"]
    assert asked("3", None) == ["accepting"]


def test_an_offer_is_about_something_for_somebody() -> None:
    assert fields(rules.content_problems(themes=[], kinds=[], reach=[])) == ["themes", "offers", "countries"]
    assert rules.content_problems(themes=["customs"], kinds=["training"], reach=["ECOWAS"]) == []


def test_a_number_needs_its_unit_and_a_budget_its_currency() -> None:
    rows = [(Decimal(3), ""), (None, ""), (Decimal(0), "sets")]
    assert fields(rules.offer_problems(rows)) == ["offers-0-unit", "offers-2-quantity"]
    assert fields(rules.money_problems(Decimal(1), "")) == ["currency"]
    assert rules.money_problems(Decimal(1), "EUR") == rules.money_problems(None, "") == []


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "ftp://x.example", "www.x.example", 'https://x"onclick', "https://a b"]
)
def test_no_link_is_drawn_to_what_is_no_web_address(text: str) -> None:
    assert fields(rules.website_problems(text)) == ["website"]


def test_a_web_address_is_taken() -> None:
    assert rules.website_problems("https://aid.example/x?y=1") == []


def test_the_whole_budget_is_in_one_currency_and_revised_ones_stand_instead() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    next_year = (date(2027, 1, 1), date(2027, 12, 31))
    original, revised = ("1", *year, Decimal(10), "EUR"), ("2", *year, Decimal(12), "EUR")
    later = ("1", *next_year, Decimal("5.50"), "EUR")
    assert rules.whole_budget([original, later]) == (Decimal("15.50"), "EUR")
    assert rules.whole_budget([original, revised, later]) == (Decimal("17.50"), "EUR")
    assert rules.whole_budget([original, ("1", *next_year, Decimal(5), "USD")]) is None
    assert rules.whole_budget([("1", None, None, Decimal(5), "")]) is None
    assert rules.whole_budget([]) is None


MONEY = st.decimals(min_value=-1000, max_value=1000, places=2)
ROWS = st.lists(st.tuples(st.sampled_from(["2", "3", "11"]), st.sampled_from(["EUR", "USD", ""]), MONEY))


@given(ROWS)
def test_totals_never_mix_currencies_and_lose_nothing(rows: list[tuple[str, str, Decimal]]) -> None:
    totals = rules.sum_transactions(rows)
    assert len({(t.kind, t.currency) for t in totals}) == len(totals)
    assert sum(t.count for t in totals) == len(rows)
    for total in totals:
        assert total.amount == sum(a for k, c, a in rows if (k, c) == (total.kind, total.currency))


def test_totals_stand_in_the_order_of_the_types() -> None:
    rows = [("11", "EUR", Decimal(1)), ("3", "EUR", Decimal(1)), ("2", "USD", Decimal(1))]
    assert [total.kind for total in rules.sum_transactions(rows)] == ["2", "3", "11"]
