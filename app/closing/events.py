"""What happens to questions at the end, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class LessonAsked(Fact):
    """An organisation is asked for a lesson."""

    request_id: int
