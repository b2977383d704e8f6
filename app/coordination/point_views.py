"""The pages on which action points are set and closed."""

from __future__ import annotations

from typing import Any

from app.coordination import queries, rules, service
from app.coordination.forms import CloseForm, PointForm, say_on
from app.coordination.models import ActionPoint, Meeting
from app.coordination.shared import FORM, bp, refused_move, to_change
from app.coordination.whom import people_to_ask, typed_records
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import Permission, allowed, require
from app.foundation.sending import send_once
from app.foundation.web import actor, found, gettext, now, reading, render, route, sent_before, url_for
from app.notifications.rules import Part


@route(bp, "/<ref>/points/new", Permission.MEETING_CONVENE, FORM, ("GET", "POST"))
def new_point(ref: str) -> Any:
    """Keep something that was agreed."""
    with reading() as tx:
        meeting = to_change(tx, ref)
        form = _point_form(tx, meeting)
        if form.is_posted and (already := sent_before(form)):
            return already
        records = _records(tx, form) if form.is_sound() else None
        if records is None:
            return render("coordination/point.html", 422 if form.is_posted else 200, form=form, meeting=meeting)

    def write(tx: Tx) -> str:
        service.set_point(tx, actor(), to_change(tx, ref), form.draft(records), now())
        return url_for("meetings.page", ref=ref)

    try:
        return send_once(form, write, gettext("The action point is kept, and whoever owes it will be told."))
    except service.MeetingRefused as refused:
        say_on(form, refused.field, refused.reason)
    return render("coordination/point.html", 422, form=form, meeting=meeting)


def _point_form(tx: Tx, meeting: Meeting) -> PointForm:
    numbers = [meeting.organisation_id, *queries.invited_to(tx, [meeting.id]).get(meeting.id, [])]
    table = queries.organisations_by_ids(tx, numbers)
    return PointForm(organisations=table, people=people_to_ask(tx, actor(), numbers))


def _records(tx: Tx, form: PointForm) -> list[Part] | None:
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


@route(bp, "/<ref>/points/<point_ref>/close", Permission.DESK_READ, FORM, ("GET", "POST"))
def close_point(ref: str, point_ref: str) -> Any:
    """Say that an action point is done, or that nobody will do it."""
    form = CloseForm()
    if form.is_posted and (already := sent_before(form)):
        return already
    with reading() as tx:
        point = _to_close(tx, ref, point_ref)
        if not form.is_sound():
            return render("coordination/close.html", 422 if form.is_posted else 200, form=form, point=point)

    def write(tx: Tx) -> str:
        service.close_point(tx, actor(), _to_close(tx, ref, point_ref), form.status.data, form.note.data or "", now())
        return url_for("meetings.page", ref=ref)

    try:
        return send_once(form, write, gettext("The action point is closed."))
    except rules.MoveRefused as refused:
        return refused_move(refused, ref)


def _to_close(tx: Tx, ref: str, point_ref: str) -> ActionPoint:
    """The action point, for somebody who owes it or has convened its meeting.

    Raises:
        Refused: the person may not. HTTPException: there is none for this person (404).
    """
    meeting: Meeting = found(queries.find_meeting(tx, actor(), ref))
    point: ActionPoint = found(queries.find_point(tx, actor(), meeting, point_ref))
    if not allowed(actor(), Permission.ACTION_CLOSE, now(), point):
        require(actor(), Permission.MEETING_CHANGE, now(), meeting)
    point.meeting = meeting
    return point
