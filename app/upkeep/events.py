"""What happens to living records, told upwards."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class NeedLapsed(Fact):
    """The day has passed by which a need was to be confirmed: it stands lower from now on."""

    need_id: int


@dataclass(frozen=True)
class ProgrammeLapsed(Fact):
    """The same of a programme."""

    programme_id: int


@dataclass(frozen=True)
class CourseLapsed(Fact):
    """The same of a course."""

    course_id: int


@dataclass(frozen=True)
class NeedAcknowledged(Fact):
    """Somebody whose task it is has read a need and said so; its author is to know."""

    need_id: int


@dataclass(frozen=True)
class NeedCirculated(Fact):
    """A need was sent on by hand to chosen organisations, which are to be told."""

    need_id: int
    moment_id: int


@dataclass(frozen=True)
class OutcomeSaid(Fact):
    """The author of a need has said, a year later, whether it was met."""

    need_id: int
