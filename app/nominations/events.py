"""What happens to nominations, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class NominationMade(Fact):
    """Somebody was put forward for a session."""

    nomination_id: int


@dataclass(frozen=True)
class ManyNominated(Fact):
    """Several people were put forward for a session together: so many, of whom this is the first."""

    nomination_id: int
    how_many: int


@dataclass(frozen=True)
class NominationDecided(Fact):
    """A nomination has moved: a seat, the waiting list, a refusal, an answer; `status` is the new one.

    `turn` is the version of the nomination, so that each of several seats given one after the other is told of.
    """

    nomination_id: int
    status: str
    turn: int


@dataclass(frozen=True)
class ResultWritten(Fact):
    """The centre has written down how it ended for a candidate."""

    nomination_id: int
    status: str
    turn: int


@dataclass(frozen=True)
class ResultAgreed(Fact):
    """The nominating organisation says that it ended so."""

    nomination_id: int


@dataclass(frozen=True)
class IntakeChanged(Fact):
    """The quotas or terms of a session have changed."""

    session_id: int
