"""What happens to lessons and outputs, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class LessonRecorded(Fact):
    """A lesson was recorded; the secretariat may validate it."""

    lesson_id: int


@dataclass(frozen=True)
class LessonAmended(Fact):
    """A lesson has new words and waits for validation again."""

    lesson_id: int


@dataclass(frozen=True)
class LessonValidated(Fact):
    """The secretariat has validated a lesson."""

    lesson_id: int


@dataclass(frozen=True)
class LessonReturned(Fact):
    """The secretariat has returned a lesson to its author, with a reason; it is no longer shown."""

    lesson_id: int


@dataclass(frozen=True)
class OutputRecorded(Fact):
    """An output that others may reuse was recorded."""

    output_id: int


@dataclass(frozen=True)
class OutputAmended(Fact):
    """An output's record was changed."""

    output_id: int
