"""The office's list of clocks, and the forms by which a need is acknowledged and sent on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.filing.downloads import table_file
from app.foundation.languages import say
from app.foundation.paging import Page, page_number
from app.foundation.permissions import Permission, require
from app.foundation.references import tidy_reference
from app.foundation.sending import send_once
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import (
    actor,
    current_language,
    found,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    see,
    sent_before,
    url_for,
)
from app.needs.models import Need
from app.needs.queries import find_need
from app.upkeep.clocks import queries, rules, service
from app.upkeep.clocks.forms import AcknowledgeForm, CirculateForm
from app.upkeep.shared import bp

LIST = surface("upkeep.clocks", "list", "need")
FILE = surface("upkeep.clocks.file", "export", "need")
FORM = surface("upkeep.clocks.form", "page", "need")
SIZE = 25
FIRST = (rules.LATE, rules.RUNNING, rules.DONE_LATE, rules.DONE)
Row = tuple[queries.Watched, rules.Clock, str]


@route(bp, "/upkeep/clocks", Permission.UPKEEP_KEEP, LIST)
def clocks() -> Any:
    """Every clock of every posted need, what is late first."""
    wanted = request.args.get("state", "")
    wanted = wanted if wanted in rules.STATES else ""
    with reading() as tx:
        rows = clock_rows(tx, now())
        chosen = [row for row in rows if row[2] == wanted] if wanted else rows
        number = page_number(request.args.get("page"), len(chosen), SIZE)
        return render(
            "upkeep/clocks.html",
            page=Page(chosen[(number - 1) * SIZE : number * SIZE], number, len(chosen), SIZE),
            counts={state: sum(row[2] == state for row in rows) for state in FIRST},
            wanted=wanted,
            rules=rules,
            url_for_page=lambda n: url_for("upkeep.clocks", state=wanted or None, page=n),
        )


def clock_rows(tx: Tx, moment: datetime) -> list[Row]:
    """Each clock with its need and its state: what is late first, and what is due soonest on top."""
    watched = queries.watched(tx, queries.posted_needs(tx, actor()), moment)
    rows = [(one, clock, clock.state(moment)) for one in watched for clock in one.clocks]
    return sorted(rows, key=lambda row: (FIRST.index(row[2]), row[1].due_at, row[0].need.id))


@route(bp, "/upkeep/clocks.csv", Permission.UPKEEP_KEEP, FILE)
def clocks_file() -> Any:
    """The same as a file."""
    with reading() as tx:
        rows = clock_rows(tx, now())
    head = [gettext("Reference"), gettext("Need"), gettext("Organisation"), gettext("Clock"), gettext("State"),
            gettext("Due on"), gettext("Done on")]  # fmt: skip
    return table_file("clocks", head, [_cells(*row) for row in rows])


def _cells(one: queries.Watched, clock: rules.Clock, state: str) -> Sequence[Cell]:
    language = current_language()
    done = clock.stop.at.date().isoformat() if clock.stop else ""
    said = [say(rules.NAMES[clock.code], language), say(rules.STATES[state][0], language)]
    return [one.need.ref, one.need.title, one.need.organisation.name, *said, clock.due_at.date().isoformat(), done]


def _need(tx: Tx, ref: str) -> Need:
    need: Need = found(find_need(tx, actor(), tidy_reference(ref)))
    require(actor(), Permission.NEED_ACKNOWLEDGE, now(), need)
    return need


@route(bp, "/needs/<ref>/acknowledge", Permission.NEED_ACKNOWLEDGE, FORM, ("GET", "POST"))
def acknowledge(ref: str) -> Any:
    """Say that a need was read, with a word to its author."""
    form = AcknowledgeForm()
    if form.is_posted and (already := sent_before(form)):
        return already
    with reading() as tx:
        need = _need(tx, ref)
        if not form.is_sound():
            return render("upkeep/acknowledge.html", 422 if form.is_posted else 200, form=form, need=need)

    def write(tx: Tx) -> str:
        service.acknowledge(tx, actor(), _need(tx, ref), form.words.data or "", now())
        return url_for("needs.page", ref=need.ref)

    try:
        return send_once(form, write, gettext("The need is acknowledged, and its author is told."))
    except rules.NotNow as refused:
        return see("needs.page", say(refused.reason, current_language()), "warning", ref=need.ref)


@route(bp, "/needs/<ref>/circulate", Permission.NEED_ACKNOWLEDGE, FORM, ("GET", "POST"))
def circulate(ref: str) -> Any:
    """Send a need on to chosen organisations."""
    with reading() as tx:
        need = _need(tx, ref)
        among = queries.organisations_to_tell(tx, need)
        form = CirculateForm(among)
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            return render("upkeep/circulate.html", 422 if form.is_posted else 200, form=form, need=need, among=among)
    chosen = [one.id for one in among if one.ref in set(form.organisations.data or ())]

    def write(tx: Tx) -> str:
        service.circulate(tx, actor(), _need(tx, ref), chosen, form.words.data or "", now())
        return url_for("needs.page", ref=need.ref)

    try:
        return send_once(form, write, gettext("The need is sent on. Those organisations are told."))
    except rules.NotNow as refused:
        return see("needs.page", say(refused.reason, current_language()), "warning", ref=need.ref)
