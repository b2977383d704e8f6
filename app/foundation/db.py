"""The database is the truth: how rows look, how a transaction begins and ends, and the one place that commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias, cast

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, Table, create_engine, event, insert, make_url
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

from app.foundation.kept.marks import Marks
from app.foundation.postgres import make_postgres_engine, working_alone
from app.foundation.references import new_reference
from app.foundation.replica import Replica

Tx: TypeAlias = Session
"""An open transaction. (Flask's session is called cookie, a training's is CourseSession.)"""

_CHANGES: ContextVar[int] = ContextVar("changes", default=0)

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


def write_rows(tx: Tx, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write very many rows of a table as they are, all with the same columns.

    An object for each of them would cost several times as much, and is worth it only where somebody goes on with it.
    """
    if rows:
        tx.execute(insert(cast("Table", model.__table__)), rows)


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
    """One database, reached through `transaction()` (read and write) or `reading()` (read only).

    With `is_page` its statements have a limit of time, where the engine knows one; `is_pooled` says that PgBouncer
    stands before it; `replica_url` leads to a copy from which `reading_behind()` may read.
    """

    replica: Replica | None = None
    marks: Marks | None = None

    def __init__(
        self, url: str, replica_url: str | None = None, *, is_page: bool = False, is_pooled: bool = False
    ) -> None:
        self.url = url
        self.engine = make_engine(url, is_page=is_page, is_pooled=is_pooled)
        self._writing = self.engine.execution_options(writing=True)
        self.marks = Marks(self.engine)
        if replica_url:
            self.replica = Replica(replica_url, self.engine, is_page=is_page, is_pooled=is_pooled)

    def open(self, *, writing: bool) -> Session:
        """A session on the right kind of connection (the tests put another one here)."""
        bind = self._writing if writing else self.engine
        return Session(bind, expire_on_commit=False, autoflush=writing)

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Write: all of it is kept, or none. This is the one place that commits.

        Raises whatever the caller raises, after rolling back.
        """
        try:
            with self.open(writing=True) as tx, tx.begin():
                yield tx
        finally:
            _CHANGES.set(_CHANGES.get() + 1)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """Read one consistent picture; what is changed in it is thrown away."""
        with self.open(writing=False) as tx:
            # Closing rolls back; rows that were read stay readable, so that a page can be drawn from them.
            yield tx

    @contextmanager
    def reading_behind(self, written: int = 0) -> Iterator[Tx]:
        """The same from a copy that may be a little behind, but has all up to `written` in the log of the truth."""
        if self.replica is not None and self.replica.serves(written):
            with Session(self.replica.engine, expire_on_commit=False, autoflush=False) as tx:
                if self._answers(tx):
                    yield tx
                    return
        with self.reading() as tx:
            yield tx

    def _answers(self, tx: Tx) -> bool:
        try:
            tx.connection()
        except SQLAlchemyError:
            assert self.replica is not None
            self.replica.failed()
            return False
        return True

    @property
    def is_shared(self) -> bool:
        """Whether workers of several hosts may be at it at the same time."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def working_alone(self) -> Iterator[bool]:
        """Whether nobody else does the side tasks of workers until the end of it; SQLite has one worker."""
        if not self.is_shared:
            yield True
            return
        with working_alone(self.engine) as is_alone:
            yield is_alone

    def close(self) -> None:
        """Give every connection back."""
        if self.marks is not None:
            self.marks.close()
        self.engine.dispose()
        if self.replica is not None:
            self.replica.close()


def changes_here() -> int:
    """How many transactions that write have ended in this thread: a picture that is older shows less."""
    return _CHANGES.get()


def make_engine(url: str, *, is_page: bool = False, is_pooled: bool = False) -> Engine:
    """An engine with the settings that keep an acknowledged change through a power cut."""
    if not url.startswith("sqlite"):
        return make_postgres_engine(url, is_page=is_page, is_pooled=is_pooled)
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
