"""Several workers on one PostgreSQL: a fact is taken by one, a dead one's by the next, side tasks are one's alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Barrier, Event, Lock, Thread
from types import SimpleNamespace

import pytest
from sqlalchemy import make_url, select, text

from app.foundation import migrate, outbox
from app.foundation.clock import Clock
from app.foundation.db import Database
from app.foundation.outbox import FACTS, Fact, tell
from app.foundation.postgres import Waker
from app.foundation.worker import Reactions, run, work_off
from tests.house import wait_until
from tests.running import ROOT

pytestmark = [pytest.mark.one_engine, pytest.mark.needs_postgresql]


@pytest.fixture
def fact() -> Iterator[type[Fact]]:
    @dataclass(frozen=True)
    class BellRung(Fact):
        bell_id: int

    yield BellRung
    del FACTS["BellRung"]


@pytest.fixture
def open_database(new_database: Callable[[str], Database]) -> Iterator[Callable[[], Database]]:
    """Connects as one more process would."""
    made = [new_database("postgresql")]
    migrate.upgrade(made[0])

    def connect() -> Database:
        made.append(Database(made[0].url))
        return made[-1]

    yield connect
    for database in made:
        database.close()


def site_on(database: Database) -> SimpleNamespace:
    return SimpleNamespace(database=database, clock=Clock())


def test_each_fact_is_taken_by_one_of_several_workers(open_database, fact) -> None:
    database, seen, lock, both = open_database(), Counter(), Lock(), Barrier(4, timeout=30)
    with database.transaction() as tx:
        for number in range(200):
            tell(tx, fact(number), Clock().now())

    def react(_site, facts):
        with lock:
            seen.update(one.bell_id for one in facts)
        # So long that the others come while these are taken.
        time.sleep(0.2)
        return lambda _tx: None

    reactions = Reactions({fact: ("ring",)}, {"ring": react})
    counts: list[int] = []

    def work() -> None:
        own = open_database()
        both.wait()
        while count := work_off(site_on(own), reactions, 20):
            counts.append(count)

    threads = [Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) == set(range(200))
    assert set(seen.values()) == {1}
    assert sum(counts) == 200
    with database.reading() as tx:
        assert outbox.count_waiting(tx) == 0


def test_a_fact_whose_reaction_fails_waits_and_the_others_are_done(open_database, fact) -> None:
    database = open_database()
    with database.transaction() as tx:
        for number in range(3):
            tell(tx, fact(number), Clock().now())

    def react(_site, facts):
        if any(one.bell_id == 1 for one in facts):
            raise RuntimeError("cracked")
        return lambda _tx: None

    assert work_off(site_on(database), Reactions({fact: ("ring",)}, {"ring": react})) == 3
    with database.reading() as tx:
        (row,) = tx.scalars(select(outbox.OutboxRow).where(outbox.OutboxRow.done_at.is_(None)))
        assert (row.payload, row.attempts, row.last_error) == ({"bell_id": 1}, 1, "ring: RuntimeError('cracked')")


TAKES_AND_HANGS = """
import sys, time
from datetime import UTC, datetime
from app.foundation import outbox
from app.foundation.db import Database
class BellRung(outbox.Fact): pass
with outbox.taking(Database(sys.argv[1]), lambda: datetime.now(UTC), 10) as taken:
    print(len(taken.rows), flush=True)
    time.sleep(600)
"""


def test_what_a_killed_worker_had_taken_is_there_for_the_next(open_database, fact) -> None:
    database = open_database()
    with database.transaction() as tx:
        tell(tx, fact(1), Clock().now())
    reactions = Reactions({fact: ("ring",)}, {"ring": lambda _site, _facts: lambda _tx: None})
    command = [sys.executable, "-c", TAKES_AND_HANGS, database.url]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ}, stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "1\n"
            assert work_off(site_on(database), reactions) == 0
        finally:
            other.kill()
    wait_until(lambda: work_off(site_on(database), reactions) == 1)
    assert work_off(site_on(database), reactions) == 0


def test_side_tasks_are_done_by_one_at_a_time(open_database) -> None:
    one, other = open_database(), open_database()
    with one.working_alone() as first, other.working_alone() as second:
        assert (first, second) == (True, False)
    with other.working_alone() as again:
        assert again


def test_a_waiting_worker_is_woken_by_a_commit_and_by_nothing_before(open_database, fact) -> None:
    database, waited = open_database(), []
    waker = Waker(database.url)
    waker.wait(0.01)

    def wait() -> None:
        began = time.monotonic()
        waker.wait(20)
        waited.append(time.monotonic() - began)

    thread = Thread(target=wait)
    thread.start()
    with database.transaction() as tx:
        tell(tx, fact(1), Clock().now())
        tx.flush()
        time.sleep(0.5)
        assert thread.is_alive()
    thread.join(10)
    assert 0.4 < waited[0] < 10
    waker.close()


def test_a_worker_hears_of_a_fact_though_its_connection_was_cut(open_database, fact) -> None:
    database, rung, stop = open_database(), Event(), Event()

    def react(_site, _facts):
        rung.set()
        return lambda _tx: None

    reactions = Reactions({fact: ("ring",)}, {"ring": react})
    thread = Thread(target=run, args=(site_on(open_database()), reactions, lambda: not stop.is_set()))
    thread.start()
    try:
        for number in range(2):
            with database.transaction() as tx:
                tell(tx, fact(number), Clock().now())
            assert rung.wait(20)
            rung.clear()
            with database.transaction() as tx:
                tx.execute(CUT_LISTENERS)
    finally:
        stop.set()
        thread.join()


CUT_LISTENERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()"
)


def test_the_server_asks_whether_a_worker_is_there(new_database) -> None:
    # What a worker has taken is held until the server knows that its machine has vanished: not for two hours.
    database = new_database("postgresql")
    with database.reading() as tx:
        assert tx.scalar(text("SELECT current_setting('tcp_keepalives_idle')")) is not None
        told = str(tx.connection().connection.dbapi_connection.info.get_parameters()["options"])
    assert "tcp_keepalives_idle=10" in told
    assert "statement_timeout" not in told


def test_a_worker_listens_where_the_address_names_two_servers(open_database, fact) -> None:
    database = open_database()
    host = make_url(database.url).query["host"]
    waker = Waker(f"{database.url.partition('?')[0]}?host={host}:5432&host={host}:5432&target_session_attrs=read-write")
    waker.wait(0.01)
    with database.transaction() as tx:
        tell(tx, fact(1), Clock().now())
    began = time.monotonic()
    waker.wait(20)
    assert time.monotonic() - began < 10
    waker.close()
