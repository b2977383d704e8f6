"""The ribbons are as wide as the sums: nothing appears or vanishes between a donor and a country."""

import itertools
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.overview.flows.rules import COLUMNS, GAP, OTHERS, SLOT, TALLEST, drawn, gathered, sums_by

CODES = st.sampled_from([f"c{number}" for number in range(14)])
AMOUNTS = st.integers(0, 10**11).map(lambda cents: Decimal(cents) / 100)
FLOWS = st.lists(st.tuples(st.tuples(CODES, CODES, CODES), AMOUNTS), max_size=40)


def flow(donor, theme, place, amount):
    return (donor, theme, place), Decimal(amount)


FEW = [flow("1", "borders", "SN", 60), flow("1", "justice", "SN", 20), flow("2", "borders", "CV", 20)]


def test_each_column_has_the_whole():
    picture = drawn(FEW)
    assert picture.total == 100
    for column in COLUMNS:
        assert sum(bar.height for bar in picture.bars_in(column)) == pytest.approx(TALLEST)
    assert [(bar.code, bar.amount) for bar in picture.bars_in(0)] == [("1", 80), ("2", 20)]
    assert {(ribbon.begin, ribbon.end): ribbon.amount for ribbon in picture.ribbons} == {
        ("1", "borders"): 60, ("1", "justice"): 20, ("2", "borders"): 20,
        ("borders", "SN"): 60, ("borders", "CV"): 20, ("justice", "SN"): 20,
    }  # fmt: skip


def test_a_ribbon_is_a_closed_shape_of_its_height():
    ribbon = drawn([flow("1", "borders", "SN", 1)]).ribbons[0]
    assert re.fullmatch(r"M\S+ \S+C.+v420C.+z", ribbon.path)


def test_the_smallest_are_gathered_and_stand_last():
    flows = [flow(str(number), "borders", "SN", 100 - number) for number in range(12)]
    merged, small = gathered(flows, 8)
    assert small[0] == ("8", "9", "10", "11")
    assert sums_by(merged, 0)[OTHERS] == 92 + 91 + 90 + 89
    bars = drawn(flows, 8).bars_in(0)
    assert (bars[-1].code, bars[-1].gathered) == (OTHERS, ("8", "9", "10", "11"))


def test_a_single_small_one_keeps_its_name():
    flows = [flow(str(number), "borders", "SN", 1) for number in range(9)]
    assert OTHERS not in sums_by(gathered(flows, 8)[0], 0)


def test_nothing_makes_no_picture():
    assert drawn([]).bars == drawn([flow("1", "borders", "SN", 0)]).bars == []
    assert drawn([]).height == 0


@given(FLOWS)
def test_the_sums_are_kept_at_every_bar(flows):
    picture = drawn(flows)
    assert picture.total == sum((amount for _codes, amount in flows), Decimal(0))
    for bar in picture.bars:
        leaving = [r for r in picture.ribbons if (r.column, r.begin) == (bar.column, bar.code)]
        arriving = [r for r in picture.ribbons if (r.column + 1, r.end) == (bar.column, bar.code)]
        for side in (leaving, arriving):
            if side:
                assert sum(ribbon.amount for ribbon in side) == bar.amount
                assert sum(ribbon.height for ribbon in side) == pytest.approx(bar.height)
        assert leaving or bar.column == 2
        assert arriving or bar.column == 0


@given(FLOWS)
def test_nothing_is_negative_and_everything_is_in_the_picture(flows):
    picture = drawn(flows)
    assert all(bar.height >= 0 and bar.y >= -1e-6 for bar in picture.bars)
    assert all(bar.y + bar.height <= picture.height + 0.1 for bar in picture.bars)
    assert all(ribbon.height >= 0 and ribbon.amount > 0 for ribbon in picture.ribbons)


@given(FLOWS)
def test_bars_do_not_overlap_and_leave_room_for_their_words(flows):
    picture = drawn(flows)
    for column in COLUMNS:
        bars = picture.bars_in(column)
        for above, below in itertools.pairwise(bars):
            assert above.y + above.height <= below.y + 1e-6
            assert below.middle - above.middle >= SLOT + GAP - 0.11


@given(FLOWS, st.integers(1, 10))
def test_gathering_keeps_every_sum(flows, most):
    merged, small = gathered(flows, most)
    for column in COLUMNS:
        before, after = sums_by(flows, column), sums_by(merged, column)
        assert sum(after.values()) == sum(before.values())
        assert len(after) <= most + 1
        assert after.get(OTHERS, 0) == sum(before[code] for code in small[column])


@given(FLOWS, st.randoms(use_true_random=False))
def test_the_order_of_what_flows_makes_no_difference(flows, chance):
    mixed = list(flows)
    chance.shuffle(mixed)
    assert drawn(mixed) == drawn(flows)
