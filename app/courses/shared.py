"""What the pages of courses and sessions share: the address, who may change a course, drafts, forms done once."""

from __future__ import annotations

from typing import Any, cast

from werkzeug.datastructures import MultiDict

from app.courses import queries
from app.courses.models import Course
from app.foundation import drafts
from app.foundation.db import Tx
from app.foundation.permissions import Permission, require
from app.foundation.web import abort, actor, blueprint, found, now, request

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


def done(tx: Tx, form: Any, location: str) -> None:
    """The form has been acted upon: the same form again leads there and changes nothing."""
    drafts.note_done(tx, actor(), form.key, location, now())
    drafts.drop_draft(tx, actor(), form.key)


def resumed(tx: Tx) -> dict[str, Any]:
    """A draft is read as if it had been sent; a form that is really sent reads itself."""
    key = request.args.get("draft")
    draft = drafts.find_draft(tx, actor(), key) if key and request.method == "GET" else None
    return {"formdata": MultiDict((str(name), str(text)) for name, text in draft.fields)} if draft else {}
