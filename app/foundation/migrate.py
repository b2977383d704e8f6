"""The tables as they stand and as they should stand: brings a database to the present revision, or back.

While several machines are brought up to date one by one, tables are newer than the code on some of them. That is well
as long as no step has taken away what that code uses: each step that takes something away notes in the database which
revision the code has to know from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from app.foundation.db import Database

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"
# Two processes that start at once must not both make the tables; the number is any, but always the same.
LOCK = 7_201_126
FITS, BEHIND, AHEAD = "fits", "behind", "ahead"
"""How the tables stand to this code: it can use them; they are too old; they are too new, without what it needs."""

# Kept beside Alembic's own table, and like it no part of the models: code of any age has to find it as it is.
CONTRACTS = Table(
    "alembic_contracts", MetaData(), Column("revision", String(32), primary_key=True), Column("oldest_code", String(32))
)


class MigrationError(RuntimeError):
    """A step would have left rows that point to nothing; it has been undone."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables to a revision, all steps or none; at the present one, or a newer that fits, it changes nothing.

    Raises:
        MigrationError: a step left rows that point to nothing, or the tables are newer than this code can use.
    """
    with alone(database) as connection:
        if _is_newer(revision_of(connection)):
            if not _may_be_used(connection):
                raise MigrationError("the tables are newer than this version of the site can use: bring it up to date")
            return
        command.upgrade(configuration(connection), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Take steps back, `base` being a database without tables. What only the later tables could hold is lost.

    Raises:
        MigrationError: a step left rows that point to nothing.
    """
    with alone(database) as connection:
        command.downgrade(configuration(connection), revision)


def current_revision(database: Database) -> str | None:
    """The revision at which the database stands, none if it is empty."""
    with database.engine.connect() as connection:
        return revision_of(connection)


def is_known(revision: str) -> bool:
    """Whether this version of the site has the step that leads to this revision."""
    return revision in _known()


def step_to(connection: Connection, revision: str) -> None:
    """Take the steps that lead to a known revision, on or back, in the open transaction of `alone`."""
    present = revision_of(connection)
    scripts = ScriptDirectory.from_config(configuration())
    before = {step.revision for step in scripts.iterate_revisions(present, "base")} if present else set()
    if revision in before:
        command.downgrade(configuration(connection), revision)
    else:
        command.upgrade(configuration(connection), revision)


def newest_revision() -> str | None:
    """The revision that this version of the site needs."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def is_current(database: Database) -> bool:
    """Whether the tables are those that this version of the site needs."""
    return current_revision(database) == newest_revision()


def standing(database: Database) -> str:
    """FITS, BEHIND or AHEAD; newer tables fit as long as nothing that this code uses has been taken away."""
    with database.engine.connect() as connection:
        revision = revision_of(connection)
        if revision == newest_revision():
            return FITS
        if not _is_newer(revision):
            return BEHIND
        return FITS if _may_be_used(connection) else AHEAD


def note_contract(ctx: MigrationContext, step: Any, **_more: Any) -> None:
    """Keep with a step that takes something away which revision code has to know from then on; Alembic calls it."""
    connection, revision = ctx.connection, step.up_revision
    oldest_code = getattr(revision.module, "oldest_code", None)
    if connection is None or oldest_code is None:
        return
    CONTRACTS.create(connection, checkfirst=True)
    connection.execute(CONTRACTS.delete().where(CONTRACTS.c.revision == revision.revision))
    if step.is_upgrade:
        connection.execute(CONTRACTS.insert().values(revision=revision.revision, oldest_code=oldest_code))
    elif connection.scalar(select(CONTRACTS.c.revision)) is None:
        CONTRACTS.drop(connection)


def is_of_models(name: str | None, _kind: str, _parents: Any) -> bool:
    """Whether something in the database is compared with the models."""
    return name != CONTRACTS.name


def revision_of(connection: Connection) -> str | None:
    """The revision that an open transaction sees, none if the database is empty."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _known() -> frozenset[str]:
    return frozenset(step.revision for step in ScriptDirectory.from_config(configuration()).walk_revisions())


def _is_newer(revision: str | None) -> bool:
    return revision is not None and revision not in _known()


def _may_be_used(connection: Connection) -> bool:
    if not inspect(connection).has_table(CONTRACTS.name):
        return True
    return set(connection.scalars(select(CONTRACTS.c.oldest_code))) <= _known()


def configuration(connection: Connection | None = None) -> Config:
    """What Alembic needs to know; there is no alembic.ini, so that there is one way to run it."""
    config = Config(attributes={"connection": connection} if connection is not None else {})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def standing_still(database: Database) -> Iterator[None]:
    """No migration begins as long as this is open, nor does this open during one.

    On SQLite whoever reads keeps the tables with which the reading began, so there is nothing to wait for.
    """
    with database.engine.connect() as connection, connection.begin():
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({LOCK})")
        yield


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """One transaction in which nobody else changes tables; SQLite checks foreign keys at its end, not before.

    Raises:
        MigrationError: rows would point to nothing.
    """
    engine = database.engine.execution_options(writing=True)
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # SQLite changes a table by copying and dropping it, and dropping would take the rows of others along.
            _switch_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                if not is_sqlite:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
                yield connection
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise MigrationError("the migration would leave rows that point to nothing")
        finally:
            if is_sqlite:
                _switch_foreign_keys(connection, "ON")


def _switch_foreign_keys(connection: Connection, state: str) -> None:
    # The pragma is ignored inside a transaction, so it goes to the driver, which begins none by itself.
    driver = connection.connection.dbapi_connection
    if driver is not None:
        driver.cursor().execute(f"PRAGMA foreign_keys={state}")
