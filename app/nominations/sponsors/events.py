"""What happens to sponsored seats, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class SeatsOffered(Fact):
    """Somebody offers to pay for seats of a session."""

    sponsorship_id: int


@dataclass(frozen=True)
class SponsorshipMoved(Fact):
    """The centre has answered, or the sponsor has withdrawn; `status` is the new one."""

    sponsorship_id: int
    status: str
