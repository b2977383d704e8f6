"""What happens to messages, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class MessageSent(Fact):
    """One side has written to the other."""

    message_id: int
