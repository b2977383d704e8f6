"""Nothing is counted twice, and nothing is lost but what is counted elsewhere."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.money import Money
from app.matching.relations.totals import Counted, counted_once

KEYS = [("programme", number) for number in range(1, 9)]
amounts_of_eight = st.lists(st.integers(0, 50_000), min_size=8, max_size=8)
ties_of_eight = st.lists(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), st.sampled_from(["same", "co_fund", "child"])), max_size=12
)


def rows(*cents):
    return [(KEYS[at], at % 3, Money(Decimal(value) / 100, "EUR")) for at, value in enumerate(cents)]


def euros(*amounts):
    return rows(*(100 * amount for amount in amounts))


def why(counted: Counted):
    return {one.key[1]: (one.why, tuple(number for _kind, number in one.because)) for one in counted.set_aside}


def test_without_ties_what_is_reported_counts():
    total = counted_once(euros(10, 20), [])
    assert (total.reported, total.counted, total.set_aside) == (30, 30, ())


def test_what_several_pay_together_counts_once_with_its_largest_amount():
    total = counted_once(euros(10, 30, 20, 5), [(KEYS[0], KEYS[1], "co_fund"), (KEYS[2], KEYS[1], "same")])
    assert (total.reported, total.counted) == (65, 35)
    assert why(total) == {1: ("co_fund", (2,)), 3: ("same", (2,))}


def test_a_tie_reaches_through_a_third():
    total = counted_once(euros(30, 20, 10), [(KEYS[0], KEYS[1], "same"), (KEYS[1], KEYS[2], "co_fund")])
    assert total.counted == 30
    assert why(total) == {2: ("same", (1,)), 3: ("co_fund", (1,))}


def test_parts_are_not_added_to_their_whole():
    total = counted_once(euros(100, 40, 30), [(KEYS[1], KEYS[0], "child"), (KEYS[2], KEYS[0], "child")])
    assert total.counted == 100
    assert why(total) == {2: ("child", (1,)), 3: ("child", (1,))}


def test_parts_that_come_to_more_than_their_whole_count_with_what_they_exceed_it_by():
    total = counted_once(euros(100, 80, 50), [(KEYS[1], KEYS[0], "child"), (KEYS[2], KEYS[0], "child")])
    assert total.counted == 100 + 30
    assert why(total) == {1: ("parent", (2, 3))}


def test_parts_of_parts_are_parts_of_the_whole():
    ties = [(KEYS[2], KEYS[1], "child"), (KEYS[1], KEYS[0], "child")]
    assert counted_once(euros(100, 40, 60), ties).counted == 100
    assert counted_once(euros(100, 40, 160), ties).counted == 160


def test_a_part_of_two_wholes_is_not_added_to_either():
    ties = [(KEYS[0], KEYS[1], "child"), (KEYS[0], KEYS[2], "child")]
    assert counted_once(euros(6, 10, 9), ties).counted == 19
    # The larger whole gives way to its parts, of which one is a part of the smaller whole too.
    total = counted_once(euros(6, 10, 9, 5), [*ties, (KEYS[3], KEYS[1], "child")])
    assert total.counted == 9 + 5
    assert why(total) == {1: ("child", (3,)), 2: ("parent", (1, 4))}


def test_each_a_part_of_the_other_is_one_thing():
    total = counted_once(euros(10, 20), [(KEYS[0], KEYS[1], "child"), (KEYS[1], KEYS[0], "child")])
    assert total.counted == 20


def test_the_whole_of_a_thing_published_twice_is_found_through_either():
    ties = [(KEYS[0], KEYS[1], "same"), (KEYS[2], KEYS[0], "child")]
    total = counted_once(euros(90, 100, 40), ties)
    assert total.counted == 100
    assert why(total) == {1: ("same", (2,)), 3: ("child", (2,))}


def test_a_tie_to_what_is_not_there_means_nothing():
    tie = (KEYS[0], ("programme", 99), "child")
    assert counted_once(euros(10), [tie]) == counted_once(euros(10), [])


@pytest.mark.parametrize(
    "amounts",
    [
        euros(-1),
        [*euros(1), *euros(1)],
        [*euros(1), (KEYS[1], 1, Money(Decimal(1), "USD"))],
    ],
)
def test_what_cannot_be_added_is_refused(amounts):
    with pytest.raises(ValueError, match=r"amount|currencies"):
        counted_once(amounts, [])


@given(amounts_of_eight, ties_of_eight)
def test_never_more_than_reported_and_never_less_than_the_largest(cents, ties):
    total = counted_once(rows(*cents), ties)
    assert 0 <= total.counted <= total.reported == Decimal(sum(cents)) / 100
    assert total.counted >= Decimal(max(cents)) / 100
    assert sum(money.amount for _key, _owner, money in total.kept) == total.counted
    assert {key for key, _owner, _money in total.kept}.isdisjoint(one.key for one in total.set_aside)
    assert len(total.kept) + len(total.set_aside) == len(cents)


@given(amounts_of_eight, ties_of_eight, st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(cents, ties, chance):
    amounts, mixed_ties = rows(*cents), list(ties)
    before = counted_once(amounts, ties)
    chance.shuffle(amounts)
    chance.shuffle(mixed_ties)
    assert counted_once(amounts, mixed_ties) == before
    turned = [
        (other, one, relation) if relation != "child" else (one, other, relation) for one, other, relation in ties
    ]
    assert counted_once(amounts, turned) == before


@given(amounts_of_eight, ties_of_eight)
def test_counting_what_counts_again_changes_nothing(cents, ties):
    once = counted_once(rows(*cents), ties)
    again = counted_once(once.kept, ties)
    assert (again.reported, again.counted, again.kept, again.set_aside) == (once.counted, once.counted, once.kept, ())


@given(amounts_of_eight, ties_of_eight)
def test_each_thing_set_aside_says_beside_what(cents, ties):
    for one in counted_once(rows(*cents), ties).set_aside:
        assert one.because
        assert one.key not in one.because
        assert one.why in {"same", "co_fund", "child", "parent"}


@given(amounts_of_eight)
def test_without_ties_nothing_is_set_aside(cents):
    total = counted_once(rows(*cents), [])
    assert total.reported == total.counted
