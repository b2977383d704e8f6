"""What the pages of courses and sessions share: the address, and who may change a course."""

from __future__ import annotations

from typing import cast

from app.courses import queries
from app.courses.models import Course
from app.foundation.db import Tx
from app.foundation.permissions import Permission, require
from app.foundation.web import abort, actor, blueprint, found, now

bp = blueprint("courses", "/courses")


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
