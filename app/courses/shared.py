"""What pages and programs share of courses and sessions: the address, who posts them, and who may change one."""

from __future__ import annotations

from typing import cast

from app.courses import queries
from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.permissions import Permission, require
from app.foundation.web import abort, actor, blueprint, found, now

bp = blueprint("courses", "/courses")
KINDS_THAT_POST = ("centre",)
"""The kinds of organisations that give courses."""


def to_amend(tx: Tx, ref: str, course: Course | None = None) -> Course:
    """The course, for somebody who may change it and as long as it stands in the catalogue.

    Raises:
        Refused: the person may not. HTTPException: there is none (404), or it has been withdrawn (409).
    """
    course = cast(Course, found(course or queries.find_course(tx, actor(), ref)))
    require(actor(), Permission.COURSE_AMEND, now(), course)
    if course.status == "withdrawn":
        abort(409)
    return course


def standing_session(course: Course, session_ref: str) -> CourseSession:
    """One of the course's sessions, as long as it stands.

    Raises:
        HTTPException: there is none (404), or it was cancelled (409).
    """
    session: CourseSession = found(queries.session_of(course, session_ref))
    if session.status == "cancelled":
        abort(409)
    return session
