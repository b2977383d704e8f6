"""What a centre does with a course that is as it was: it says so, and readers see that somebody has looked."""

from __future__ import annotations

from datetime import datetime

from app.courses import rules
from app.courses.events import CourseConfirmed
from app.courses.models import Course
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require


def confirm_course(tx: Tx, actor: Actor, course: Course, now: datetime, *, by_link: bool = False) -> None:
    """The centre says that the course still stands as it is written; it is asked again after half a year.

    Raises:
        Refused: the actor may not. MoveRefused: it has been withdrawn.
    """
    require(actor, Permission.COURSE_AMEND, now, course)
    rules.check_move(rules.MOVES, course.status, "posted")
    course.verify_by, course.changed_at = rules.verify_by(now.date()), now
    record_event(tx, actor, "course.confirmed", course, now, {"by": "link"} if by_link else None)
    tell(tx, CourseConfirmed(course.id), now)
