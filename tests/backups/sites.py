"""A site as its backups see it: a database and the data directory beside it, and what can be asked of the two."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from app.backups import restoring, taking
from app.foundation.audit.verify import verify
from app.foundation.db import Database
from app.foundation.filing.store import FileStore

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
AUDIT_KEY = "the key of the tests, long enough to be one"
KEY = "a key for the backups of the tests, long enough"
NEED = SimpleNamespace(ref="N-TEST", record_kind="need", organisation_id=None, version=1)


@contextmanager
def silently(_label, _length):
    yield lambda _steps: None


@dataclass
class Copy:
    """A database and the data directory that belongs to it."""

    database: Database
    folder: Path

    def back_up(self, name="site.backup", key=None):
        """Take a backup beside the data directory, and give its path."""
        path = self.folder.parent / name
        self.taken = taking.take_backup(self.database, FileStore(self.folder), path, key, NOW, silently)
        return path

    def restore(self, backup, key=None, *, replaces=False):
        place = restoring.Place(self.database, self.folder)
        return restoring.restore(backup, key, place, NOW, silently, replaces=replaces)

    def verdict(self):
        """What the record says of itself."""
        with self.database.reading() as tx:
            return verify(tx, AUDIT_KEY, self.folder)

    def files(self):
        """Every file below the data directory but the database itself."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and ".sqlite" not in path.name
        }
