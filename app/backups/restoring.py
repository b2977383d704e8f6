"""A backup is put back: read whole and proven first, then files and rows, and only at the very end for good."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.engine import Connection

from app.backups import loading
from app.backups.archive import STEP, table_of, walk
from app.backups.checking import check
from app.backups.errors import BackupRefused, Torn
from app.backups.holdings import files_below
from app.backups.manifest import LAST, Manifest
from app.backups.members import Member
from app.backups.new_file import cannot_write, sync_folder
from app.backups.notes import Notes
from app.backups.schema import Table, tables_at
from app.backups.taking import Progress
from app.backups.values import Row, row_of
from app.foundation.audit.seals import NOTEBOOK
from app.foundation.db import Database


@dataclass
class Place:
    """Where a backup is put back: into which database, and below which data directory."""

    database: Database
    folder: Path


@dataclass
class Restored:
    """What was put back. `set_aside` is where the notes of signatures lie that were here and were other ones."""

    manifest: Manifest
    set_aside: Path | None
    notes_are_longer: bool


@dataclass
class _Files:
    """The files of the backup beside those that are here."""

    folder: Path
    same: int = 0
    touched: set[Path] = field(default_factory=set)
    new: list[Path] = field(default_factory=list)

    def note(self, name: str, size: int) -> None:
        """A file of the backup may be here already, from an attempt that was cut short."""
        with suppress(OSError):
            self.same += name != NOTEBOOK and (self.folder / name).stat().st_size == size

    def write(self, member: Member) -> None:
        """Write a file beside its place, bring it to the disk and give it its name.

        Raises:
            BackupRefused: the disk does not take it.
        """
        path = self.folder / member.name
        is_new = not path.exists()
        part = path.with_name(f"{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                while data := member.read(STEP):
                    file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise cannot_write(path, error) from error
        self.touched |= {path.parent, path.parent.parent}
        if is_new:
            self.new.append(path)

    def sync(self) -> None:
        """Bring the names of the files to the disk."""
        for folder in self.touched:
            sync_folder(folder)

    def take_back(self) -> None:
        """Take away what was not here before: the rows that name it have not come."""
        for path in self.new:
            path.unlink(missing_ok=True)


def restore(
    backup: Path, key: str | None, place: Place, now: datetime, progress: Progress, *, replaces: bool
) -> Restored:
    """Put a backup into an empty database and an empty folder of files, or in place of what is there.

    Raises:
        BackupRefused: the backup is not whole, or the place is not empty; nothing in the database was changed.
    """
    name = str(backup)
    files = _Files(place.folder)
    with opened(backup) as file:
        with progress("Checking", backup.stat().st_size) as tick:
            manifest = check(file, key, name, tick, files.note)
        if tuple(entry.table for entry in manifest.tables) != tables_at(manifest.revision):
            raise BackupRefused(f"{name} has not the tables of revision {manifest.revision}: something else made it.")
        if not replaces:
            _refuse_files(files)
        notes = Notes(place.folder, replaces=replaces)
        try:
            with loading.filling(place.database) as connection:
                clear(connection, replaces=replaces)
                loading.fill(connection, _Unpacked(walk(file, key, name), manifest, files, notes), progress)
                files.sync()
                notes.add()
        except BaseException:
            files.take_back()
            raise
    notes.replace(now)
    return Restored(manifest, notes.set_aside, notes.are_longer)


def opened(backup: Path) -> BinaryIO:
    """The file of a backup.

    Raises:
        BackupRefused: it cannot be read.
    """
    try:
        return backup.open("rb")
    except OSError as error:
        raise BackupRefused(f"{backup} cannot be read: {error.strerror or error}.") from error


def refuse_rows(database: Database) -> None:
    """Look whether a database is empty, before any work is done.

    Raises:
        BackupRefused: it is not.
    """
    with loading.filling(database) as connection:
        clear(connection, replaces=False)


def clear(connection: Connection, *, replaces: bool) -> None:
    """Make sure that no table has a row, by taking all of them away if that is wanted.

    Raises:
        BackupRefused: there are rows, and they are not to be replaced.
    """
    tables = loading.present_tables(connection)
    if replaces:
        loading.make_empty(connection, tables)
    elif full := loading.count_all(connection, tables):
        raise BackupRefused(
            f"The database is not empty: {full} of its tables have rows. Set DATABASE_URL to an empty one, "
            "or say --replace to take away everything that is in this one."
        )


def _refuse_files(files: _Files) -> None:
    here = sum(1 for _name in files_below(files.folder))
    if here > files.same:
        raise BackupRefused(
            f"{files.folder} holds files that are not in the backup: set COUNTERPART_DATA_DIR to an empty folder, "
            "or say --replace; files of before are then left where they are, and no row names them."
        )


class _Unpacked:
    """The rows of a backup as they are read for the second time; its files are written as they come by."""

    def __init__(self, members: Iterator[Member], manifest: Manifest, files: _Files, notes: Notes) -> None:
        self._members, self._manifest = members, manifest
        self._files, self._notes = files, notes

    @property
    def revision(self) -> str:
        """At which revision the rows were read."""
        return self._manifest.revision

    @property
    def sequences(self) -> Mapping[str, int]:
        """The last number given in each table."""
        return self._manifest.sequences

    def count(self) -> int:
        """How many rows there are in all."""
        return self._manifest.rows

    def tally(self, table: Table) -> tuple[int, str]:
        """How many rows a table has in the backup, and their SHA-256."""
        entry = self._manifest.entry(table.name)
        return entry.rows, entry.sha256

    def tables(self) -> Iterator[tuple[Table, Iterable[Row]]]:
        """The tables that have rows; what follows them are files."""
        try:
            for table, parts in groupby(self._members, table_of):
                if table is None:
                    for member in parts:
                        self._take_file(member)
                else:
                    yield self._manifest.entry(table).table, _rows(parts)
        except Torn as torn:
            raise BackupRefused(f"The backup has changed since it was checked: {torn}.") from torn

    def _take_file(self, member: Member) -> None:
        if member.name == NOTEBOOK:
            self._notes.take(member.content())
        elif member.name != LAST:
            self._files.write(member)


def _rows(parts: Iterable[Member]) -> Iterator[Row]:
    for member in parts:
        for line in member.content().splitlines():
            yield row_of(line)
