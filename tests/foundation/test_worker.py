"""The worker lets each reaction do its part once, and one that fails holds up neither the others nor later facts."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from app.foundation import outbox, worker
from app.foundation.outbox import FACTS, Fact, tell
from app.foundation.worker import Reactions, work_off


@pytest.fixture
def fact():
    @dataclass(frozen=True)
    class LampLit(Fact):
        lamp_id: int

    yield LampLit
    del FACTS["LampLit"]


@pytest.fixture
def site(database, clock):
    return SimpleNamespace(database=database, clock=clock)


@pytest.fixture
def lamps(tx, now, fact):
    for number in (1, 2, 3):
        tell(tx, fact(number), now)
    tx.flush()
    return fact


def noting(seen, name, breaks_on=()):
    def react(_site, facts):
        if any(fact.lamp_id in breaks_on for fact in facts):
            raise RuntimeError(f"{name} broke")
        seen.extend((name, fact.lamp_id) for fact in facts)
        return lambda _tx: None

    return react


def test_every_reaction_does_its_part_once(site, lamps):
    seen = []
    reactions = Reactions({lamps: ("a", "b")}, {"a": noting(seen, "a"), "b": noting(seen, "b")})
    assert work_off(site, reactions) == 3
    assert seen == [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2), ("b", 3)]
    assert work_off(site, reactions) == 0


def test_told_to_stop_it_leaves_the_rest_to_the_next_one(site, lamps, monkeypatch):
    seen = []
    monkeypatch.setattr(worker, "FIRST_PART", 2)
    reactions = Reactions({lamps: ("a", "b")}, {"a": noting(seen, "a"), "b": noting(seen, "b")})
    work_off(site, reactions, goes_on=lambda: len(seen) < 2)
    assert seen == [("a", 1), ("a", 2)]
    assert work_off(site, reactions) == 3
    assert seen == [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2), ("b", 3)]
    assert work_off(site, reactions) == 0


def test_parts_become_smaller_where_a_reaction_takes_long(site, lamps, monkeypatch):
    parts = []

    def react(_site, facts):
        parts.append(len(facts))
        return lambda _tx: None

    monkeypatch.setattr(worker, "FIRST_PART", 2)
    monkeypatch.setattr(worker, "SHORT", -2.0)
    monkeypatch.setattr(worker, "LONG", -1.0)
    work_off(site, Reactions({lamps: ("a",)}, {"a": react}))
    assert parts == [2, 1]


def test_facts_that_only_newer_code_knows_wait_for_it(site, lamps, tx, now):
    tx.add(outbox.OutboxRow(fact="LampInvented", payload={"lamp_id": 4}, created_at=now))
    tx.flush()
    seen = []
    reactions = Reactions({lamps: ("a",)}, {"a": noting(seen, "a")})
    assert work_off(site, reactions) == 3
    assert work_off(site, reactions) == 0
    assert outbox.count_waiting(tx) == 1


def test_a_fact_that_breaks_a_reaction_waits_alone(site, lamps, clock):
    seen = []
    broken = Reactions({lamps: ("a", "b")}, {"a": noting(seen, "a", breaks_on={2}), "b": noting(seen, "b")})
    work_off(site, broken)
    assert seen == [("a", 1), ("a", 3), ("b", 1), ("b", 3)]
    clock.move(seconds=3)
    mended = Reactions({lamps: ("a", "b")}, {"a": noting(seen, "a"), "b": noting(seen, "b")})
    assert work_off(site, mended) == 1
    assert seen[4:] == [("a", 2), ("b", 2)]


def test_what_was_done_before_a_later_reaction_broke_is_not_done_again(site, lamps, clock):
    seen = []
    broken = noting(seen, "b", breaks_on={1, 2, 3})
    work_off(site, Reactions({lamps: ("a", "b")}, {"a": noting(seen, "a"), "b": broken}))
    clock.move(seconds=3)
    work_off(site, Reactions({lamps: ("a", "b")}, {"a": noting(seen, "a"), "b": noting(seen, "b")}))
    assert [name for name, _lamp in seen].count("a") == 3
    assert [name for name, _lamp in seen].count("b") == 3


def test_nothing_of_a_reaction_stays_that_dies_while_writing(site, lamps, tx, world):
    def react(_site, _facts):
        def write(writing):
            world.tx = writing
            world.organisation(name="half written")
            raise KeyboardInterrupt

        return write

    with pytest.raises(KeyboardInterrupt):
        work_off(site, Reactions({lamps: ("a",)}, {"a": react}))
    assert outbox.count_waiting(tx) == 3
    seen = []
    assert work_off(site, Reactions({lamps: ("a",)}, {"a": noting(seen, "a")})) == 3
    assert len(seen) == 3


def test_what_is_to_be_done_besides_follows_work_at_once_and_is_else_looked_at_now_and_then(site, lamps, monkeypatch):
    monkeypatch.setattr(worker, "BETWEEN_LOOKS", 3600)
    monkeypatch.setattr(worker, "PAUSE", 0)
    monkeypatch.setattr(worker, "LISTENS", 0)
    seen = []
    reactions = Reactions({lamps: ("a",)}, {"a": noting(seen, "a")}, idle=(lambda _site: seen.append("besides"),))
    rounds = iter(range(10))
    worker.run(site, reactions, lambda: next(rounds, None) is not None)
    assert seen[:4] == [("a", 1), ("a", 2), ("a", 3), "besides"]
    assert seen[4:] == []


def test_a_database_that_is_gone_for_a_while_is_waited_for(site, lamps, monkeypatch):
    monkeypatch.setattr(worker, "SHORTEST_REST", 0)
    monkeypatch.setattr(worker, "LISTENS", 0)
    monkeypatch.setattr(worker, "BETWEEN_LOOKS", 0)
    gone = iter([True, True, False, True])
    seen = []

    def besides(_site):
        seen.append("asked")
        if next(gone, False):
            raise sqlite_error(sqlite3.SQLITE_BUSY)

    reactions = Reactions({lamps: ("a",)}, {"a": noting([], "a")}, idle=(besides,))
    worker.run(site, reactions, lambda: len(seen) < 5)
    assert seen == ["asked"] * 5


def test_what_will_not_pass_ends_it(site, lamps, monkeypatch):
    monkeypatch.setattr(worker, "BETWEEN_LOOKS", 0)

    def besides(_site):
        raise sqlite_error(sqlite3.SQLITE_CORRUPT)

    with pytest.raises(OperationalError):
        worker.run(site, Reactions({lamps: ("a",)}, {"a": noting([], "a")}, idle=(besides,)), lambda: True)


def sqlite_error(code):
    cause = sqlite3.OperationalError("somebody else's words")
    cause.sqlite_errorcode, cause.sqlite_errorname = code, "SQLITE"
    return OperationalError("SELECT", {}, cause)
