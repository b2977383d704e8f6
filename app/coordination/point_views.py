"""The pages on which action points are set, amended, closed and opened again."""

from __future__ import annotations

from typing import Any

from app.coordination import points, queries, rules, service
from app.coordination.forms import CloseForm, PointForm, ReopenForm, say_on
from app.coordination.models import ActionPoint, Meeting
from app.coordination.shared import FORM, bp, named_records, point_form, refused_move, to_change
from app.foundation.db import Tx
from app.foundation.permissions import Permission, allowed, require
from app.foundation.sending import send_once
from app.foundation.web import actor, found, gettext, now, reading, render, route, sent_before, url_for


@route(bp, "/<ref>/points/new", Permission.MEETING_CONVENE, FORM, ("GET", "POST"))
def new_point(ref: str) -> Any:
    """Keep something that was agreed."""
    with reading() as tx:
        meeting = to_change(tx, ref)
        form = point_form(tx, meeting)
        if form.is_posted and (already := sent_before(form)):
            return already
        records = named_records(tx, form) if form.is_sound() else None
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


@route(bp, "/<ref>/points/<point_ref>/amend", Permission.MEETING_CONVENE, FORM, ("GET", "POST"))
def amend_point(ref: str, point_ref: str) -> Any:
    """Say otherwise what was agreed, who does it, or by when."""
    with reading() as tx:
        point = _to_amend(tx, ref, point_ref)
        form = point_form(tx, point.meeting, point)
        if form.is_posted and (already := sent_before(form)):
            return already
        records = named_records(tx, form) if form.is_sound() else None
        if records is None:
            return _amending(form, point)

    def write(tx: Tx) -> str:
        points.amend_point(tx, actor(), _to_amend(tx, ref, point_ref), form.draft(records), now())
        return url_for("meetings.page", ref=ref)

    try:
        return send_once(form, write, gettext("The action point is amended, and whoever owes it will be told."))
    except rules.MoveRefused as refused:
        return refused_move(refused, ref)
    except service.MeetingRefused as refused:
        say_on(form, refused.field, refused.reason)
    return _amending(form, point)


def _amending(form: PointForm, point: ActionPoint) -> Any:
    code = 422 if form.is_posted else 200
    return render("coordination/point.html", code, form=form, meeting=point.meeting, point=point)


def _to_amend(tx: Tx, ref: str, point_ref: str) -> ActionPoint:
    meeting = to_change(tx, ref)
    point: ActionPoint = found(queries.find_point(tx, actor(), meeting, point_ref))
    point.meeting = meeting
    return point


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
        points.close_point(tx, actor(), _to_close(tx, ref, point_ref), form.status.data, form.note.data or "", now())
        return url_for("meetings.page", ref=ref)

    try:
        return send_once(form, write, gettext("The action point is closed."))
    except rules.MoveRefused as refused:
        return refused_move(refused, ref)


@route(bp, "/<ref>/points/<point_ref>/reopen", Permission.DESK_READ, FORM, ("GET", "POST"))
def reopen_point(ref: str, point_ref: str) -> Any:
    """Say that an action point has to be done after all."""
    form = ReopenForm()
    if form.is_posted and (already := sent_before(form)):
        return already
    with reading() as tx:
        point = _to_close(tx, ref, point_ref)
        if not form.is_sound():
            return render("coordination/reopen.html", 422 if form.is_posted else 200, form=form, point=point)

    def write(tx: Tx) -> str:
        points.reopen_point(tx, actor(), _to_close(tx, ref, point_ref), form.reason.data, now())
        return url_for("meetings.page", ref=ref)

    try:
        return send_once(form, write, gettext("The action point is open again, and whoever owes it will be told."))
    except rules.MoveRefused as refused:
        return refused_move(refused, ref)


def _to_close(tx: Tx, ref: str, point_ref: str) -> ActionPoint:
    """The action point, for somebody who owes it or has convened its meeting: either closes it and opens it again.

    Raises:
        Refused: the person may not. HTTPException: there is none for this person (404).
    """
    meeting: Meeting = found(queries.find_meeting(tx, actor(), ref))
    point: ActionPoint = found(queries.find_point(tx, actor(), meeting, point_ref))
    if not allowed(actor(), Permission.ACTION_CLOSE, now(), point):
        require(actor(), Permission.MEETING_CHANGE, now(), meeting)
    point.meeting = meeting
    return point
