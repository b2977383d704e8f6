"""A backup is read from beginning to end, and everything in it is what its manifest says, before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from app.backups.archive import sha256_of, table_of, walk
from app.backups.errors import BackupRefused, Torn
from app.backups.holdings import is_content, is_file_of_ours
from app.backups.manifest import LAST, Listing, Manifest
from app.backups.members import Member
from app.backups.reading import Tally

Seen = Callable[[str, int], object]
"""What is told of each file in the backup: its name, and how many bytes it has."""


@dataclass
class _Found:
    """What was in the backup as it was read."""

    tables: dict[str, Tally] = field(default_factory=dict)
    files: Listing = field(default_factory=Listing)
    damaged: list[str] = field(default_factory=list)
    manifest: Manifest | None = None

    def take(self, member: Member, seen: Seen) -> None:
        """Read one member."""
        if self.manifest is not None:
            raise Torn(f"{member.name} stands behind the manifest")
        table = table_of(member)
        if member.name == LAST:
            self.manifest = Manifest.from_bytes(member.content())
        elif table is not None:
            self._take_lines(table, member.content())
        elif is_file_of_ours(member.name):
            digest = sha256_of(member)
            self.files.add(member.name, member.size, digest)
            if not is_content(member.name, digest):
                self.damaged.append(member.name)
            seen(member.name, member.size)
        else:
            raise Torn(f"{member.name} has no place in it")

    def _take_lines(self, table: str, content: bytes) -> None:
        if not content.endswith(b"\n"):
            raise Torn(f"a row of table {table} has no end")
        tally = self.tables.setdefault(table, Tally())
        tally.rows += content.count(b"\n")
        tally.size += len(content)
        tally.digest.update(content)


def check(
    file: BinaryIO, key: str | None, name: str, tick: Callable[[int], object], seen: Seen = lambda _name, _size: None
) -> Manifest:
    """Read all of a backup and compare it with its manifest, which is given back. `tick` is told the place in the file.

    Raises:
        BackupRefused: it is no backup, cannot be opened with this key, is damaged or cut off.
    """
    found, place = _Found(), 0
    try:
        for member in walk(file, key, name):
            found.take(member, seen)
            tick(file.tell() - place)
            place = file.tell()
        return _compared(found)
    except Torn as torn:
        raise BackupRefused(f"{name} is damaged: {torn}.") from torn


def _compared(found: _Found) -> Manifest:
    manifest = found.manifest
    if manifest is None:
        raise Torn("its manifest is missing")
    empty = Tally()
    for entry in manifest.tables:
        tally = found.tables.pop(entry.table.name, empty)
        if (tally.rows, tally.size, tally.sha256) != (entry.rows, entry.size, entry.sha256):
            raise Torn(f"the rows of table {entry.table.name} are not those that its manifest tells of")
    if found.tables:
        raise Torn(f"its manifest tells nothing of table {min(found.tables)}")
    if found.files.as_json() != manifest.files or found.damaged != manifest.damaged:
        raise Torn("its files are not those that its manifest tells of")
    return manifest
