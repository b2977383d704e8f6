"""A site moves into another database, of the same engine or of the other one: one moment of it, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import make_url

from app.backups import loading
from app.backups.errors import BackupRefused
from app.backups.reading import Snapshot, Tally, snapshot
from app.backups.restoring import clear
from app.backups.schema import Table
from app.backups.taking import Progress
from app.backups.values import Row, line_of
from app.foundation.db import Database


@dataclass(frozen=True)
class Moved:
    """The revision that was read, and of each table what was read there and read back here."""

    revision: str
    source: dict[str, Tally]
    target: dict[str, Tally]


class _Passing:
    """The rows of a moment, counted and hashed as they go by."""

    def __init__(self, moment: Snapshot) -> None:
        self._moment = moment
        self.tallies = {table.name: Tally() for table in moment.tables}

    @property
    def revision(self) -> str:
        """At which revision the rows are read."""
        return self._moment.revision

    @property
    def sequences(self) -> Mapping[str, int]:
        """The last number given in each table."""
        return self._moment.sequences()

    def count(self) -> int:
        """How many rows there are in all."""
        return self._moment.count()

    def tally(self, table: Table) -> tuple[int, str]:
        """How many rows of a table went by, and their SHA-256."""
        tally = self.tallies[table.name]
        return tally.rows, tally.sha256

    def tables(self) -> Iterator[tuple[Table, Iterable[Row]]]:
        """Every table with its rows."""
        for table in self._moment.tables:
            yield table, self._passing(table)

    def _passing(self, table: Table) -> Iterator[Row]:
        tally = self.tallies[table.name]
        for row in self._moment.rows(table):
            tally.add(line_of(row))
            yield row


def move(source: Database, target: Database, progress: Progress) -> Moved:
    """Copy every row of one moment of `source` into `target`, which has to be empty; the source stays as it is.

    Raises:
        BackupRefused: the target is not empty or does not take a row; nothing was changed.
    """
    if _place(source) == _place(target):
        raise BackupRefused("That is the database in which the site is already.")
    with snapshot(source) as moment, loading.filling(target) as connection:
        clear(connection, replaces=False)
        supply = _Passing(moment)
        found = loading.fill(connection, supply, progress)
    return Moved(moment.revision, supply.tallies, found)


def _place(database: Database) -> tuple[object, ...]:
    url = make_url(database.url)
    return url.get_backend_name(), url.host, url.port, url.database, url.query
