"""What the pages of meetings share: the address, and who may change a meeting."""

from __future__ import annotations

from typing import Any, cast

from app.coordination import queries
from app.coordination.models import Meeting
from app.coordination.rules import MoveRefused
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.languages import say
from app.foundation.permissions import Permission, require
from app.foundation.web import abort, actor, blueprint, current_language, found, now, see

bp = blueprint("meetings", "/meetings")
FORM = surface("meeting.form", "page", "meeting", "programme")


def to_change(tx: Tx, ref: str) -> Meeting:
    """The meeting, for somebody who may change it and as long as it is not cancelled.

    Raises:
        Refused: the person may not. HTTPException: there is none (404), or it was cancelled (409).
    """
    meeting = cast(Meeting, found(queries.find_meeting(tx, actor(), ref)))
    require(actor(), Permission.MEETING_CHANGE, now(), meeting)
    if meeting.status == "cancelled":
        abort(409)
    return meeting


def refused_move(refused: MoveRefused, ref: str) -> Any:
    """Back to the meeting, with a word about why it could not be done."""
    return see("meetings.page", say(refused.message, current_language()), "warning", ref=ref)
