"""What happens to the words on matches, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class MatchReviewed(Fact):
    """The secretariat has decided on a pair of this need: its matches are put in order anew."""

    need_id: int
