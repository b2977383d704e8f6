"""The law of work in the background, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs import rules

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize("end", sorted(rules.ENDS))
@pytest.mark.parametrize("to", list(rules.MOVES))
def test_nothing_follows_an_end(end, to):
    with pytest.raises(rules.MoveRefused):
        rules.check_move(end, to)


def test_every_state_has_a_name_and_a_colour():
    assert set(rules.NAMES) == set(rules.COLOURS) == set(rules.MOVES)


@given(st.integers(0, 600))
def test_a_program_is_taken_for_dead_after_ninety_seconds_of_silence(seconds):
    assert rules.is_lost(rules.RUNNING, NOW - timedelta(seconds=seconds), NOW) is (seconds > 90)
    assert not rules.is_lost(rules.WAITING, NOW - timedelta(seconds=seconds), NOW)


def test_work_is_tried_three_times():
    assert [rules.may_try_again(tries) for tries in range(5)] == [True, True, True, False, False]


SETS = st.frozensets(st.integers(1, 6))


@given(made_with=SETS, proven=SETS, now_in=SETS, now_proven=SETS)
def test_whoever_has_lost_a_place_has_no_right_to_what_was_made_with_it(made_with, proven, now_in, now_proven):
    rights = {"organisations": sorted(made_with), "verified": sorted(proven)}
    assert rules.holds_rights(rights, now_in, now_proven) is (not made_with - now_in and not proven - now_proven)
