"""What happens to needs, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class NeedPosted(Fact):
    """A need was posted for the first time."""

    need_id: int


@dataclass(frozen=True)
class NeedPassing(Fact):
    """A need waits for those who look at it before it is posted."""

    need_id: int


@dataclass(frozen=True)
class NeedReturned(Fact):
    """A need was returned to its author before it was posted, with a reason."""

    need_id: int
    passing_id: int


@dataclass(frozen=True)
class NeedAmended(Fact):
    """A posted need has a new version."""

    need_id: int
    version: int


@dataclass(frozen=True)
class NeedClosed(Fact):
    """A need was closed; what was learned may be asked for now."""

    need_id: int


@dataclass(frozen=True)
class NeedWithdrawn(Fact):
    """A need was withdrawn."""

    need_id: int


@dataclass(frozen=True)
class NeedConfirmed(Fact):
    """The author has confirmed that the need still stands."""

    need_id: int


@dataclass(frozen=True)
class ResultRecorded(Fact):
    """An indicator of a need has been measured."""

    need_id: int
