"""PostgreSQL as the site uses it: how it connects, what may take how long, who works alone, and what wakes a worker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, func, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

CHANNEL = "counterpart_outbox"
LOCK = 7_201_128
"""Whoever holds this advisory lock does the side tasks of workers; the number is any, but always the same."""
PATIENCE = {"statement_timeout": 30_000, "lock_timeout": 10_000, "idle_in_transaction_session_timeout": 60_000}
"""Milliseconds that a page may take for one statement, for a lock, and between two statements of a transaction."""
GONE = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
        "tcp_user_timeout": 15_000}  # fmt: skip
"""After how long a server whose machine has vanished is held to be gone: seconds, the last one milliseconds."""
GONE_TO_SERVER = {"tcp_keepalives_idle": 10, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 3,
                  "tcp_user_timeout": 15_000}  # fmt: skip
"""The same the other way about: the server holds what a worker has taken until it knows that the worker is gone."""
POOL: dict[str, Any] = {"pool_size": 12, "max_overflow": 12, "pool_timeout": 20, "pool_recycle": 1800}
"""Connections of a process (each of its threads needs one or two at a time) that are kept, and that may come besides;
seconds to wait for one, and after which one is made anew."""
RECONNECT = 2.0
WRITTEN = text("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")
REPLAYED = text("SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')")


def make_postgres_engine(url: str, *, is_page: bool, is_pooled: bool) -> Engine:
    """An engine for pages, whose statements have a limit, or for workers and commands, whose have none.

    Behind PgBouncer in transaction mode (`is_pooled`) nothing may stay in a session: no prepared statements, and no
    limits but those that the role has in the database.
    """
    options: dict[str, Any] = dict(GONE)
    if is_pooled:
        options["prepare_threshold"] = None
    else:
        limits = {**GONE_TO_SERVER, **(PATIENCE if is_page else {})}
        options["options"] = " ".join(f"-c {name}={value}" for name, value in limits.items())
    # The values of a statement that fails are somebody's words: they stay out of the error, and so out of the log.
    return create_engine(
        url, connect_args=options, pool_pre_ping=True, pool_use_lifo=True, hide_parameters=True, **POOL
    )


def tell_workers(connection: Connection) -> None:
    """Wake whoever listens, once this transaction is committed."""
    connection.execute(select(func.pg_notify(CHANNEL, "")))


@contextmanager
def working_alone(engine: Engine) -> Iterator[bool]:
    """Whether nobody else does the side tasks now; nobody will until the end of it.

    The lock belongs to a transaction and not to a session, so that it holds behind PgBouncer too, and is gone with the
    process that has it.
    """
    with engine.begin() as connection:
        yield bool(connection.scalar(select(func.pg_try_advisory_xact_lock(LOCK))))


class Waker:
    """Waits until a fact is told, or for so long; it never raises, and connects again by itself."""

    def __init__(self, url: str) -> None:
        # An address may name two servers in SQLAlchemy's own way, which the driver alone would not understand.
        address = make_url(url)
        self._words, self._options = address.get_dialect()().create_connect_args(address)
        self._connection: psycopg.Connection[Any] | None = None
        self._not_before = 0.0

    def wait(self, seconds: float) -> None:
        """Return once somebody has told a fact, and after so many seconds in any case."""
        connection = self._connected()
        if connection is None:
            time.sleep(seconds)
            return
        try:
            for _told in connection.notifies(timeout=seconds, stop_after=1):
                pass
        except (psycopg.Error, OSError):
            self.close()

    def _connected(self) -> psycopg.Connection[Any] | None:
        if self._connection is None and time.monotonic() >= self._not_before:
            self._not_before = time.monotonic() + RECONNECT
            try:
                options = {**self._options, "autocommit": True, "connect_timeout": 3}
                self._connection = psycopg.connect(*self._words, **options)
                self._connection.execute(f"LISTEN {CHANNEL}")
            except (psycopg.Error, OSError):
                self.close()
        return self._connection

    def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (psycopg.Error, OSError):
                return


def position_of(engine: Engine) -> int:
    """How far the primary has written, in bytes since the beginning of its log.

    Raises:
        SQLAlchemyError: it does not answer.
    """
    with engine.connect() as connection:
        return int(connection.scalar(WRITTEN) or 0)


def replayed_by(engine: Engine) -> int:
    """How far a standby has read, in the same measure; -1 if it does not answer. A primary has read everything."""
    try:
        with engine.connect() as connection:
            is_standby = connection.scalar(select(func.pg_is_in_recovery()))
            return int(connection.scalar(REPLAYED if is_standby else WRITTEN) or 0)
    except SQLAlchemyError:
        return -1
