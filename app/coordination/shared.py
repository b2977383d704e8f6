"""What the pages of meetings share: the address, who may change a meeting, and the forms as they are opened."""

from __future__ import annotations

from typing import Any, cast

from app.coordination import queries, rules
from app.coordination.forms import MeetingForm, PointForm, say_on, values_of, values_of_point
from app.coordination.models import ActionPoint, Meeting
from app.coordination.rules import MoveRefused
from app.coordination.whom import people_to_ask, typed_records
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.languages import say
from app.foundation.messages import msg
from app.foundation.permissions import Permission, require
from app.foundation.web import abort, actor, blueprint, current_language, found, now, see
from app.notifications.rules import Part
from app.organisations.queries import verified_organisations

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


def amending_form(tx: Tx, meeting: Meeting, **typed: Any) -> MeetingForm:
    """The form of a meeting as it is opened for amending, or with what was typed into it."""
    invited = queries.meeting_seen(tx, actor(), meeting, now().date()).invited
    known = verified_organisations(tx)
    kept = [one for one in invited if one not in known]
    values = values_of(meeting, invited)
    return MeetingForm(reader=actor(), organisations=[*known, *kept], meeting=meeting, data=values, **typed)


def point_form(tx: Tx, meeting: Meeting, point: ActionPoint | None = None, **typed: Any) -> PointForm:
    """The form of an action point of this meeting, empty or as it is opened for amending."""
    numbers = [meeting.organisation_id, *queries.invited_to(tx, [meeting.id]).get(meeting.id, [])]
    table = queries.organisations_by_ids(tx, numbers)
    values = {}
    if point is not None:
        seen = queries.linked(tx, actor(), queries.parts_of(point))
        values = values_of_point(point, [part[1] for part in queries.parts_of(point) if part in seen])
    return PointForm(organisations=table, people=people_to_ask(tx, actor(), numbers), data=values, **typed)


def named_records(tx: Tx, form: PointForm) -> list[Part] | None:
    """The records that were named; None, with a word beside the field, where one of them cannot be found."""
    parts, unknown = typed_records(tx, actor(), form.records.data or "")
    if unknown:
        say_on(
            form,
            "records",
            msg("There is no record %(ref)s that you may see. Correct it, or take it out.", ref=unknown[0]),
        )
    elif len(parts) > rules.MOST_RECORDS:
        say_on(form, "records", msg("Name %(most)s records at most.", most=rules.MOST_RECORDS))
    else:
        return parts
    return None
