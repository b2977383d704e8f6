"""Where files lie: in a folder of this machine, or, for several hosts, in the database, with copies in the folder.

A file has a name below the folder ("files/ab/ab12..."), never changes, and is written down in full before any row names
it. With `shared` the database is the truth: what another host has kept is fetched when it is first asked for, and a
copy goes when the database no longer knows it, or when nobody asked for it for a week.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import structlog
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.config import Settings
from app.foundation.clock import Clock
from app.foundation.db import Base, Database, Tx

FOLDERS = ("files", "jobs/files", "incoming", "workbooks")
"""What lies below the folder and belongs to rows."""
PART = 1 << 20
"""Bytes that are written to the database, or read from it, at a time."""
COPY_KEPT = 7 * 86_400
JUST_NOW = 3_600
"""Seconds: a copy that nobody asked for; a file that may be just coming in."""
log = structlog.get_logger()
_SWEPT: dict[Path, float] = {}


class StoredFile(Base):
    """A file that all hosts share: its name below the folder, its size in bytes and its SHA-256; kept since (UTC)."""

    __tablename__ = "stored_files"

    name: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    kept_at: Mapped[datetime]


class StoredPart(Base):
    """A piece of it, numbered from 0."""

    __tablename__ = "stored_parts"

    name: Mapped[str] = mapped_column(ForeignKey("stored_files.name", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class _DamagedError(Exception):
    """What the database gave is not what was kept."""


@dataclass(frozen=True)
class FileStore:
    """Where files lie, and whether a scanner looks at each of them before anybody else may have it.

    `shared` is the database that keeps them for all hosts, if there are several.
    """

    folder: Path
    is_scanned: bool = False
    shared: Database | None = None

    def keep(self, name: str, content: bytes, tx: Tx | None = None) -> None:
        """Keep a file; with `tx` it is there for others once that is committed. What is there already stays.

        Raises:
            OSError: the disk does not take it.
        """
        path = self.folder / name
        if not path.exists():
            write_whole(path, lambda file: file.write(content))
        if self.shared is not None:
            with self._writing(tx) as writing:
                _put(writing, name, BytesIO(content))

    def keep_written(self, name: str, part: Path) -> None:
        """Keep a file that has been written below the folder under another name; that one is gone afterwards."""
        path = self.folder / name
        part.replace(path)
        if self.shared is not None:
            with path.open("rb") as source, self.shared.transaction() as tx:
                _put(tx, name, source)

    def find(self, name: str) -> Path | None:
        """Where a file, or a copy of it, lies on this machine; None where there is no such file.

        Raises:
            OSError: the disk does not take the copy.
        """
        path = self.folder / name
        if path.is_file():
            if self.shared is not None:
                # So that it is seen that somebody wants it.
                os.utime(path)
            return path
        return path if self.shared is not None and self._fetch(self.shared, name) else None

    def read(self, name: str) -> bytes | None:
        """What is in a file; None where there is no such file."""
        path = self.find(name)
        return path.read_bytes() if path is not None else None

    def is_there(self, tx: Tx, name: str) -> bool:
        """Whether a file is kept, without fetching it."""
        known = self.shared is not None and tx.get(StoredFile, name) is not None
        return known if self.shared is not None else (self.folder / name).is_file()

    def remove(self, names: Iterable[str], tx: Tx | None = None) -> None:
        """Remove files; copies on other hosts go when these next look after theirs."""
        names = list(names)
        for name in names:
            (self.folder / name).unlink(missing_ok=True)
        if self.shared is not None and names:
            with self._writing(tx) as writing:
                writing.execute(delete(StoredFile).where(StoredFile.name.in_(names)))

    def forget(self, below: str, wanted: Collection[str], wall: datetime, tx: Tx | None = None) -> int:
        """Remove what lies in one of FOLDERS and is not wanted; how many files. `wall` is the real clock's hour (UTC).

        A file of the last hour may be one that is just coming in.
        """
        just_now = wall.timestamp() - JUST_NOW
        gone = {name for name, changed in self._below(below) if name not in wanted and changed < just_now}
        if self.shared is not None:
            with self._writing(tx) as writing:
                kept = writing.execute(
                    select(StoredFile.name, StoredFile.kept_at).where(StoredFile.name.startswith(f"{below}/"))
                )
                gone |= {name for name, at in kept if name not in wanted and at.timestamp() < just_now}
        self.remove(gone, tx)
        return len(gone)

    def forget_copies(self) -> int:
        """Remove copies of what the database no longer knows, and of what nobody asked for; how many."""
        if self.shared is None:
            return 0
        now = Clock().wall().timestamp()
        with self.shared.reading() as tx:
            known = set(tx.scalars(select(StoredFile.name)))
        copies = [copy for below in FOLDERS for copy in self._below(below)]
        old = [name for name, changed in copies if now - changed > (COPY_KEPT if name in known else JUST_NOW)]
        for name in old:
            (self.folder / name).unlink(missing_ok=True)
        return len(old)

    def keep_note(self, name: str, content: bytes) -> None:
        """Keep a small file in place of the one of that name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f"{name}.new"
        beside.write_bytes(content)
        beside.replace(self.folder / name)
        if self.shared is not None:
            with self.shared.transaction() as tx:
                tx.execute(delete(StoredFile).where(StoredFile.name == name))
                _put(tx, name, BytesIO(content))

    def note(self, name: str) -> bytes | None:
        """What was kept last in the small file of that name, by whichever host; None where nothing was."""
        if self.shared is not None:
            with self.shared.reading() as tx:
                return b"".join(_parts(tx, name)) if tx.get(StoredFile, name) is not None else None
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def share(self, names: Iterable[str], tick: Callable[[int], object]) -> None:
        """Bring files of the folder into the database. `tick` is told of each.

        Raises:
            OSError: one of them cannot be read.
        """
        assert self.shared is not None, "there is nobody to share with"
        for name in names:
            with (self.folder / name).open("rb") as source, self.shared.transaction() as tx:
                _put(tx, name, source)
            tick(1)

    def _below(self, below: str) -> Iterator[tuple[str, float]]:
        """What lies there, halves of broken uploads too, and when it was changed (seconds since 1970)."""
        for path in (self.folder / below).rglob("*"):
            # Another process of this host may be tidying up as well.
            with suppress(FileNotFoundError):
                if path.is_file():
                    yield path.relative_to(self.folder).as_posix(), path.stat().st_mtime

    def _writing(self, tx: Tx | None) -> AbstractContextManager[Tx]:
        assert self.shared is not None
        return nullcontext(tx) if tx is not None else self.shared.transaction()

    def _fetch(self, shared: Database, name: str) -> bool:
        self._sweep_sometimes()
        with shared.reading() as tx:
            known = tx.get(StoredFile, name)
            if known is None:
                return False
            digest = hashlib.sha256()

            def write(file: BinaryIO) -> None:
                for part in _parts(tx, name):
                    digest.update(part)
                    file.write(part)
                if digest.hexdigest() != known.sha256:
                    raise _DamagedError(name)

            try:
                write_whole(self.folder / name, write)
            except _DamagedError:
                log.warning("a file is damaged in the database", name=name)
                return False
        return True

    def _sweep_sometimes(self) -> None:
        now = time.monotonic()
        if now - _SWEPT.get(self.folder, -JUST_NOW) >= JUST_NOW:
            _SWEPT[self.folder] = now
            self.forget_copies()


