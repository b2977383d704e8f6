"""What the author does with a posted need: confirm it, close or withdraw it, record what its indicators show."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.drafts import note_done
from app.foundation.permissions import Permission, require
from app.foundation.references import tidy_reference
from app.foundation.web import (
    actor,
    found,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    see,
    sent_before,
    site,
    url_for,
)
from app.needs import rules, service
from app.needs.forms import EndForm, ResultForm
from app.needs.models import Need, NeedIndicator
from app.needs.queries import find_indicator, find_need_whole
from app.needs.surfaces import FORM, bp


def _own_need(tx: Tx, ref: str) -> Need:
    need: Need = found(find_need_whole(tx, actor(), tidy_reference(ref)))
    require(actor(), Permission.NEED_AMEND, now(), need)
    return need


def _own_indicator(tx: Tx, ref: str, iref: str) -> NeedIndicator:
    indicator: NeedIndicator = found(find_indicator(tx, actor(), tidy_reference(ref), iref))
    require(actor(), Permission.RESULT_RECORD, now(), indicator.need)
    return indicator


@route(bp, "/<ref>/confirm", Permission.NEED_AMEND, FORM, methods=("POST",))
def confirm(ref: str) -> Any:
    """The need still stands."""
    try:
        with site().database.transaction() as tx:
            need = _own_need(tx, ref)
            service.confirm_need(tx, actor(), need, now())
    except rules.MoveRefused:
        return see("needs.page", gettext("This need has ended already."), "warning", ref=tidy_reference(ref))
    return see("needs.page", gettext("Thank you. Readers see that this need still stands."), ref=need.ref)


@route(bp, "/<ref>/end", Permission.NEED_AMEND, FORM, methods=("GET", "POST"))
def end(ref: str) -> Any:
    """Close or withdraw a need, with the reason."""
    form = EndForm(data={"status": request.args.get("status", "closed")})
    with reading() as tx:
        need = _own_need(tx, ref)
        tx.expunge_all()
    if already := form.is_posted and sent_before(form):
        return already
    if need.status in rules.ENDED:
        return see("needs.page", gettext("This need has ended already."), "warning", ref=need.ref)
    if not form.is_sound():
        return render("needs/end.html", 422 if form.is_posted else 200, form=form, need=need)
    with site().database.transaction() as tx:
        need = _own_need(tx, ref)
        service.end_need(tx, actor(), need, form.status.data, form.status_reason.data, now())
        note_done(tx, actor(), form.key, url_for("needs.page", ref=need.ref), now())
    done = gettext("The need is closed.") if need.status == "closed" else gettext("The need is withdrawn.")
    return see("needs.page", done, ref=need.ref)


@route(bp, "/<ref>/indicators/<iref>/results/new", Permission.RESULT_RECORD, FORM, methods=("GET", "POST"))
def result(ref: str, iref: str) -> Any:
    """Record what an indicator shows."""
    form = ResultForm(today=now().date())
    with reading() as tx:
        indicator = _own_indicator(tx, ref, iref)
        need = indicator.need
        tx.expunge_all()
    if already := form.is_posted and sent_before(form):
        return already
    if not form.is_sound():
        return render("needs/result.html", 422 if form.is_posted else 200, form=form, need=need, indicator=indicator)
    with site().database.transaction() as tx:
        indicator = _own_indicator(tx, ref, iref)
        service.record_result(tx, actor(), indicator, form.draft(), now())
        note_done(tx, actor(), form.key, url_for("needs.page", ref=need.ref), now())
    return see("needs.page", gettext("The result is recorded."), ref=need.ref)
