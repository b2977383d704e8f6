"""The published rule of seats: never more than there are, floors kept while somebody fits, ceilings never passed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.nominations.seating import (
    CEILING,
    FLOOR,
    Quota,
    Room,
    Seeker,
    in_order,
    judge,
    missing_of,
    next_up,
    quota_problem,
)

HOUR = datetime(2026, 11, 23, 9, tzinfo=UTC)
WOMEN, SENEGAL, ECOWAS = ("sex", "f"), ("country", "SN"), ("grouping", "ECOWAS")
FOR_WOMEN = Quota(*WOMEN, FLOOR, 2)
FEW_OF_SENEGAL = Quota(*SENEGAL, CEILING, 1)


def seeker(number, *marks, rank=1, hours=0):
    return Seeker(number, frozenset(marks), rank, HOUR + timedelta(hours=hours))


def test_the_last_seat_goes_to_one_and_the_other_is_told_why():
    room, held = Room(1), []
    assert judge(room, held, seeker(1), []).has_seat
    verdict = judge(room, [seeker(1)], seeker(2), [])
    assert (verdict.has_seat, str(verdict.rule)) == (False, "Every seat is given.")


def test_seats_are_kept_for_a_floor_until_registration_closes():
    held = [seeker(1)]
    assert not judge(Room(3, (FOR_WOMEN,)), held, seeker(2), []).has_seat
    assert judge(Room(3, (FOR_WOMEN,)), held, seeker(2, WOMEN), []).has_seat
    assert judge(Room(3, (FOR_WOMEN,), is_closed=True), held, seeker(2), []).has_seat


def test_after_registration_a_floor_keeps_seats_for_those_who_wait_and_fit():
    room, woman = Room(2, (FOR_WOMEN,), is_closed=True), seeker(3, WOMEN)
    assert not judge(room, [seeker(1)], seeker(2), [woman]).has_seat
    barred = Room(2, (FOR_WOMEN, Quota(*SENEGAL, CEILING, 0)), is_closed=True)
    assert judge(barred, [seeker(1)], seeker(2), [seeker(3, WOMEN, SENEGAL)]).has_seat


def test_a_ceiling_is_named_to_whom_it_stops():
    verdict = judge(Room(5, (FEW_OF_SENEGAL,)), [seeker(1, SENEGAL)], seeker(2, SENEGAL), [])
    assert str(verdict.rule) == "The ceiling is reached: at most 1 for SN."


def test_the_order_is_quota_then_rank_then_time():
    room = Room(4, (Quota(*WOMEN, FLOOR, 1),))
    waiting = [
        seeker(1, rank=1, hours=0),
        seeker(2, rank=2, hours=-9),
        seeker(3, WOMEN, rank=9, hours=5),
        seeker(4, rank=1, hours=-1),
    ]
    assert [one.number for one in in_order(room, [], waiting)] == [3, 4, 1, 2]


def test_nobody_is_next_where_nobody_may():
    assert next_up(Room(1, (FEW_OF_SENEGAL,)), [seeker(1, SENEGAL)], [seeker(2, SENEGAL)]) is None
    assert (
        next_up(Room(2, (FEW_OF_SENEGAL,)), [seeker(1, SENEGAL)], [seeker(2, SENEGAL), seeker(3, rank=7)])[0].number
        == 3
    )


@pytest.mark.parametrize(
    ("quotas", "words"),
    [
        ([Quota(*WOMEN, FLOOR, 3), Quota(*SENEGAL, FLOOR, 3)], "The floors together keep 6 seats, and there are 5."),
        ([Quota(*WOMEN, FLOOR, 1), Quota(*WOMEN, FLOOR, 2)], "Two quotas are about the same people."),
        ([Quota(*WOMEN, FLOOR, 2), Quota(*WOMEN, CEILING, 1)], "A floor is above the ceiling"),
    ],
)
def test_quotas_that_do_not_go_together_are_named(quotas, words):
    assert str(quota_problem(quotas, 5)).startswith(words)
    assert quota_problem([FOR_WOMEN, FEW_OF_SENEGAL], 5) is None


MARKS = st.frozensets(st.sampled_from([WOMEN, SENEGAL, ECOWAS]))
QUOTAS = st.lists(
    st.builds(lambda mark, bound, seats: Quota(*mark, bound, seats), st.sampled_from([WOMEN, SENEGAL, ECOWAS]),
              st.sampled_from([FLOOR, CEILING]), st.integers(0, 4)), max_size=3,
).map(tuple)  # fmt: skip
PEOPLE = st.lists(st.tuples(MARKS, st.integers(1, 4), st.integers(-5, 5)), max_size=14)


@given(st.integers(1, 8), QUOTAS, PEOPLE, st.booleans())
def test_whatever_comes_seats_floors_ceilings_and_the_order_hold(seats, quotas, people, is_closed):
    if quota_problem(quotas, seats) is not None:
        return
    room = Room(seats, quotas, is_closed)
    waiting = [seeker(number, *marks, rank=rank, hours=hours) for number, (marks, rank, hours) in enumerate(people)]
    held = []
    while (found := next_up(room, held, waiting)) is not None:
        one, verdict = found
        may = [other for other in waiting if judge(room, held, other, waiting).has_seat]
        assert one == min(may, key=lambda other: order_by_hand(room, held, waiting, other))
        assert verdict.has_seat
        held.append(one)
        waiting.remove(one)
    assert len(held) <= seats
    for quota in quotas:
        count = sum(quota.mark in one.marks for one in held)
        if quota.bound == CEILING:
            assert count <= quota.seats
        fitting = [one for one in waiting if quota.mark in one.marks and not passes_ceiling(quotas, held, one)]
        if quota.bound == FLOOR and fitting and len(held) == seats:
            # Every seat is given, and somebody who would fill the floor waits: then it is filled.
            assert count >= quota.seats
    if not is_closed:
        assert seats - len(held) >= sum(missing_of(room, held, waiting).values())


def order_by_hand(room, held, waiting, one):
    short = [
        q
        for q in room.of(FLOOR)
        if q in missing_of(room, held, [w for w in waiting if w != one]) and q.mark in one.marks
    ]
    return (not short, one.rank, one.since, one.number)


def passes_ceiling(quotas, held, one):
    return any(
        q.bound == CEILING and q.mark in one.marks and sum(q.mark in h.marks for h in held) >= q.seats for q in quotas
    )
