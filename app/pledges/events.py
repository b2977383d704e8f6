"""What happens to pledges, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class PledgeMade(Fact):
    """A pledge, or an interest, was made; the recipient is asked to answer."""

    pledge_id: int
    need_id: int


@dataclass(frozen=True)
class PledgeAccepted(Fact):
    """The recipient accepted a pledge: it covers its lines from now on."""

    pledge_id: int
    need_id: int


@dataclass(frozen=True)
class PledgeDeclined(Fact):
    """The recipient declined a pledge."""

    pledge_id: int
    need_id: int


@dataclass(frozen=True)
class PledgeWithdrawn(Fact):
    """The donor withdrew a pledge, or it lapsed: the gap is open again."""

    pledge_id: int
    need_id: int


@dataclass(frozen=True)
class PledgeChanged(Fact):
    """A pledge moved on, or a delivery was recorded that waits for the other side."""

    pledge_id: int
    need_id: int


@dataclass(frozen=True)
class ContributionConfirmed(Fact):
    """Both sides have confirmed a delivery."""

    pledge_id: int
    need_id: int
