"""What a backup says of itself, as its last member: of which moment it is, and what has to be in it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field
from importlib import metadata
from typing import Any

from app.backups.errors import BackupRefused, Torn
from app.backups.schema import Column, Table
from app.config import ROOT

FORMAT = 1
FIRST, LAST = "counterpart-backup.json", "manifest.json"
TABLES = "tables/"


@dataclass(frozen=True)
class TableEntry:
    """A table of the backup: how many rows and bytes of lines (`size`), and the SHA-256 over all of its lines."""

    table: Table
    rows: int
    size: int
    sha256: str


@dataclass
class Listing:
    """The files of the backup: how many, how many bytes (`size`), and a SHA-256 over name, size and hash of each."""

    count: int = 0
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256, repr=False)

    def add(self, name: str, size: int, sha256: str) -> None:
        """A file was written or read."""
        self.count += 1
        self.size += size
        self.digest.update(f"{name} {size} {sha256}\n".encode())

    def as_json(self) -> dict[str, Any]:
        """The listing as the manifest tells it."""
        return {"count": self.count, "bytes": self.size, "sha256": self.digest.hexdigest()}


@dataclass(frozen=True)
class Manifest:
    """Of which site, revision, moment (UTC) and engine the backup is, and what is in it.

    `sequences` are the last numbers given (PostgreSQL). `damaged` are files that were not any more what their names
    say when they were backed up, `missing` those that rows name and that were not there.
    """

    site: str
    revision: str
    moment: str
    engine: str
    tables: tuple[TableEntry, ...]
    sequences: dict[str, int]
    files: dict[str, Any]
    damaged: list[str]
    missing: list[str]

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(entry.rows for entry in self.tables)

    def entry(self, name: str) -> TableEntry:
        """What is said of a table."""
        return next(entry for entry in self.tables if entry.table.name == name)

    def as_bytes(self) -> bytes:
        """The manifest as JSON."""
        told = {"format": FORMAT, **asdict(self), "tables": [_entry_as_json(entry) for entry in self.tables]}
        return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Manifest:
        """Read a manifest.

        Raises:
            Torn: it is none.
        """
        try:
            told = json.loads(content)
            tables = tuple(_entry_of(entry) for entry in told.pop("tables"))
            if told.pop("format") != FORMAT:
                raise Torn("its manifest is of another format than its beginning says")
            return cls(tables=tables, **told)
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise Torn("its manifest cannot be read") from error


def _entry_as_json(entry: TableEntry) -> dict[str, Any]:
    columns = [[column.name, column.kind] for column in entry.table.columns]
    return {
        "name": entry.table.name, "key": list(entry.table.key), "columns": columns,
        "rows": entry.rows, "bytes": entry.size, "sha256": entry.sha256,
    }  # fmt: skip


def _entry_of(told: dict[str, Any]) -> TableEntry:
    columns = tuple(Column(name, kind) for name, kind in told["columns"])
    table = Table(told["name"], columns, tuple(told["key"]))
    return TableEntry(table, told["rows"], told["bytes"], told["sha256"])


def first_member() -> bytes:
    """What a backup begins with, by which it is known."""
    return f"{json.dumps({'format': FORMAT, 'site': site_version()})}\n".encode()


def check_first(name: str, member: str, content: bytes) -> None:
    """Whether a file that begins with this member is a backup that can be read here.

    Raises:
        BackupRefused: it is something else, or of a later format.
    """
    try:
        number = json.loads(content)["format"] if member == FIRST else None
    except (ValueError, KeyError, TypeError):
        number = None
    if not isinstance(number, int):
        raise BackupRefused(f"{name} is no backup of Counterpart.")
    if number != FORMAT:
        raise BackupRefused(
            f"{name} is a backup of format {number}, and this version of the site reads format {FORMAT}: "
            "use the version of the site that made it."
        )


def site_version() -> str:
    """The version of the site, from its installed package or, where it runs from its source, from there."""
    try:
        return metadata.version("counterpart")
    except metadata.PackageNotFoundError:
        told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        return str(told["project"]["version"])
