"""What happens to pledges, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class PledgeFact(Fact):
    """Something that happened to a pledge against a need."""

    pledge_id: int
    need_id: int


@dataclass(frozen=True)
class PledgeMade(PledgeFact):
    """A pledge, or an interest, was made; the recipient is asked to answer."""


@dataclass(frozen=True)
class PledgeAccepted(PledgeFact):
    """The recipient accepted a pledge: it covers its lines from now on."""


@dataclass(frozen=True)
class PledgeDeclined(PledgeFact):
    """The recipient declined a pledge."""


@dataclass(frozen=True)
class PledgeWithdrawn(PledgeFact):
    """The donor withdrew a pledge, or it lapsed: the gap is open again."""


@dataclass(frozen=True)
class PledgeChanged(PledgeFact):
    """A pledge moved on, or a delivery was recorded that waits for the other side."""


@dataclass(frozen=True)
class ContributionConfirmed(PledgeFact):
    """Both sides have confirmed a delivery."""
