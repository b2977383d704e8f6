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
    """A lesson was validated, as it was written or in clearer words."""

    lesson_id: int


@dataclass(frozen=True)
class LessonReturned(Fact):
    """A lesson was returned to its author, with a reason; it is no longer shown."""

    lesson_id: int


@dataclass(frozen=True)
class LessonReviewAsked(Fact):
    """The secretariat has asked somebody to review a lesson."""

    lesson_id: int


@dataclass(frozen=True)
class LessonReviewEnded(Fact):
    """The secretariat no longer asks somebody to review a lesson."""

    lesson_id: int
    account_id: int


@dataclass(frozen=True)
class LessonCommented(Fact):
    """The author, the reviewer or the secretariat has a word for the others."""

    comment_id: int


@dataclass(frozen=True)
class LessonCorroborated(Fact):
    """Somebody says that two lessons say the same."""

    tie_id: int


@dataclass(frozen=True)
class LessonContradicted(Fact):
    """Somebody says that two lessons say the opposite."""

    tie_id: int


@dataclass(frozen=True)
class LessonDue(Fact):
    """The day on which a validated lesson was to be looked at again has passed."""

    lesson_id: int


@dataclass(frozen=True)
class LessonAffirmed(Fact):
    """Somebody has looked at a lesson again: it is still true, until another day."""

    lesson_id: int


@dataclass(frozen=True)
class OutputRecorded(Fact):
    """An output that others may reuse was recorded."""

    output_id: int


@dataclass(frozen=True)
class OutputAmended(Fact):
    """An output's record was changed."""

    output_id: int
