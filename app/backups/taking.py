"""A backup is taken: one moment of the database, and the files that its rows name, while the site runs on."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeAlias

from app.backups.archive import ArchiveWriter, Tick
from app.backups.holdings import holdings, is_content, is_file_of_ours
from app.backups.manifest import Manifest, site_version
from app.backups.new_file import new_file
from app.backups.reading import Snapshot, snapshot
from app.foundation.audit.seals import NOTEBOOK
from app.foundation.db import Database
from app.foundation.filing.store import FileStore

Progress: TypeAlias = Callable[[str, int], AbstractContextManager[Tick]]
"""Shows how far work of this name and length has come; what it gives is told of each step."""


@dataclass
class Taken:
    """What a backup holds, and what is wrong with the files.

    `missing` are files that rows name and that are not there, `damaged` those whose content is not what their name says
    (they are kept as they are); `let_go` were taken away by the site itself while the backup was made.
    """

    manifest: Manifest
    size: int = 0
    let_go: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Nothing that rows name is missing or damaged."""
        return not (self.manifest.missing or self.manifest.damaged)


@dataclass
class _Files:
    """How it went with the files."""

    missing: list[str] = field(default_factory=list)
    optional: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def take_backup(
    database: Database, store: FileStore, target: Path, key: str | None, now: datetime, progress: Progress
) -> Taken:
    """Write the whole site into a new file. `store` is where its files lie; `now` (UTC) is told by the backup.

    Raises:
        BackupRefused: it cannot be read or written; there is no file then.
    """
    with new_file(target) as sink:
        # The notes are measured first: they must not speak of signatures that the moment of the rows does not know.
        notes = _size_of_notes(store.folder)
        writer = ArchiveWriter(sink, key, now)
        with snapshot(database) as moment:
            with progress("Reading rows", moment.count()) as tick:
                for table in moment.tables:
                    writer.table(table, moment.rows(table), tick)
            files = _write_files(writer, moment, store, notes, progress)
            revision, engine, sequences = moment.revision, moment.engine, moment.sequences()
        missing, let_go = _sorted_out(database, files)
        manifest = Manifest(
            site_version(), revision, now.astimezone(UTC).isoformat(), engine, tuple(writer.tables), sequences,
            writer.listing.as_json(), files.damaged, missing,
        )  # fmt: skip
        writer.close(manifest)
    return Taken(manifest, target.stat().st_size, [*files.optional, *let_go])


def _size_of_notes(folder: Path) -> int:
    """How many bytes of whole lines the notes of signatures have."""
    try:
        content = (folder / NOTEBOOK).read_bytes()
    except FileNotFoundError:
        return 0
    return content.rfind(b"\n") + 1


def _write_files(writer: ArchiveWriter, moment: Snapshot, store: FileStore, notes: int, progress: Progress) -> _Files:
    found = _Files()
    if notes:
        with (store.folder / NOTEBOOK).open("rb") as file:
            writer.file(NOTEBOOK, notes, file)
    with progress("Reading files", sum(1 for _holding in holdings(moment))) as tick:
        for holding in holdings(moment):
            file_or_none = _opened(store, holding.name)
            if file_or_none is None:
                (found.missing if holding.must else found.optional).append(holding.name)
            else:
                with file_or_none as file:
                    digest = writer.file(holding.name, os.fstat(file.fileno()).st_size, file)
                if not is_content(holding.name, digest):
                    found.damaged.append(holding.name)
            tick(1)
    return found


def _opened(store: FileStore, name: str) -> BinaryIO | None:
    if not is_file_of_ours(name):
        return None
    try:
        path = store.find(name)
        return path.open("rb") if path is not None else None
    except OSError:
        return None


def _sorted_out(database: Database, files: _Files) -> tuple[list[str], list[str]]:
    """Which of the missing files rows still name, and which the site has let go of since the moment of the backup."""
    if not files.missing:
        return [], []
    with snapshot(database) as later:
        named = {holding.name for holding in holdings(later) if holding.must}
    return [n for n in files.missing if n in named], [n for n in files.missing if n not in named]
