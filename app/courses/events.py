"""What happens to courses and their sessions, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class CoursePosted(Fact):
    """A course was put into the catalogue."""

    course_id: int


@dataclass(frozen=True)
class CourseAmended(Fact):
    """A course has a new version."""

    course_id: int


@dataclass(frozen=True)
class CourseConfirmed(Fact):
    """The centre says that a course still stands as it is written."""

    course_id: int


@dataclass(frozen=True)
class CourseWithdrawn(Fact):
    """A course was taken out of the catalogue."""

    course_id: int


@dataclass(frozen=True)
class SessionPosted(Fact):
    """A dated run of a course was announced."""

    course_id: int
    session_id: int


@dataclass(frozen=True)
class SessionChanged(Fact):
    """The dates, seats or terms of a session have changed; `has_moved` where it has other days or another place."""

    course_id: int
    session_id: int
    has_moved: bool = False


@dataclass(frozen=True)
class SessionCancelled(Fact):
    """A session does not take place."""

    course_id: int
    session_id: int
