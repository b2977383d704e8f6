"""Facts wait oldest first, are tried again with patience, and are given up loudly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.foundation import outbox
from app.foundation.outbox import FACTS, Fact, tell, waiting


@pytest.fixture
def fact():
    @dataclass(frozen=True)
    class LampLit(Fact):
        lamp_id: int

    yield LampLit
    del FACTS["LampLit"]


def test_a_fact_comes_back_as_it_was_told(tx, now, fact):
    tell(tx, fact(3), now)
    tx.flush()
    assert [row.as_fact() for row in waiting(tx, now, 10)] == [fact(3)]


def test_many_facts_come_back_in_their_order_and_after_what_was_told_before(tx, now, fact):
    tell(tx, fact(7), now)
    outbox.tell_all(tx, [fact(number) for number in (5, 3, 9)], now)
    outbox.tell_all(tx, [], now)
    tell(tx, fact(1), now)
    tx.flush()
    rows = waiting(tx, now, 10)
    assert [row.as_fact() for row in rows] == [fact(number) for number in (7, 5, 3, 9, 1)]
    assert {(row.created_at, row.attempts, row.done_at) for row in rows} == {(now, 0, None)}


def test_the_oldest_come_first_and_the_done_no_more(tx, now, fact):
    for number in (1, 2, 3):
        tell(tx, fact(number), now)
    tx.flush()
    first, second = waiting(tx, now, 2)
    assert [row.payload["lamp_id"] for row in (first, second)] == [1, 2]
    outbox.mark_done(tx, [first.id], now)
    assert [row.payload["lamp_id"] for row in waiting(tx, now, 10)] == [2, 3]
    assert outbox.count_waiting(tx) == 2


def test_a_failed_fact_waits_twice_as_long_each_time(tx, now, fact):
    tell(tx, fact(1), now)
    tx.flush()
    (row,) = waiting(tx, now, 1)
    outbox.mark_failed(tx, row.id, "no luck", now)
    assert not waiting(tx, now + timedelta(seconds=1), 1)
    assert waiting(tx, now + timedelta(seconds=2), 1)
    outbox.mark_failed(tx, row.id, "no luck", now)
    assert not waiting(tx, now + timedelta(seconds=3), 1)
    assert waiting(tx, now + timedelta(seconds=4), 1)


def test_a_fact_that_always_fails_is_given_up_and_counted(tx, now, fact):
    tell(tx, fact(1), now)
    tx.flush()
    (row,) = waiting(tx, now, 1)
    for _ in range(outbox.MOST_ATTEMPTS):
        outbox.mark_failed(tx, row.id, "no luck", now)
    assert not waiting(tx, now + timedelta(days=30), 1)
    assert (outbox.count_waiting(tx), outbox.count_given_up(tx)) == (0, 1)


def test_a_reaction_is_noted_once(tx, now, fact):
    tell(tx, fact(1), now)
    tx.flush()
    (row,) = waiting(tx, now, 1)
    assert not outbox.is_done(tx, row.id, "index")
    outbox.mark_reaction(tx, row.id, "index")
    assert outbox.is_done(tx, row.id, "index")
    assert not outbox.is_done(tx, row.id, "match")


def test_a_clock_that_is_put_back_makes_nobody_wait_for_it(tx, now, fact):
    tell(tx, fact(1), now)
    tx.flush()
    (row,) = waiting(tx, now, 1)
    outbox.mark_failed(tx, row.id, "no luck", now)
    assert not waiting(tx, now + timedelta(seconds=1), 1)
    assert waiting(tx, now - timedelta(days=1), 1)
