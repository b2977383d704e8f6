"""The home of an index in a folder: `gen-N/public`, `gen-N/restricted`, and a file that names the current N."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.search.homes import PARTS, Look
from app.search.store import Store

CURRENT = "CURRENT"


class FolderHome:
    """The generations of an index as folders; each part is an index of Whoosh's with columns beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def look(self) -> Look | None:
        """What there is now; nothing if there is no index."""
        try:
            number = int((self.folder / CURRENT).read_text())
        except (FileNotFoundError, ValueError):
            return None
        return Look(number, {name: self.part(number, name).stamp() for name in PARTS})

    def part(self, generation: int, name: str) -> Store:
        """One part of a generation."""
        return Store(self.folder / f"gen-{generation}" / name)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one process writes the index at a time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writer.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def swap(self, generation: int) -> None:
        """Put a generation in force; the one before stays for those who still read it, older ones go."""
        beside = self.folder / "CURRENT.new"
        beside.write_text(str(generation))
        beside.replace(self.folder / CURRENT)
        names = [path.name.removeprefix("gen-") for path in self.folder.glob("gen-*")]
        for old in (int(name) for name in names if name.isdecimal()):
            if old < generation - 1:
                self.drop(old)

    def drop(self, generation: int) -> None:
        """Throw a generation away, if it is there."""
        shutil.rmtree(self.folder / f"gen-{generation}", ignore_errors=True)

    def close(self) -> None:
        """Nothing is open between two looks."""
