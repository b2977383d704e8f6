"""What happens to meetings and action points, as others are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class MeetingConvened(Fact):
    """Organisations were invited to a meeting, or further ones were."""

    meeting_id: int


@dataclass(frozen=True)
class MeetingChanged(Fact):
    """A meeting has another day, hour, place or link."""

    meeting_id: int
    version: int


@dataclass(frozen=True)
class MeetingHeld(Fact):
    """A meeting was held, and its minutes can be read."""

    meeting_id: int


@dataclass(frozen=True)
class MeetingCancelled(Fact):
    """A meeting will not be held."""

    meeting_id: int


@dataclass(frozen=True)
class ActionPointSet(Fact):
    """An organisation owes something by a day."""

    meeting_id: int
    point_id: int


@dataclass(frozen=True)
class ActionPointChanged(Fact):
    """What is to be done is said otherwise, or has another day. `at` tells one change from the next."""

    meeting_id: int
    point_id: int
    at: str


@dataclass(frozen=True)
class ActionPointClosed(Fact):
    """An action point is done, or was dropped. `at` tells one time from the next."""

    meeting_id: int
    point_id: int
    at: str = ""


@dataclass(frozen=True)
class ActionPointReopened(Fact):
    """An action point that was closed has to be done after all."""

    meeting_id: int
    point_id: int
    at: str


def moment(now: datetime) -> str:
    """A moment as a fact tells it apart from another one."""
    return f"{now:%Y%m%d%H%M%S%f}"
