"""Rows are put into a database: the tables brought to their revision, every row stored, read back and compared.

All of it is one transaction: whoever ends it half way, with whatever violence, leaves the database as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.backups.archive import Tick
from app.backups.errors import BackupRefused
from app.backups.reading import Tally, rows_in, sequences_of, tally_of
from app.backups.schema import Table, tables_at
from app.backups.taking import Progress
from app.backups.values import Conversion, Row
from app.foundation import migrate
from app.foundation.db import Database

LOT = 500
PATIENCE = ("SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = '30s'")


class Supply(Protocol):
    """Where the rows come from: a backup, or another database."""

    @property
    def revision(self) -> str:
        """At which revision they were read."""
        ...

    @property
    def sequences(self) -> Mapping[str, int]:
        """The last number given in each table, where that is known."""
        ...

    def count(self) -> int:
        """How many rows there are in all."""
        ...

    def tables(self) -> Iterator[tuple[Table, Iterable[Row]]]:
        """The tables that have rows, each with all of them; one is read to its end before the next."""
        ...

    def tally(self, table: Table) -> tuple[int, str]:
        """How many rows a table has there, and their SHA-256, once all of them were read."""
        ...


class DatabaseError(BackupRefused):
    """The database itself has refused; nothing was changed."""


@contextmanager
def filling(database: Database) -> Iterator[Connection]:
    """The transaction in which a database is filled; nobody else changes tables meanwhile.

    Raises:
        BackupRefused: the database does not take what it is given, or cannot be reached.
    """
    try:
        with migrate.alone(database) as connection:
            if connection.dialect.name != "sqlite":
                for statement in PATIENCE:
                    connection.exec_driver_sql(statement)
            yield connection
    except (sa.exc.DBAPIError, psycopg.Error, migrate.MigrationError) as error:
        raise DatabaseError(f"The database refuses: {_words(error)}. Nothing was changed.") from error


def _words(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, psycopg.errors.LockNotAvailable):
        return "others are using it; stop the site first"
    words = str(cause).strip().splitlines()[0].rstrip(".")
    return f"{words}; is another process using it? stop the site first" if "locked" in words else words


def present_tables(connection: Connection) -> tuple[Table, ...]:
    """The tables that the database has now, none if it is empty.

    Raises:
        BackupRefused: it is at a revision that is not known here, or holds tables of something else.
    """
    revision = migrate.revision_of(connection)
    if revision is not None:
        return tables_at(revision)
    strange = sa.inspect(connection).get_table_names()
    if strange and strange != ["alembic_version"]:
        raise BackupRefused(
            f"The database holds tables that are not the site's, such as {min(strange)}: use another one."
        )
    return ()


def count_all(connection: Connection, tables: Iterable[Table]) -> int:
    """Up to how many rows there are: each table that has any counts as one."""
    found = 0
    for table in tables:
        found += bool(connection.execute(sa.select(sa.literal(1)).select_from(sa.table(table.name)).limit(1)).first())
    return found


def make_empty(connection: Connection, tables: Iterable[Table]) -> None:
    """Take every row away. On SQLite nobody minds foreign keys in the transaction of `filling`."""
    quote = connection.dialect.identifier_preparer.quote
    names = [quote(table.name) for table in tables]
    if connection.dialect.name == "sqlite":
        for name in names:
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - the name of a table of ours
    elif names:
        connection.exec_driver_sql(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")


def fill(connection: Connection, supply: Supply, progress: Progress) -> dict[str, Tally]:
    """Bring empty tables to the revision of the rows, store all of them, read them back, and go on to the newest.

    Gives back what was read back of each table.

    Raises:
        BackupRefused: what was read back is not what was stored.
    """
    tables = tables_at(supply.revision)
    migrate.step_to(connection, supply.revision)
    with _without_foreign_keys(connection):
        with progress("Storing rows", supply.count()) as tick:
            for table, rows in supply.tables():
                _store(connection, table, rows, tick)
        _set_sequences(connection, tables, supply.sequences)
        found = _read_back(connection, tables, supply, progress)
    migrate.step_to(connection, migrate.newest_revision() or supply.revision)
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("ANALYZE")
    return found


def _read_back(connection: Connection, tables: Iterable[Table], supply: Supply, progress: Progress) -> dict[str, Tally]:
    found = {}
    with progress("Comparing rows", supply.count()) as tick:
        for table in tables:
            found[table.name] = tally = tally_of(rows_in(connection, table))
            if (tally.rows, tally.sha256) != supply.tally(table):
                raise BackupRefused(
                    f"Table {table.name} is not what was stored when it is read again. Nothing was changed."
                )
            tick(tally.rows)
    return found


def _store(connection: Connection, table: Table, rows: Iterable[Row], tick: Tick) -> None:
    stored = Conversion(table, connection.dialect.name).stored
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in table.names)
    put = _insert if connection.dialect.name == "sqlite" else _copy
    lots = iter(rows)
    put(connection, f"{quote(table.name)} ({columns})", len(table.names), _in_lots(lots, stored, tick))


def _in_lots(rows: Iterator[Row], stored: Callable[[Row], Row], tick: Tick) -> Iterator[list[Row]]:
    while lot := [stored(row) for row in islice(rows, LOT)]:
        yield lot
        tick(len(lot))


def _insert(connection: Connection, into: str, width: int, lots: Iterator[list[Row]]) -> None:
    statement = f"INSERT INTO {into} VALUES ({', '.join('?' * width)})"  # noqa: S608 - names of ours
    for lot in lots:
        connection.exec_driver_sql(statement, [tuple(row) for row in lot])


def _copy(connection: Connection, into: str, _width: int, lots: Iterator[list[Row]]) -> None:
    driver: Any = connection.connection.dbapi_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for lot in lots:
            for row in lot:
                copy.write_row(row)


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let rows point to rows that come later, also in their own table; at the end every one has to point to something.

    On PostgreSQL the constraints are taken off and put on again, by which all rows are looked at; on SQLite they are
    off in the whole transaction and looked at when it ends.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    found = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conrelid, conname"
    ).all()
    for table, name, _definition in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    for table, name, definition in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _set_sequences(connection: Connection, tables: tuple[Table, ...], given: Mapping[str, int]) -> None:
    """Let each table go on counting where it was, so that no number is ever given twice."""
    if connection.dialect.name == "sqlite":
        return
    by_name = {table.name: table for table in tables}
    for name, sequence in sequences_of(connection, tables).items():
        key: sa.ColumnElement[int] = sa.column(by_name[name].key[0])
        highest = connection.scalar(sa.select(sa.func.max(key)).select_from(sa.table(name))) or 0
        last = max(highest, given.get(name, 0))
        if last:
            connection.execute(sa.select(sa.func.setval(sa.cast(sequence, sa.Text), last)))
