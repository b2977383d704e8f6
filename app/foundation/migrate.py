"""The tables as they stand and as they should stand: brings a database to the present revision, or back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.foundation.db import Database

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"
# Two processes that start at once must not both make the tables; the number is any, but always the same.
LOCK = 7_201_126


class MigrationError(RuntimeError):
    """A step would have left rows that point to nothing; it has been undone."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables to a revision, all steps or none; at the present one it changes nothing.

    Raises:
        MigrationError: a step left rows that point to nothing.
    """
    with alone(database) as connection:
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


def revision_of(connection: Connection) -> str | None:
    """The revision that an open transaction sees, none if the database is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this version of the site has the step that leads to this revision."""
    return any(step.revision == revision for step in ScriptDirectory.from_config(configuration()).walk_revisions())


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
