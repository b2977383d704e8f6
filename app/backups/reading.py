"""One moment of a database, read from beginning to end while others go on writing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.backups.errors import BackupRefused
from app.backups.schema import Table, tables_at
from app.backups.values import Conversion, Row, line_of
from app.foundation import migrate
from app.foundation.db import Database

LOT = 200
"""How many rows are held at once."""
SAME_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
NO_HURRY = ("SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0")


@dataclass
class Tally:
    """How many rows and bytes (`size`) of a table have gone by, and the SHA-256 over its lines, ordered by its key."""

    rows: int = 0
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256, repr=False)

    def add(self, line: bytes) -> None:
        """A line has gone by."""
        self.rows += 1
        self.size += len(line)
        self.digest.update(line)

    @property
    def sha256(self) -> str:
        """The hash of what has gone by, in hexadecimal digits."""
        return str(self.digest.hexdigest())


@dataclass(frozen=True)
class Snapshot:
    """A database as it was at one moment: its revision, its tables and, one table after the other, its rows."""

    connection: Connection
    revision: str
    tables: tuple[Table, ...]

    @property
    def engine(self) -> str:
        """Which database it is: sqlite or postgresql."""
        return self.connection.dialect.name

    def count(self) -> int:
        """How many rows there are in all."""
        return sum(count_rows(self.connection, table) for table in self.tables)

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a table in the order of its key, as they stand in a backup."""
        return rows_in(self.connection, table)

    def sequences(self) -> dict[str, int]:
        """The last number given in each table, where the engine counts beside the rows and so never gives one again."""
        if self.engine == "sqlite":
            return {}
        found = {}
        for table, sequence in sequences_of(self.connection, self.tables).items():
            last = self.connection.execute(sa.text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
            if last.is_called:
                found[table] = int(last.last_value)
        return found


@contextmanager
def snapshot(database: Database) -> Iterator[Snapshot]:
    """Read one moment of the database; writers are not held up.

    Raises:
        BackupRefused: there are no tables, or they are of a revision that this version of the site does not know.
    """
    with migrate.standing_still(database), database.engine.connect() as connection, connection.begin():
        if connection.dialect.name != "sqlite":
            for statement in (SAME_MOMENT, *NO_HURRY):
                connection.exec_driver_sql(statement)
        revision = migrate.revision_of(connection)
        if revision is None:
            raise BackupRefused("There is nothing in the database yet, not even tables.")
        yield Snapshot(connection, revision, tables_at(revision))


def count_rows(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return int(connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table.name))) or 0)


def rows_in(connection: Connection, table: Table) -> Iterator[Row]:
    """The rows of a table in the order of its key, as they stand in a backup; a few are held at once.

    Raises:
        BackupRefused: a value is not of the kind that its column has.
    """
    convert = Conversion(table, connection.dialect.name).told
    result = connection.execute(_selection(connection, table), execution_options={"yield_per": LOT})
    try:
        for row in result:
            yield convert(row)
    except sa.exc.DBAPIError as error:
        raise BackupRefused(f"Table {table.name} cannot be read: {error.orig}.") from error
    finally:
        result.close()


def _selection(connection: Connection, table: Table) -> sa.Select[Any]:
    """Every column as the driver gives it. The order is by bytes, which no two engines see differently."""
    on_postgresql = connection.dialect.name != "sqlite"
    kinds = {column.name: column.kind for column in table.columns}
    shown: list[sa.ColumnElement[Any]] = [
        sa.cast(sa.column(name), sa.Text) if kind == "json" and on_postgresql else sa.column(name)
        for name, kind in kinds.items()
    ]
    order = [
        sa.column(name).collate("C") if kinds[name] == "text" and on_postgresql else sa.column(name)
        for name in table.key
    ]
    return sa.select(*shown).select_from(sa.table(table.name)).order_by(*order)


def tally_of(rows: Iterable[Row]) -> Tally:
    """What these rows come to."""
    tally = Tally()
    for row in rows:
        tally.add(line_of(row))
    return tally


def sequences_of(connection: Connection, tables: Iterable[Table]) -> dict[str, str]:
    """By table, the sequence (PostgreSQL, as it is written in SQL) from which its numbers come, where there is one."""
    found = {}
    for table in tables:
        for name in table.key:
            ask = sa.select(
                sa.func.pg_get_serial_sequence(connection.dialect.identifier_preparer.quote(table.name), name)
            )
            sequence = connection.scalar(ask)
            if sequence:
                found[table.name] = str(sequence)
    return found
