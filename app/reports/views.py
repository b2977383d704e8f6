"""The pages of reports: what can be made, what was made, and whether a paper was made here."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.languages import say
from app.foundation.permissions import ROLES_THAT_EDIT, Membership, Permission
from app.foundation.references import tidy_reference
from app.foundation.sending import resumed, send_once
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
from app.jobs.rules import TooManyJobs
from app.reports import queries
from app.reports.forms import OrderForm
from app.reports.making import order_report
from app.reports.note import views as note
from app.reports.regional import views as regional
from app.reports.regional.queries import list_regional
from app.reports.regional.rules import STATUS_NAMES
from app.reports.rules import FORMS, KINDS, kinds_of, read_digest
from app.reports.shared import bp

__all__ = ["bp", "note", "regional"]

INDEX = surface("report.index", "list", "regional_report")


def own_places() -> list[Membership]:
    """The verified organisations that this person writes for and that have reports of their own."""
    here = (one for one in actor().memberships if one.is_verified and one.role in ROLES_THAT_EDIT)
    return [one for one in here if kinds_of(one.organisation_kind)]


@route(bp, "/reports", Permission.PUBLIC_READ, INDEX)
def index() -> Any:
    """What can be made for this person, what was made, and the reports of regions."""
    with reading() as tx:
        return render(
            "reports/index.html",
            places=own_places(),
            regional=list_regional(tx, actor()),
            made=queries.made_by(tx, actor()) if actor().is_signed_in else [],
            writes=bool(actor().of_kind("regional")),
            kinds=KINDS,
            kinds_of=kinds_of,
            statuses=STATUS_NAMES,
            forms=FORMS,
        )


@route(bp, "/reports/new", Permission.REPORT_MAKE, NOTHING, ("GET", "POST"))
def new() -> Any:
    """Have a report made."""
    asked = {name: request.args.get(name) for name in ("kind", "organisation") if request.args.get(name)}
    with reading() as tx:
        form = OrderForm(places=own_places(), data=asked, **resumed(tx))
    if form.is_posted and (already := sent_before(form)):
        return already
    if form.is_sound():

        def write(tx: Tx) -> str:
            return url_for("jobs.page", ref=order_report(tx, actor(), form.order(), now()).ref)

        try:
            return send_once(form, write, gettext("The report is being made. You can leave this page and come back."))
        except TooManyJobs:
            form.kind.errors = [gettext("Much of your work is still being done. Wait for it to end, then ask again.")]
    return render("reports/new.html", 422 if form.is_posted else 200, form=form)


@route(bp, "/reports/<ref>", Permission.PUBLIC_READ, NOTHING)
def made(ref: str) -> Any:
    """Whether a paper with this reference was made here: what it is and when, and nothing of what it says."""
    typed = request.args.get("sha256", "").strip()[:200]
    digest = read_digest(typed)
    with reading() as tx:
        report = found(queries.find_made(tx, tidy_reference(ref)))
        fits = queries.has_digest(tx, report.ref, digest) if digest else None
    kind, form = (say(words, current_language()) for words in (KINDS[report.kind], FORMS[report.form]))
    return render("reports/made.html", report=report, kind=kind, form=form, typed=typed, digest=digest, fits=fits)
