"""The form of a pledge: opened with what is open, kept while one types, sent once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.foundation.db import Tx
from app.foundation.filing.files import keep_files
from app.foundation.forms import change_rows
from app.foundation.languages import say
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
    site,
    url_for,
)
from app.matching.advice.keeping import keep_answers as keep_advice
from app.needs.queries import find_need
from app.needs.rules import OPEN
from app.pledges import making, rules
from app.pledges.beside import Beside, are_sound, beside, keep_answers
from app.pledges.forms import PledgeForm, giving_for, what_is_open
from app.pledges.queries import coverage_shown, programmes_of
from app.pledges.service import PledgeRefused
from app.pledges.showing import ledger_of
from app.pledges.surfaces import FORM, bp


@route(bp, "/needs/<need_ref>/pledge", Permission.PLEDGE_MAKE, FORM, ("GET", "POST"))
def new(need_ref: str) -> Any:
    """Pledge for a need."""
    with reading() as tx:
        form = _open_form(tx, need_ref)
        asked = beside(tx, actor(), found(find_need(tx, actor(), need_ref)), request.form)
        if answer := _on_the_way(tx, need_ref, form, asked):
            return answer
    try:
        words = gettext("Your pledge is recorded, and the recipient will be told.")
        return send_once(form, lambda tx: _make(tx, need_ref, form, asked), words)
    except PledgeRefused as refused:
        form[refused.field].errors = [*form[refused.field].errors, say(refused.reason, current_language())]
    except rules.ExcessRefused:
        form.lines.errors = [*form.lines.errors, gettext("That is more than is open. Pledge what is open.")]
    with reading() as tx:
        return _draw(tx, need_ref, form, asked)


def _on_the_way(tx: Tx, need_ref: str, form: PledgeForm, asked: Sequence[Beside]) -> Any:
    """What a form gets that is not to be acted upon: another row, where it led the first time, or its faults."""
    if form.is_posted and {"add-row", "remove-row"} & set(request.form):
        change_rows(form.tranches)
        return _draw(tx, need_ref, form, asked, 200)
    if form.is_posted and (already := sent_before(form)):
        return already
    return None if form.is_sound() and are_sound(asked) else _draw(tx, need_ref, form, asked)


def _make(tx: Tx, need_ref: str, form: PledgeForm, asked: Sequence[Beside]) -> str:
    need = found(find_need(tx, actor(), need_ref))
    pledge = making.make_pledge(tx, actor(), form.organisation_id, need, form.draft(), now())
    keep_files(tx, pledge, actor().account_id, form.chosen_files, site().files, now())
    keep_answers(tx, actor(), pledge, asked, now())
    keep_advice(request.form)(tx, pledge)
    return url_for("pledges.page", ref=pledge.ref)


def _open_form(tx: Tx, need_ref: str) -> PledgeForm:
    need = found(find_need(tx, actor(), need_ref))
    places = giving_for(actor())
    opened: dict[str, Any] = {"lines": what_is_open(need, coverage_shown(tx, actor(), need))}
    if places:
        opened["organisation"] = places[0].organisation_ref
    programmes = programmes_of(tx, actor(), [place.organisation_id for place in places])
    return PledgeForm(
        reader=actor(), need=need, programmes=programmes, spoken=current_language(), data=opened,
        programme=request.args.get("programme", ""), **resumed(tx),
    )  # fmt: skip


def _draw(tx: Tx, need_ref: str, form: PledgeForm, asked: Sequence[Beside], status: int | None = None) -> Any:
    need = found(find_need(tx, actor(), need_ref))
    return render(
        "pledges/form.html",
        status or (422 if form.is_posted else 200),
        form=form,
        ledger=ledger_of(tx, actor(), need),
        is_open=need.status in OPEN,
        asked=asked,
        rules=rules,
        lost_files=bool(form.is_posted and form.chosen_files),
    )


@route(bp, "/needs/<need_ref>/pledge/draft", Permission.PLEDGE_MAKE, NOTHING, ("POST",))
def save_draft(need_ref: str) -> Any:
    """Keep what has been typed so far."""
    return keep_typed("pledge", need_ref, lambda tx: found(find_need(tx, actor(), need_ref)))
