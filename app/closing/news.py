"""What it means for people that a lesson is asked for: those who write for the organisation are told once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.closing.queries import request_by_id
from app.closing.rules import ASKED
from app.foundation.messages import msg
from app.foundation.permissions import SYSTEM
from app.matching.relations.records import side_by_ref
from app.notifications.rules import cause_of
from app.notifications.telling import Telling


def lesson_asked(telling: Telling, fact: Any) -> None:
    """Those who write for the organisation learn that two minutes of theirs are asked for."""
    row = request_by_id(telling.tx, fact.request_id)
    side = side_by_ref(telling.tx, SYSTEM, row.about_ref) if row is not None and row.status == ASKED else None
    if row is None or side is None:
        return
    message = msg("“%(title)s” has ended. What did you learn? Two minutes are enough", title=side.title)
    cause = cause_of("lesson_asked", (side.kind, side.ref), ("asked", row.ref))
    telling.tell(telling.people_of(row.organisation_id), cause, message, side.record)


NEWS: Mapping[str, Callable[[Telling, Any], None]] = {"LessonAsked": lesson_asked}
"""Which fact of this feature is news for people, by its name."""
