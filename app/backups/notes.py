"""The notes of signatures (audit-seals.jsonl): only ever added to, so of two that begin alike the longer knows more."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from app.backups.errors import BackupRefused
from app.backups.new_file import cannot_write, sync_folder
from app.foundation.audit.seals import NOTEBOOK


class Notes:
    """The notes that are here, beside those of a backup.

    Longer ones that are here stay: by them `flask audit verify` tells which events are lost since the backup. Notes of
    another site are set aside, if they may be replaced, and never thrown away.
    """

    def __init__(self, folder: Path, *, replaces: bool) -> None:
        self._path = folder / NOTEBOOK
        self._replaces = replaces
        self._here = self._path.read_bytes() if self._path.exists() else b""
        self._there = b""
        self.set_aside: Path | None = None

    @property
    def are_longer(self) -> bool:
        """What is here knows of signatures made after the backup."""
        return self._here != self._there and self._here.startswith(self._there)

    def take(self, there: bytes) -> None:
        """The notes of the backup.

        Raises:
            BackupRefused: those here are of another site, and are not to be replaced.
        """
        self._there = there
        if not (self._replaces or self._fits or self.are_longer):
            raise BackupRefused(
                f"{self._path} is of another site than the backup: move it away, or set COUNTERPART_DATA_DIR to an "
                "empty folder."
            )

    @property
    def _fits(self) -> bool:
        return self._there.startswith(self._here)

    def add(self) -> None:
        """Write down what the backup knows besides; called before the rows are there for good.

        Raises:
            BackupRefused: the disk does not take it.
        """
        if self._fits and self._there != self._here:
            self._write()

    def replace(self, now: datetime) -> None:
        """Put the backup's notes in the place of another site's; called once the rows are there for good."""
        if self._fits or self.are_longer:
            return
        self.set_aside = self._path.with_name(f"{NOTEBOOK}.until-{now:%Y%m%dT%H%M%SZ}")
        self._path.rename(self.set_aside)
        self._write()

    def _write(self) -> None:
        part = self._path.with_name(f"{NOTEBOOK}.part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(self._there)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise cannot_write(self._path, error) from error
