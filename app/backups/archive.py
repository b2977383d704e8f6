"""A backup as one file: rows table by table, files, and the manifest; written once, read from beginning to end."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from app.backups import packing, sealing
from app.backups.errors import BackupRefused, Torn
from app.backups.manifest import (
    FIRST,
    LAST,
    TABLES,
    Listing,
    Manifest,
    TableEntry,
    check_first,
    first_member,
)
from app.backups.members import Member, MemberWriter, members
from app.backups.reading import Tally
from app.backups.schema import Table
from app.backups.streams import Sink, Source
from app.backups.values import Row, line_of

PART = 1024 * 1024
"""A table is written in parts of about so many bytes, since a member has to say its size before it begins."""
STEP = 256 * 1024
TABLE_PART = re.compile(r"tables/(?P<table>[a-z0-9_]+)/[0-9]{6,}\.jsonl")
Tick = Callable[[int], object]


class ArchiveWriter:
    """Writes a backup into a sink, sealed if there is a key."""

    def __init__(self, sink: Sink, key: str | None, moment: datetime) -> None:
        self._sealer = sealing.Sealer(sink, key) if key else None
        self._packer = packing.Packer(self._sealer or sink)
        self._members = MemberWriter(self._packer, moment)
        self._members.add(FIRST, first_member())
        self.tables: list[TableEntry] = []
        self.listing = Listing()

    def table(self, table: Table, rows: Iterable[Row], tick: Tick) -> None:
        """Write the rows of a table; `tick` is told of each hundred or so."""
        tally, part, number = Tally(), bytearray(), 0
        ticked = 0
        for row in rows:
            line = line_of(row)
            tally.add(line)
            part += line
            if len(part) >= PART:
                number += 1
                self._part(table, number, part)
                tick(tally.rows - ticked)
                ticked = tally.rows
        if part:
            self._part(table, number + 1, part)
        tick(tally.rows - ticked)
        self.tables.append(TableEntry(table, tally.rows, tally.size, tally.sha256))

    def _part(self, table: Table, number: int, part: bytearray) -> None:
        self._members.add(f"{TABLES}{table.name}/{number:06}.jsonl", bytes(part))
        part.clear()

    def file(self, name: str, size: int, content: Source) -> str:
        """Write a file of so many bytes, and give the SHA-256 of them back.

        Raises:
            BackupRefused: it has become shorter meanwhile.
        """
        digest, left = hashlib.sha256(), size
        self._members.begin(name, size)
        while left:
            data = content.read(min(left, STEP))
            if not data:
                raise BackupRefused(f"{name} has become shorter while it was read: begin again.")
            digest.update(data)
            self._members.write(data)
            left -= len(data)
        self._members.end(size)
        self.listing.add(name, size, digest.hexdigest())
        return digest.hexdigest()

    def close(self, manifest: Manifest) -> None:
        """Write the manifest and the end."""
        self._members.add(LAST, manifest.as_bytes())
        self._members.close()
        self._packer.close()
        if self._sealer:
            self._sealer.close()


def walk(file: BinaryIO, key: str | None, name: str) -> Iterator[Member]:
    """Every member but the first, the manifest as the last one. At its end all bytes of the file have been proven.

    Raises:
        BackupRefused: it is no backup, cannot be opened with this key, is damaged or cut off.
    """
    file.seek(0)
    unpacker = packing.Unpacker(_opened(file, key, name), name)
    is_known = False
    try:
        for member in members(unpacker):
            if is_known:
                yield member
                continue
            check_first(name, member.name, member.content() if member.name == FIRST else b"")
            is_known = True
    except Torn as torn:
        if not is_known:
            raise BackupRefused(f"{name} is no backup of Counterpart, or its first bytes are damaged.") from torn
        raise BackupRefused(f"{name} is damaged or cut off: {torn}.") from torn
    unpacker.finish()


def _opened(file: BinaryIO, key: str | None, name: str) -> Source:
    beginning = file.read(len(sealing.MAGIC))
    file.seek(0)
    if beginning == sealing.MAGIC:
        if not key:
            raise BackupRefused(f"{name} is encrypted: give its key with --key-file or COUNTERPART_BACKUP_KEY.")
        return sealing.Opener(file, key, name)
    if not beginning.startswith(packing.BEGINNING):
        raise BackupRefused(f"{name} is no backup of Counterpart, or its first bytes are damaged.")
    if key:
        raise BackupRefused(
            f"{name} is not encrypted although there is a key, so anybody may have made it: "
            "if you trust it, read it without --key-file and COUNTERPART_BACKUP_KEY."
        )
    return file


def table_of(member: Member) -> str | None:
    """The table of which this member is a part, none if it is a file."""
    found = TABLE_PART.fullmatch(member.name)
    return found["table"] if found else None


def sha256_of(member: Member) -> str:
    """The hash of what is left of a member, which is read to its end."""
    digest = hashlib.sha256()
    while data := member.read(STEP):
        digest.update(data)
    return digest.hexdigest()
