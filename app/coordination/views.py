"""The pages of meetings: the list, one meeting like a document, convening, amending, holding and cancelling it."""

from __future__ import annotations

from typing import Any

from app.coordination import agenda_views, calendar_views, point_views, queries, rules, service
from app.coordination.forms import MeetingForm, MinutesForm, ReasonForm, say_on, values_of
from app.coordination.models import Meeting
from app.coordination.shared import FORM, amending_form, bp, refused_move, to_change
from app.coordination.whom import likely_invited
from app.foundation import disclosure
from app.foundation.db import Tx
from app.foundation.permissions import Permission
from app.foundation.sending import keep_typed, resumed, send_once
from app.foundation.web import (
    NOTHING,
    actor,
    current_language,
    found,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    sent_before,
    url_for,
)
from app.foundation.wording.two_texts import differences
from app.foundation.wording.versions import StaleVersion
from app.organisations.queries import verified_organisations
from app.reference.countries import countries

__all__ = ["agenda_views", "bp", "calendar_views", "point_views"]

LIST = disclosure.surface("meeting.list", "list", "meeting")
PAGE = disclosure.surface("meeting.page", "page", "meeting", "need", "programme", "course", "lesson", "pledge")
WHEN = ("coming", "past")


@route(bp, "", Permission.PUBLIC_READ, LIST)
def index() -> Any:
    """The meetings, those to come first."""
    country, when = request.args.get("country", ""), request.args.get("when", "")
    filters = queries.Filters(country if country in countries() else "", when if when in WHEN else "")
    with reading() as tx:
        return render(
            "coordination/index.html",
            page=queries.list_meetings(tx, actor(), filters, request.args.get("page"), now().date()),
            filters=filters,
            places=queries.countries_with_meetings(tx, actor()),
            rules=rules,
        )


@route(bp, "/<ref>", Permission.PUBLIC_READ, PAGE)
def page(ref: str) -> Any:
    """One meeting with its agenda, its minutes and what was agreed."""
    with reading() as tx:
        meeting = found(queries.find_meeting(tx, actor(), ref))
        seen = queries.meeting_seen(tx, actor(), meeting, now().date())
        return render("coordination/page.html", seen=seen, meeting=meeting, rules=rules)


@route(bp, "/new", Permission.MEETING_CONVENE, FORM, ("GET", "POST"))
def new() -> Any:
    """Convene a meeting."""
    with reading() as tx:
        form = MeetingForm(reader=actor(), organisations=verified_organisations(tx), data=_beginning(tx), **resumed(tx))
    if form.is_posted and (already := sent_before(form)):
        return already
    if form.is_sound():

        def write(tx: Tx) -> str:
            meeting = service.convene(tx, actor(), form.organisation_id, form.draft(), now())
            return url_for("meetings.page", ref=meeting.ref)

        try:
            return send_once(form, write, gettext("The meeting is convened, and those who are invited will be told."))
        except service.MeetingRefused as refused:
            say_on(form, refused.field, refused.reason)
    return render("coordination/form.html", 422 if form.is_posted else 200, form=form, meeting=None)


def _beginning(tx: Tx) -> dict[str, Any]:
    """How an empty form begins: on the country that the address names, with those who are likely to be invited."""
    country = request.args.get("country", "").upper()
    main = next(iter(actor().of_kind("state")), None)
    here = country if country in countries() else (main.country if main else "") or ""
    if not here:
        return {"language": current_language()}
    likely = likely_invited(tx, actor(), here)
    beginning = {"country": here, "language": current_language(), "invited": [one.ref for one in likely]}
    last = queries.last_on(tx, actor(), here)
    return beginning | ({"time_zone": last.time_zone, "forum": last.forum} if last else {})


@route(bp, "/draft", Permission.MEETING_CONVENE, NOTHING, ("POST",))
def save_draft() -> Any:
    """Keep what has been typed so far."""
    ref = request.args.get("ref")
    return keep_typed("meeting", ref, lambda tx: found(queries.find_meeting(tx, actor(), ref or "")))


@route(bp, "/<ref>/amend", Permission.MEETING_CONVENE, FORM, ("GET", "POST"))
def amend(ref: str) -> Any:
    """Change a meeting, and its minutes once it has been held."""
    with reading() as tx:
        form = _amend_form(tx, ref)
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            return render("coordination/form.html", 422 if form.is_posted else 200, form=form, meeting=form.meeting)

    def write(tx: Tx) -> str:
        service.amend(tx, actor(), to_change(tx, ref), form.draft(), form.opened_version, now())
        return url_for("meetings.page", ref=ref)

    try:
        return send_once(form, write, gettext("The meeting is amended."))
    except StaleVersion:
        return _both_texts(form, ref)
    except service.MeetingRefused as refused:
        say_on(form, refused.field, refused.reason)
    return render("coordination/form.html", 422, form=form, meeting=form.meeting)


def _amend_form(tx: Tx, ref: str) -> MeetingForm:
    return amending_form(tx, to_change(tx, ref), **resumed(tx))


def _both_texts(form: MeetingForm, ref: str) -> Any:
    """Somebody else saved first: what each of them wrote, side by side; the form keeps what was typed."""
    with reading() as tx:
        meeting = to_change(tx, ref)
        theirs = values_of(meeting, queries.meeting_seen(tx, actor(), meeting, now().date()).invited)
    form.version.data = theirs["version"]
    return render("coordination/form.html", 409, form=form, meeting=meeting, differences=differences(form, theirs))


@route(bp, "/<ref>/hold", Permission.MEETING_CONVENE, FORM, ("GET", "POST"))
def hold(ref: str) -> Any:
    """Write the minutes of a meeting that has taken place."""
    with reading() as tx:
        form, meeting = MinutesForm(**resumed(tx)), to_change(tx, ref)
    if form.is_posted and (already := sent_before(form)):
        return already
    if not form.is_sound():
        return render("coordination/hold.html", 422 if form.is_posted else 200, form=form, meeting=meeting)

    def write(tx: Tx) -> str:
        service.hold(tx, actor(), to_change(tx, ref), form.minutes.data, now())
        return url_for("meetings.page", ref=ref)

    try:
        return send_once(form, write, gettext("The minutes are kept, and those who are invited will be told."))
    except rules.MoveRefused as refused:
        say_on(form, "minutes", refused.message)
    return render("coordination/hold.html", 422, form=form, meeting=meeting)


@route(bp, "/<ref>/cancel", Permission.MEETING_CONVENE, FORM, ("GET", "POST"))
def cancel(ref: str) -> Any:
    """Cancel a meeting, with a reason."""
    form = ReasonForm()
    if form.is_posted and (already := sent_before(form)):
        return already
    with reading() as tx:
        meeting: Meeting = to_change(tx, ref)
    if not form.is_sound():
        return render("coordination/cancel.html", 422 if form.is_posted else 200, form=form, meeting=meeting)

    def write(tx: Tx) -> str:
        service.cancel(tx, actor(), to_change(tx, ref), form.reason.data, now())
        return url_for("meetings.page", ref=ref)

    try:
        return send_once(form, write, gettext("The meeting is cancelled, and those who are invited will be told."))
    except rules.MoveRefused as refused:
        return refused_move(refused, ref)
