"""A file that is there whole or not at all: written beside its place, brought to the disk, and only then named."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.backups.errors import BackupRefused

FOR_OWNER_ALONE = 0o600


class Target:
    """What is written goes into the file; what the disk says against it is said in a sentence."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path = file, path

    def write(self, data: bytes) -> None:
        """Write these bytes.

        Raises:
            BackupRefused: the disk is full, or will not have them for another reason.
        """
        try:
            self._file.write(data)
        except OSError as error:
            raise cannot_write(self._path, error) from error


def cannot_write(path: Path, error: OSError) -> BackupRefused:
    """Why a file cannot be written, in words."""
    return BackupRefused(f"{path} cannot be written: {error.strerror or error}.")


@contextmanager
def new_file(path: Path) -> Iterator[Target]:
    """A new file, for its owner alone, which has its name only once all of it has reached the disk.

    Raises:
        BackupRefused: there is one of that name, another process is just writing it, or it cannot be written.
    """
    if path.exists():
        raise BackupRefused(f"{path} is there already: choose another name, or take it away first.")
    part = path.with_name(f"{path.name}.part")
    try:
        file = _opened(part)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        with file:
            yield Target(file, path)
            file.flush()
            os.fsync(file.fileno())
            part.rename(path)
            sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        # Nothing is there any more under this name, once all went well.
        part.unlink(missing_ok=True)


def _opened(part: Path) -> BinaryIO:
    file = os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, FOR_OWNER_ALONE), "wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not part.exists() or part.stat().st_ino != os.fstat(file.fileno()).st_ino:
            raise BlockingIOError
    except BlockingIOError:
        file.close()
        raise BackupRefused(f"Another process is just writing {part}.") from None
    # What a backup that was killed has left here is written over.
    os.fchmod(file.fileno(), FOR_OWNER_ALONE)
    os.ftruncate(file.fileno(), 0)
    return file


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
