"""What is guarded counts for all processes together: nobody gets twice as many tries from two hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from limits import parse
from limits.strategies import SlidingWindowCounterRateLimiter
from sqlalchemy import select

from app import create_app
from app.foundation import limit_counts, migrate
from app.foundation.clock import Clock
from app.foundation.db import Database
from app.foundation.limit_counts import CountsInDatabase, RateCount

pytestmark = [pytest.mark.one_engine, pytest.mark.needs_postgresql]

TEN = parse("10 per minute")
TYPED = {"email": "x@y.example", "password": "wrong wrong wrong"}


@pytest.fixture
def hosts(new_database: Callable[[str], Database]) -> Iterator[list[Database]]:
    """One database, reached as two processes reach it."""
    first = new_database("postgresql")
    migrate.upgrade(first)
    both = [first, Database(first.url)]
    yield both
    for database in both:
        database.close()


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The hour that the computer's clock shows, ten seconds after a full minute; it may be moved."""
    shown = [datetime(2027, 3, 31, 12, 0, 10, tzinfo=UTC)]
    monkeypatch.setattr(Clock, "wall", lambda _clock: shown[0])
    return shown


def counts(database: Database, secret: bytes = b"k" * 40) -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(CountsInDatabase(database=lambda: database, secret=secret))


def test_two_processes_count_together(hosts, hour) -> None:
    one, other = (counts(host) for host in hosts)
    assert [each.hit(TEN, "address 203.0.113.1") for each in [one, other] * 6] == [True] * 10 + [False] * 2
    assert other.get_window_stats(TEN, "address 203.0.113.1").remaining == 0
    assert one.hit(TEN, "address 203.0.113.2")


def test_many_at_once_are_counted_one_after_the_other(hosts, hour) -> None:
    tries = [counts(host) for host in hosts] * 20
    with ThreadPoolExecutor(8) as several:
        taken = list(several.map(lambda each: each.hit(TEN, "address 203.0.113.1"), tries))
    assert sum(taken) == 10


def test_what_was_long_ago_does_not_count_and_is_thrown_away(hosts, hour) -> None:
    each = counts(hosts[0])
    assert [each.hit(TEN, "x") for _ in range(11)] == [True] * 10 + [False]
    hour[0] += timedelta(seconds=60)
    # Ten seconds into the next minute five sixths of the last one still count: eight of ten.
    assert [each.hit(TEN, "x") for _ in range(3)] == [True, True, False]
    hour[0] += timedelta(minutes=5)
    assert each.hit(TEN, "y")
    with hosts[0].reading() as tx:
        assert len(tx.scalars(select(RateCount)).all()) == 1


def test_nobody_is_named_in_the_table(hosts, hour) -> None:
    counts(hosts[0]).hit(TEN, "address 203.0.113.1")
    counts(hosts[0], secret=b"another" * 6).hit(TEN, "address 203.0.113.1")
    with hosts[0].reading() as tx:
        keys = [row.key for row in tx.scalars(select(RateCount))]
    assert len(set(keys)) == 2
    assert not any("203" in key and "." in key for key in keys)


def test_the_store_keeps_what_the_library_asks_of_one(hosts, hour) -> None:
    store = CountsInDatabase(database=lambda: hosts[0], secret=b"k" * 40)
    assert (store.incr("a", 60), store.incr("a", 60, 4), store.get("a"), store.check()) == (1, 5, 5, True)
    assert store.get_expiry("a") == hour[0].timestamp() + 60
    store.clear("a")
    assert (store.get("a"), store.incr("b", 60), store.reset(), store.get("b")) == (0, 1, 1, 0)


@pytest.fixture
def open_site(settings) -> Callable[[Database], Flask]:
    """A site in earnest, which counts."""

    def make(host: Database) -> Flask:
        in_earnest = replace(
            settings, rate_limits=True, production=True, smtp_url="smtp://localhost", fixed_now=None,
            audit_key="k" * 40, public_url="https://counterpart.example", database_url=host.url,
        )  # fmt: skip
        return create_app(in_earnest, host)

    return make


def sign_ins(site, number: int) -> list[int]:
    how = {"base_url": "https://counterpart.example"}
    return [site.test_client().post("/sign-in", data=TYPED, **how).status_code for _ in range(number)]


def test_guessing_from_two_hosts_is_slowed_down_as_from_one(hosts, open_site, hour) -> None:
    one, other = (open_site(host) for host in hosts)
    answers = [*sign_ins(one, 12), *sign_ins(other, 12)]
    assert answers == [422] * 20 + [429] * 4


def test_without_the_store_each_process_counts_for_itself(hosts, open_site, monkeypatch) -> None:
    def away(*_anything: object) -> None:
        raise limit_counts.SQLAlchemyError("away")

    site = open_site(hosts[0])
    monkeypatch.setattr(CountsInDatabase, "acquire_sliding_window_entry", away)
    monkeypatch.setattr(CountsInDatabase, "check", lambda _store: False)
    assert sign_ins(site, 21) == [422] * 20 + [429]
