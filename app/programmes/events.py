"""What happens to programmes, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class ProgrammePosted(Fact):
    """A programme was posted on the site."""

    programme_id: int


@dataclass(frozen=True)
class ProgrammeAmended(Fact):
    """A programme has a new version."""

    programme_id: int


@dataclass(frozen=True)
class ProgrammeClosed(Fact):
    """A programme was closed, cancelled or suspended; what was learned may be asked for now."""

    programme_id: int


@dataclass(frozen=True)
class ProgrammeConfirmed(Fact):
    """The donor says that a programme still stands as it is written."""

    programme_id: int


@dataclass(frozen=True)
class ProgrammeImported(Fact):
    """A programme was read from a file for the first time, or the file said something new of it."""

    programme_id: int
