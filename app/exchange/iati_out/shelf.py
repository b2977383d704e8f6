"""Files that were written once are kept as long as they hold: whoever asks again is given the same, or told so.

Beside each file stands a note: the mark of the tables it was made from, a digest of what it says, and since when it
says so. A file that is made anew and says the same stays as it was, so that nobody fetches it twice. The folder may be
thrown away at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import BinaryIO, cast

FOLDER = "open-data"
_MOMENT = re.compile(rb'generated-datetime="[^"]*"')
_BLOCK = 1 << 20
_SAFE = re.compile(r"[A-Za-z0-9-]+")
_AT_WORK: dict[str, Lock] = {}

Make = Callable[[BinaryIO], int]
"""Writes a file and says how many records are in it."""


@dataclass(frozen=True)
class Note:
    """What is known of a kept file. `said_since` is the second since which it says what it says."""

    mark: str
    digest: str
    said_since: str
    records: int
    size: int

    @property
    def modified_at(self) -> datetime:
        """Since when the file says what it says."""
        return datetime.fromisoformat(self.said_since)


def path_of(data_dir: Path, name: str) -> Path:
    """Where a file is kept.

    Raises:
        ValueError: no name of ours.
    """
    if not _SAFE.fullmatch(name):
        raise ValueError(name)
    return data_dir / FOLDER / f"{name}.xml"


def last_note(data_dir: Path, name: str) -> Note | None:
    """What is known of a file as it was last made, whether or not it still holds.

    A page that said whether it holds would tell of changes that not everybody may see.
    """
    return _read(path_of(data_dir, name))


def note_of(data_dir: Path, name: str, mark: str) -> Note | None:
    """What is known of a file that still holds."""
    note = _read(path_of(data_dir, name))
    return note if note is not None and note.mark == mark else None


def take(data_dir: Path, name: str, mark: str, make: Make, now: datetime) -> Note | None:
    """The file as it has to be now, made anew if it does not hold any more; None where there is nothing to tell."""
    with _AT_WORK.setdefault(name, Lock()):
        note = note_of(data_dir, name, mark)
        if note is None:
            note = _make(path_of(data_dir, name), mark, make, now)
    return note if note.records else None


def _make(path: Path, mark: str, make: Make, now: datetime) -> Note:
    path.parent.mkdir(parents=True, exist_ok=True)
    before = _read(path)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        part = Path(file.name)
        try:
            records = make(cast(BinaryIO, file))
            file.flush()
        except BaseException:
            part.unlink()
            raise
    digest = _digest(part)
    if before is not None and before.digest == digest and path.exists():
        part.unlink()
        note = Note(mark, digest, before.said_since, records, before.size)
    else:
        note = Note(mark, digest, now.replace(microsecond=0).isoformat(), records, part.stat().st_size)
        part.replace(path)
    _write(path, note)
    return note


def _digest(path: Path) -> str:
    """A digest of what a file says: all of it but the moment of its writing, which stands in its first line."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        digest.update(_MOMENT.sub(b"", file.read(_BLOCK), count=1))
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _read(path: Path) -> Note | None:
    try:
        return Note(**json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(path: Path, note: Note) -> None:
    part = path.with_suffix(f".{os.getpid()}.json.part")
    part.write_text(json.dumps(asdict(note)), encoding="utf-8")
    part.replace(path.with_suffix(".json"))
