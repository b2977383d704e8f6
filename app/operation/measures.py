"""What can be measured of the site, as plain values: how much waits and since when, what is there and how old it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Facts:
    """What happened and is on its way: how much waits, since when (UTC), and since when the index lacks something."""

    waiting: int = 0
    given_up: int = 0
    oldest: datetime | None = None
    unindexed: datetime | None = None


@dataclass(frozen=True)
class Mails:
    """Mails that wait, since when (UTC), those given up in all, and those given up within the last week."""

    waiting: int = 0
    oldest: datetime | None = None
    given_up: int = 0
    given_up_lately: int = 0


@dataclass(frozen=True)
class Jobs:
    """Work in the background; `failed` within the last day."""

    waiting: int = 0
    running: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Files:
    """Files that wait for the scanner, since when (UTC), and those given out that nobody has ever scanned."""

    waiting: int = 0
    oldest: datetime | None = None
    unscanned: int = 0


@dataclass(frozen=True)
class Measured:
    """What the database says of itself; `unsigned` is when the oldest event happened that no signature covers."""

    facts: Facts = field(default_factory=Facts)
    mails: Mails = field(default_factory=Mails)
    jobs: Jobs = field(default_factory=Jobs)
    files: Files = field(default_factory=Files)
    unsigned: datetime | None = None
    signed: datetime | None = None


@dataclass(frozen=True)
class Index:
    """The search index: whether it can be read, how many records it has, and when it was built anew (UTC)."""

    is_readable: bool = True
    records: int = 0
    built: datetime | None = None


@dataclass(frozen=True)
class Disk:
    """Bytes free and in all."""

    free: int
    size: int


@dataclass(frozen=True)
class Backup:
    """The last backup: when (UTC), under which name, with how many rows; nothing of it where none is known."""

    at: datetime | None = None
    file: str = ""
    rows: int | None = None
    is_readable: bool = True
