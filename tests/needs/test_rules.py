from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.needs import rules

TODAY = date(2026, 11, 23)
QUANTITIES = st.decimals(0, 1000, places=2)


@pytest.mark.parametrize("ended", ["closed", "withdrawn"])
def test_an_ended_need_goes_nowhere(ended):
    assert rules.MOVES[ended] == frozenset()
    with pytest.raises(rules.MoveRefused) as refusal:
        rules.check_move(ended, ended)
    assert (refusal.value.status, refusal.value.wanted) == (ended, ended)


def test_every_move_leads_to_a_status_that_exists_and_has_a_name():
    assert {wanted for moves in rules.MOVES.values() for wanted in moves} <= set(rules.MOVES)
    assert set(rules.MOVES) == set(rules.STATUS_NAMES)
    assert {status for status, moves in rules.MOVES.items() if not moves} == rules.ENDED


def test_an_unknown_status_moves_nowhere():
    with pytest.raises(rules.MoveRefused):
        rules.check_move("lost", "posted")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([], "posted"),
        ([(20, 0)], "posted"),
        ([(20, 5), (2, 0)], "partly_met"),
        ([(20, 20), (2, 0)], "partly_met"),
        ([(20, 20), (2, 3)], "met"),
    ],
)
def test_the_status_follows_from_what_was_delivered(lines, status):
    assert rules.status_from_lines([(Decimal(needed), Decimal(done)) for needed, done in lines]) == status


@given(st.lists(st.tuples(QUANTITIES.filter(bool), QUANTITIES), min_size=1))
def test_more_delivered_never_makes_a_need_less_met(lines):
    order = ["posted", "partly_met", "met"]
    more = [(needed, done + 1) for needed, done in lines]
    assert order.index(rules.status_from_lines(more)) >= order.index(rules.status_from_lines(lines))


@pytest.mark.parametrize(
    ("days", "fields"),
    [
        ((None, None, None), []),
        ((date(2027, 1, 1), date(2027, 6, 1), date(2027, 3, 1)), []),
        ((date(2027, 6, 1), date(2027, 1, 1), None), ["ends_on"]),
        ((None, date(2026, 11, 22), None), ["ends_on"]),
        ((None, date(2027, 1, 1), date(2027, 2, 1)), ["offers_due_on"]),
        ((None, None, date(2026, 11, 22)), ["offers_due_on"]),
    ],
)
def test_days_have_to_fit_together(days, fields):
    problems = rules.date_problems(
        **dict(zip(("starts_on", "ends_on", "offers_due_on"), days, strict=True)), today=TODAY
    )
    assert [problem.field for problem in problems] == fields


def test_a_day_that_has_passed_since_does_not_stop_another_amendment():
    before = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1), "offers_due_on": date(2026, 6, 1)}
    assert rules.new_date_problems(TODAY, before, before) == []


def test_an_amended_day_has_to_be_one_that_can_be_met():
    before = {"starts_on": None, "ends_on": date(2027, 1, 1), "offers_due_on": date(2026, 6, 1)}
    problems = rules.new_date_problems(TODAY, before, before | {"offers_due_on": date(2026, 7, 1)})
    assert [problem.field for problem in problems] == ["offers_due_on"]


def test_an_amendment_cannot_put_the_end_before_the_start():
    before = {"starts_on": None, "ends_on": date(2026, 5, 1), "offers_due_on": None}
    problems = rules.new_date_problems(TODAY, before, before | {"starts_on": date(2026, 9, 1)})
    assert [problem.field for problem in problems] == ["ends_on"]


@pytest.mark.parametrize(
    ("people", "is_wrong"),
    [
        ((40, 12, 28), False),
        ((40, None, None), False),
        ((40, 30, 20), True),
        ((None, 30, 20), False),
        ((0, 1, None), True),
    ],
)
def test_women_and_men_are_not_more_than_all(people, is_wrong):
    assert bool(rules.people_problems(*people)) is is_wrong


def test_the_office_is_watched_where_a_record_was_not_written_for_it():
    assert rules.is_watched("own", 1, frozenset({9}))
    assert rules.is_watched("named", 1, frozenset({9}))
    assert not rules.is_watched("members", 1, frozenset({9}))
    assert not rules.is_watched("own", 1, frozenset({1, 9}))
