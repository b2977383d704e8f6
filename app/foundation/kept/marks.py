"""A mark of the database as it stands: the same again means that nothing has been committed in between, by anybody."""

from __future__ import annotations

from threading import Lock
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

SNAPSHOT = text("SELECT pg_current_snapshot()::text")


class Marks:
    """Tells marks of one database; an engine that is gone has none."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, Lock()
        self._watching: Any = None

    def mark(self) -> str | None:
        """What is another one after each commit.

        SQLite tells it to a connection that never writes (https://www.sqlite.org/pragma.html, data_version);
        for PostgreSQL it is the snapshot that a transaction would see now: it names what is committed, to the last one.
        """
        try:
            return self._of_sqlite() if self._engine.dialect.name == "sqlite" else self._of_postgresql()
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):
            return None

    def _of_sqlite(self) -> str:
        with self._lock:
            if self._watching is None:
                watching = self._engine.raw_connection()
                watching.detach()
                self._watching = watching
            (version,) = self._watching.execute("PRAGMA data_version").fetchone()
        return str(version)

    def _of_postgresql(self) -> str:
        with self._engine.connect() as connection:
            return str(connection.scalar(SNAPSHOT))

    def close(self) -> None:
        """Stop watching."""
        with self._lock:
            if self._watching is not None:
                self._watching.close()
                self._watching = None
