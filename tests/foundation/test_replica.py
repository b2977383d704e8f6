"""A copy to read from: lists come from it while it is young, one's own changes are seen at once, and it may go away."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, select, text

from app.application import build
from app.config import Settings
from app.foundation import migrate
from app.foundation.db import Database
from app.foundation.postgres import position_of
from app.foundation.replica import BETWEEN_SAMPLES
from tests.faults.postgres import Cluster, pair
from tests.house import wait_until
from tests.servers import DEBIAN, NO_SERVER

pytestmark = [
    pytest.mark.slow, pytest.mark.one_engine, pytest.mark.needs_postgresql,
    pytest.mark.skipif(
        not list(DEBIAN.glob("*/bin")) or os.geteuid() != 0,
        reason=f"{NO_SERVER}: for this it has to be Debian's, and to be started by root",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def two() -> Iterator[tuple[Cluster, Cluster]]:
    with pair(waits=False) as (primary, standby):
        primary.ask("CREATE DATABASE copied")
        database = Database(primary.url("copied"))
        migrate.upgrade(database)
        database.close()
        yield primary, standby


@pytest.fixture
def database(two: tuple[Cluster, Cluster]) -> Iterator[Database]:
    primary, standby = two
    made = Database(primary.url("copied"), standby.url("copied"))
    try:
        wait_until(lambda: is_served(made), 30)
        yield made
    finally:
        made.close()


def is_served(database: Database, written: int = 0) -> bool:
    assert database.replica is not None
    return database.replica.serves(written)


def is_copy(tx) -> bool:
    return bool(tx.scalar(select(text("pg_is_in_recovery()"))))


@contextmanager
def paused(standby: Cluster) -> Iterator[None]:
    """The copy learns nothing new meanwhile."""
    database = Database(standby.url("copied"))
    try:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT pg_wal_replay_pause()"))
            yield
            connection.execute(text("SELECT pg_wal_replay_resume()"))
    finally:
        database.close()


def write(database: Database) -> int:
    """Change something, and tell up to where the log goes."""
    with database.transaction() as tx:
        tx.execute(text("SELECT pg_logical_emit_message(true, 'test', repeat('x', 100))"))
        tx.execute(text("CREATE TABLE IF NOT EXISTS scratch (n int)"))
        tx.execute(text("INSERT INTO scratch VALUES (1)"))
    return position_of(database.engine)


def test_what_may_be_behind_is_read_from_the_copy_and_the_rest_from_the_truth(database: Database) -> None:
    with database.reading_behind() as tx:
        assert is_copy(tx)
    with database.reading() as tx:
        assert not is_copy(tx)


def test_who_has_changed_something_reads_from_the_copy_once_it_has_that(database: Database, two) -> None:
    with paused(two[1]):
        written = write(database)
        with database.reading_behind(written) as tx:
            assert not is_copy(tx)
    wait_until(lambda: is_served(database, written))
    with database.reading_behind(written) as tx:
        assert is_copy(tx)
        assert tx.scalar(text("SELECT count(*) FROM scratch"))


def test_a_copy_that_is_more_than_two_looks_behind_is_not_read_by_anybody(database: Database, two) -> None:
    with paused(two[1]):
        write(database)
        until = time.monotonic() + 20
        while is_served(database):
            assert time.monotonic() < until
            time.sleep(BETWEEN_SAMPLES / 4)
        with database.reading_behind() as tx:
            assert not is_copy(tx)
    wait_until(lambda: is_served(database))


def test_without_a_copy_that_answers_everything_comes_from_the_truth(two) -> None:
    primary, standby = two
    nowhere = Database(primary.url("copied"), standby.url("copied").replace(str(standby.port), "1"))
    try:
        with nowhere.reading_behind() as tx:
            assert not is_copy(tx)
    finally:
        nowhere.close()


def test_a_list_is_read_from_the_copy_and_a_form_from_the_truth(two, database: Database, tmp_path: Path) -> None:
    settings = replace(
        Settings.from_environment({"COUNTERPART_DATA_DIR": str(tmp_path), "SEARCH_DIR": str(tmp_path / "index")}),
        database_url=database.url, rate_limits=False,
    )  # fmt: skip
    client = build(settings, database).test_client()
    asked: list[str] = []
    assert database.replica is not None
    event.listen(
        database.replica.engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: asked.append(statement)
    )
    assert client.get("/needs").status_code == 200
    assert any("FROM needs" in statement for statement in asked)
    asked.clear()
    assert client.get("/sign-in").status_code == 200
    assert not any("FROM " in statement for statement in asked)
    # Whoever has sent a form has the position in the cookie, and reads the truth while the copy is behind.
    with paused(two[1]):
        write(database)
        page = client.get("/sign-in").get_data(as_text=True)
        token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        client.post("/sign-in", data={"email": "nobody@example.org", "password": "wrong", "csrf_token": token})
        asked.clear()
        assert client.get("/needs").status_code == 200
        assert not any("FROM needs" in statement for statement in asked)
    wait_until(lambda: is_served(database, position_of(database.engine)))
    asked.clear()
    assert client.get("/needs").status_code == 200
    assert any("FROM needs" in statement for statement in asked)
