"""The database is the truth: how rows look, how a transaction begins and ends, and the one place that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, create_engine, event, make_url
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

from app.foundation.references import new_reference

Tx: TypeAlias = Session
"""An open transaction. (Flask's session is called cookie, a training's is CourseSession.)"""

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the time zone, so it is put back when a row is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Hundredths(TypeDecorator[Decimal]):
    """A decimal with two places, kept as a whole number of hundredths so that sums are exact on every engine."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, _dialect: Dialect) -> int | None:
        return None if value is None else int((Decimal(value) * 100).to_integral_value())

    def process_result_value(self, value: Any, _dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)) / 100


class Base(DeclarativeBase):
    """Every table of the site."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: Instant,
        Decimal: Hundredths,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
        list[Any]: JSON,
    }


class Identified:
    """A row with a number of its own and a random reference by which people know it."""

    reference_prefix = "X"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        event.listen(cls, "init", _give_reference, propagate=True)


def _give_reference(target: Any, _args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    kwargs.setdefault("ref", new_reference(type(target).reference_prefix))


class Versioned:
    """A row that two people may open at once: the version tells whose words are newer."""

    version: Mapped[int] = mapped_column(default=1)


class Stamped:
    """When a row was made and last changed, in UTC."""

    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Database:
    """One database, reached through `transaction()` (read and write) or `reading()` (read only)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(url)
        self._writing = self.engine.execution_options(writing=True)

    def open(self, *, writing: bool) -> Session:
        """A session on the right kind of connection (the tests put another one here)."""
        bind = self._writing if writing else self.engine
        return Session(bind, expire_on_commit=False, autoflush=writing)

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Write: all of it is kept, or none. This is the one place that commits.

        Raises whatever the caller raises, after rolling back.
        """
        with self.open(writing=True) as tx, tx.begin():
            yield tx

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """Read one consistent picture; what is changed in it is thrown away."""
        with self.open(writing=False) as tx:
            # Closing rolls back; rows that were read stay readable, so that a page can be drawn from them.
            yield tx

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    """An engine with the settings that keep an acknowledged change through a power cut."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, hide_parameters=True)
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    # The values of a statement that fails are somebody's words: they stay out of the error, and so out of the log.
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` says which kind.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once and waits for it; a read that later turns into a write would fail instead.
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
