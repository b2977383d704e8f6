"""Files go from the folder of a machine into the database, where all hosts find them, and back."""

from __future__ import annotations

from app.backups.holdings import Holding, files_below, holdings
from app.backups.reading import snapshot
from app.backups.taking import Progress
from app.foundation.db import Database
from app.foundation.filing.store import FileStore


def share_files(store: FileStore, progress: Progress) -> tuple[int, list[str]]:
    """Bring what lies in the folder into the database; how many files lie there, and what rows name and nobody has.

    Raises:
        OSError: a file cannot be read.
        BackupRefused: the database has no tables, or they are not ours.
    """
    assert store.shared is not None, "there is nobody to share with"
    here = sorted(files_below(store.folder))
    with progress("Sharing files", len(here)) as tick:
        store.share(here, tick)
    with store.shared.reading() as tx:
        missing = [each.name for each in _named(store.shared) if each.must and not store.is_there(tx, each.name)]
    return len(here), missing


def fetch_files(store: FileStore, progress: Progress) -> tuple[int, list[str]]:
    """Bring what rows name from the database into the folder; how many files lie there now, and what nobody has.

    Raises:
        OSError: the disk does not take it.
        BackupRefused: the database has no tables, or they are not ours.
    """
    assert store.shared is not None, "there is nothing to fetch from"
    named, missing = _named(store.shared), []
    with progress("Fetching files", len(named)) as tick:
        for each in named:
            if store.find(each.name) is None and each.must:
                missing.append(each.name)
            tick(1)
    return len(named) - len(missing), missing


def _named(database: Database) -> list[Holding]:
    with snapshot(database) as moment:
        return list(holdings(moment))
