"""What happens to files that people attach, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class FileKept(Fact):
    """A file was kept, or waits once more, and is to be looked at."""

    file_id: int


@dataclass(frozen=True)
class FileRead(Fact):
    """The text of a file was read, so that its record can be found by it."""

    file_id: int


@dataclass(frozen=True)
class FileTakenAway(Fact):
    """The scanner found something in a file, which was taken away."""

    file_id: int
