"""The home of an index in PostgreSQL: hosts that serve pages share no disk, and a commit is one transaction.

Columns lie in the table of segments, as they lie in files elsewhere; a host keeps copies of large ones in a folder of
its own, so that its processes share them. Near words are found among the public ones by their trigrams.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import local
from time import monotonic

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from app.search import postgres_tables as tables
from app.search.engine_types import EngineBroken
from app.search.homes import Look
from app.search.postgres_part import PostgresPart

LOCK = 7_201_127
"""Only who holds this advisory lock writes the index; the number is any, but always the same."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


class PostgresHome:
    """The generations of an index as rows. `folder` is where this host keeps copies; it can be deleted at any time.

    What a process has seen of it counts for `seconds`, so that one page asks the server once.
    """

    def __init__(self, engine: Engine, folder: Path, schema: str = "counterpart_search", seconds: float = 0.0) -> None:
        if not NAME.fullmatch(schema):
            raise ValueError(f"no name for a schema: {schema!r}")
        self.schema, self.folder = schema, folder
        self._writing = engine.execution_options(schema_translate_map={tables.SCHEMA: schema})
        # A question is one statement: a transaction around it would be two more ways to the server and back.
        self._reading = self._writing.execution_options(isolation_level="AUTOCOMMIT")
        self._own = local()
        self._seconds = seconds
        self._seen: tuple[float, Look | None] = (float("-inf"), None)

    # --- connections ---

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection to read by: that of the one who writes, so that it sees its own; else one of the pool.

        Raises:
            EngineBroken: PostgreSQL does not answer, or its tables are not as they should be.
        """
        writing: Connection | None = getattr(self._own, "writing", None)
        try:
            if writing is not None:
                yield writing
            else:
                with self._reading.connect() as connection:
                    yield connection
        except SQLAlchemyError as error:
            raise EngineBroken(str(error)) from error

    @contextmanager
    def together(self) -> Iterator[Connection]:
        """The same, for statements that belong together."""
        writing: Connection | None = getattr(self._own, "writing", None)
        try:
            if writing is not None:
                yield writing
            else:
                with self._writing.begin() as connection:
                    yield connection
        except SQLAlchemyError as error:
            raise EngineBroken(str(error)) from error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one process writes the index at a time; what it writes is seen by others at its end, or never.

        Raises:
            EngineBroken: PostgreSQL does not answer.
        """
        if getattr(self._own, "writing", None) is not None:
            raise RuntimeError("this thread writes the index already")
        self._make()
        try:
            with self._writing.begin() as connection:
                # Another one may build the whole index meanwhile: that is worth waiting for.
                for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
                    connection.execute(text(f"SET LOCAL {limit} = 0"))
                connection.execute(select(func.pg_advisory_xact_lock(LOCK, func.hashtext(self.schema))))
                self._own.writing = connection
                yield
        except SQLAlchemyError as error:
            raise EngineBroken(str(error)) from error
        finally:
            self._own.writing = None
            self._seen = (float("-inf"), None)

    def _make(self) -> None:
        """Make the tables where there are none: somebody may have thrown them away."""
        try:
            with self._reading.connect() as connection:
                if connection.scalar(select(func.to_regclass(f"{self.schema}.parts"))) is not None:
                    return
            with self._writing.begin() as connection:
                connection.execute(select(func.pg_advisory_xact_lock(LOCK, func.hashtext(self.schema))))
                tables.create(connection, self.schema)
        except SQLAlchemyError as error:
            raise EngineBroken(str(error)) from error

    # --- what there is ---

    def look(self) -> Look | None:
        """What there is now, in one question; nothing if there is no index.

        Raises:
            EngineBroken: PostgreSQL does not answer.
        """
        is_writing = getattr(self._own, "writing", None) is not None
        seen_at, seen = self._seen
        moment = monotonic()
        if not is_writing and moment - seen_at < self._seconds:
            return seen
        found = self._looked()
        if not is_writing:
            self._seen = (moment, found)
        return found

    def _looked(self) -> Look | None:
        joined = tables.PARTS.join(tables.GENERATIONS, tables.GENERATIONS.c.number == tables.PARTS.c.generation)
        wanted = select(tables.PARTS).select_from(joined).where(tables.GENERATIONS.c.is_current)
        try:
            with self.connected() as connection:
                rows = connection.execute(wanted).all()
        except EngineBroken as error:
            # Before the first commit there are no tables.
            if isinstance(error.__cause__, ProgrammingError):
                return None
            raise
        if not rows:
            return None
        return Look(rows[0].generation, {row.part: (str(row.generation), row.stamp) for row in rows})

    def part(self, generation: int, name: str) -> PostgresPart:
        """One part of a generation."""
        return PostgresPart(self, generation, name)

    def swap(self, generation: int) -> None:
        """Put a generation in force; the one before stays for those who still read it, older ones go."""
        with self.connected() as connection:
            connection.execute(update(tables.GENERATIONS).values(is_current=False))
            row = {"number": generation, "is_current": True}
            put = insert_new(tables.GENERATIONS).values(row)
            connection.execute(put.on_conflict_do_update(index_elements=["number"], set_=row))
            old = select(tables.GENERATIONS.c.number).where(tables.GENERATIONS.c.number < generation - 1)
            for number in connection.scalars(old).all():
                self.drop(number)

    def drop(self, generation: int) -> None:
        """Throw a generation away, if it is there."""
        with self.connected() as connection:
            for table in (tables.SEGMENTS, tables.WORDS, tables.PARTS):
                connection.execute(delete(table).where(table.c.generation == generation))
            connection.execute(delete(tables.GENERATIONS).where(tables.GENERATIONS.c.number == generation))

    def erase(self) -> None:
        """Throw the whole index away."""
        with self.together() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{self.schema}" CASCADE')

    def close(self) -> None:
        """The connections are the site's."""

    # --- copies on this host ---

    def copy_of(self, part: str, name: str) -> Path:
        """Where this host keeps its copy of a segment."""
        return self.folder / f"{self.schema}-{part}-{name}.columns"

    def forget_copies(self, part: str, names: Iterable[str]) -> None:
        """Take away the copies of segments of a part that are listed no longer; who has them open keeps them."""
        kept = {self.copy_of(part, name).name for name in names}
        for file in self.folder.glob(f"{self.schema}-{part}-*.columns"):
            if file.name not in kept:
                with suppress(OSError):
                    file.unlink()