def store_of(settings: Settings, database: Database) -> FileStore:
    """Where the files of a site with these settings lie."""
    shared = database if settings.files_in == "database" else None
    return FileStore(settings.data_dir, is_scanned=settings.clamd_url is not None, shared=shared)


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file beside its place, bring it to the disk, and only then give it its name.

    So a full disk or a crash never leaves half a file under a whole one's name, and a power cut no name without its
    content.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _put(tx: Tx, name: str, source: BinaryIO) -> None:
    if tx.get(StoredFile, name) is not None:
        return
    stored = StoredFile(name=name, size=0, sha256="", kept_at=Clock().wall())
    try:
        with tx.begin_nested():
            tx.add(stored)
    except IntegrityError:
        # Another host has just kept the same.
        return
    digest, number = hashlib.sha256(), 0
    while part := source.read(PART):
        tx.execute(insert(StoredPart), {"name": name, "number": number, "content": part})
        digest.update(part)
        stored.size, number = stored.size + len(part), number + 1
    stored.sha256 = digest.hexdigest()
    tx.flush()


def _parts(tx: Tx, name: str) -> Iterable[bytes]:
    """The pieces of a file, one after the other, so that no more than one of them is in memory."""
    number = 0
    asked = select(StoredPart.content).where(StoredPart.name == name)
    while (part := tx.scalar(asked.where(StoredPart.number == number))) is not None:
        yield part
        number += 1
