"""The pages on which an agenda is filled and put in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.coordination import queries, rules, service
from app.coordination.findings import findings_on, hidden_from_some, still_to_add, widest
from app.coordination.forms import AgendaForm, say_on
from app.coordination.models import AgendaItem, Meeting
from app.coordination.shared import FORM, bp, refused_move, to_change
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Actor, Permission
from app.foundation.sending import send_once
from app.foundation.web import actor, found, gettext, now, reading, render, route, see, sent_before, site, url_for

AGENDA = surface("meeting.agenda", "page", "meeting", "need", "programme", "course", "pledge")


@route(bp, "/<ref>/agenda", Permission.MEETING_CONVENE, AGENDA, ("GET", "POST"))
def agenda(ref: str) -> Any:
    """Put items on the agenda: one's own, and what is found on the country."""
    with reading() as tx:
        meeting = to_change(tx, ref)
        found_here = still_to_add(tx, meeting, findings_on(tx, actor(), meeting.country, now().date()))
        form = AgendaForm(found=found_here, data={"findings": [one.key for one in widest(found_here)]})
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            return _page(tx, meeting, form)

    def write(tx: Tx) -> str:
        service.fill_agenda(tx, actor(), to_change(tx, ref), form.text.data or "", form.chosen(), now())
        return url_for("meetings.page", ref=ref)

    try:
        return send_once(form, write, gettext("It is on the agenda."))
    except rules.MoveRefused as refused:
        return refused_move(refused, ref)
    except service.MeetingRefused as refused:
        say_on(form, refused.field, refused.reason)
    with reading() as tx:
        return _page(tx, meeting, form)


def _page(tx: Tx, meeting: Meeting, form: AgendaForm) -> Any:
    found_here = list(form.found.values())
    return render(
        "coordination/agenda.html",
        422 if form.is_posted else 200,
        meeting=meeting,
        form=form,
        found=found_here,
        links=queries.linked(tx, actor(), (part for finding in found_here for part in finding.records)),
        not_for_all=hidden_from_some(tx, meeting, found_here),
        rules=rules,
    )


@route(bp, "/<ref>/agenda/<item_ref>/remove", Permission.MEETING_CONVENE, FORM, ("POST",))
def take_off(ref: str, item_ref: str) -> Any:
    """Take an item off the agenda."""
    return _change(ref, item_ref, service.take_off, gettext("The item is off the agenda."))


@route(bp, "/<ref>/agenda/<item_ref>/up", Permission.MEETING_CONVENE, FORM, ("POST",))
def move_up(ref: str, item_ref: str) -> Any:
    """Let an item be spoken of earlier."""
    return _change(ref, item_ref, service.move_up, gettext("The item has moved up."))


def _change(ref: str, item_ref: str, act: Callable[[Tx, Actor, Meeting, AgendaItem, Any], None], done: str) -> Any:
    try:
        with site().database.transaction() as tx:
            meeting = to_change(tx, ref)
            item = found(queries.find_item(tx, actor(), meeting, item_ref))
            act(tx, actor(), meeting, item, now())
    except rules.MoveRefused as refused:
        return refused_move(refused, ref)
    return see("meetings.page", done, ref=ref)
