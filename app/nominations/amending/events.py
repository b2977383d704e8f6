"""What happens to candidates who are amended, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class NominationAmended(Fact):
    """Whoever nominated has put something right; `turn` is the version of the nomination.

    `has_new_address` where the candidate is written to at another address from now on.
    """

    nomination_id: int
    turn: int
    has_new_address: bool = False
