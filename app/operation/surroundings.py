"""What the site stands on besides its database: the disk, the last backup that somebody made, and its own version."""

from __future__ import annotations

import json
import shutil
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path

from app.foundation.filing.store import FileStore
from app.operation.measures import Backup, Disk

LAST_BACKUP = "last-backup.json"
"""In the data directory; whatever makes backups writes it: {"at": ISO 8601, "file": name, "rows": number}."""
PROJECT = Path(__file__).resolve().parent.parent.parent / "pyproject.toml"


@dataclass(frozen=True)
class Surroundings:
    """What is looked at beside the rows of the database: where files lie, and the disk with it."""

    store: FileStore

    @property
    def version(self) -> str:
        """The version of the site."""
        return own_version()

    def disk(self) -> Disk | None:
        """How full the disk with the data is; nothing where that cannot be told."""
        place = next((one for one in (self.store.folder, *self.store.folder.parents) if one.exists()), None)
        try:
            usage = shutil.disk_usage(place) if place else None
        except OSError:
            return None
        return Disk(usage.free, usage.total) if usage else None

    def backup(self) -> Backup:
        """The last backup, as far as it is known."""
        try:
            text = self.store.note(LAST_BACKUP)
            return Backup() if text is None else backup_from(text.decode())
        except (OSError, ValueError):
            return Backup(is_readable=False)


def note_backup(store: FileStore, at: str, file: Path, rows: int) -> None:
    """Keep when the last whole backup was made (ISO 8601, UTC), for whoever watches over the site."""
    store.keep_note(LAST_BACKUP, json.dumps({"at": at, "file": file.name, "rows": rows}).encode())


def backup_from(text: str) -> Backup:
    """What the note of a backup says.

    Raises:
        ValueError: it is no such note.
    """
    told = json.loads(text)
    if not isinstance(told, dict) or not isinstance(told.get("at"), str):
        raise ValueError("no note of a backup")  # noqa: TRY004 - what the file says is wrong, not our types
    at = datetime.fromisoformat(told["at"])
    rows = told.get("rows")
    file = Path(str(told.get("file") or "")).name
    return Backup(at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC), file, rows if _is_number(rows) else None)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@cache
def own_version() -> str:
    """The version as it was installed, or as the folder of the source says."""
    try:
        return version_of("counterpart")
    except PackageNotFoundError:
        pass
    try:
        return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, KeyError, ValueError):
        return "?"
