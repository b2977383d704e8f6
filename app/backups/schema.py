"""Which tables and columns a database has at a revision, told by its migrations and the same for every engine.

What one engine has besides (an index of words in the database, for instance) can be made anew, and is no part of a
backup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.backups.errors import BackupRefused
from app.foundation import migrate
from app.foundation.db import Database

KINDS: dict[type[Any], str] = {
    sa.BOOLEAN: "bool",
    sa.INTEGER: "int",
    sa.BIGINT: "int",
    sa.VARCHAR: "text",
    sa.TEXT: "text",
    sa.DATETIME: "instant",
    sa.TIMESTAMP: "instant",
    sa.DATE: "date",
    sa.TIME: "time",
    sa.JSON: "json",
    sa.BLOB: "bytes",
    sa.FLOAT: "float",
}
NOT_COPIED = frozenset({"alembic_version", "rate_counts", "stored_files", "stored_parts"})
"""The revision is told by the manifest, and set by the migrations themselves; counts of limits are over within hours;
files that lie in the database are copied as files."""


@dataclass(frozen=True)
class Column:
    """A column and the kind of its values, one of those that app.backups.values knows."""

    name: str
    kind: str


@dataclass(frozen=True)
class Table:
    """A table with its columns in their order; `key` names those of its primary key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.columns)


@cache
def tables_at(revision: str) -> tuple[Table, ...]:
    """Every table of a revision, those before that others point to.

    Raises:
        BackupRefused: this version of the site does not know the revision, or a kind of column.
    """
    if not migrate.is_known(revision):
        raise BackupRefused(
            f"Revision {revision} is not known to this version of the site: use the one that made it, or a newer one."
        )
    # What the migrations make is looked at in a database that lives in memory and for this moment alone.
    scratch = Database("sqlite://")
    try:
        migrate.upgrade(scratch, revision)
        return tuple(_tables_in(scratch))
    finally:
        scratch.close()


def _tables_in(scratch: Database) -> Iterator[Table]:
    found = sa.MetaData()
    with scratch.engine.connect() as connection:
        found.reflect(connection)
    for table in found.sorted_tables:
        if table.name not in NOT_COPIED:
            columns = tuple(Column(column.name, kind_of(table.name, column)) for column in table.columns)
            yield Table(table.name, columns, tuple(column.name for column in table.primary_key))


def kind_of(table: str, column: sa.Column[object]) -> str:
    """The kind of the column's values.

    Raises:
        BackupRefused: nobody has said yet how such values are kept in a backup.
    """
    for known in type(column.type).__mro__:
        if known in KINDS:
            return KINDS[known]
    raise BackupRefused(f"Column {table}.{column.name} is of a kind that backups do not know: {column.type!r}.")
