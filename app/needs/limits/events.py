"""What happens to limits of absorption, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class LimitSet(Fact):
    """A State has set a limit."""

    limit_id: int


@dataclass(frozen=True)
class LimitAmended(Fact):
    """A limit says something else now."""

    limit_id: int


@dataclass(frozen=True)
class LimitEnded(Fact):
    """A limit no longer holds."""

    limit_id: int
