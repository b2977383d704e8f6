"""The pages of regional reports: one report, writing on it, signing it, and its files."""

from __future__ import annotations

from typing import Any, cast

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.filing.downloads import SANDBOX
from app.foundation.filing.files import file_name
from app.foundation.forms import change_rows
from app.foundation.languages import say
from app.foundation.permissions import Permission, require
from app.foundation.sending import keep_typed, resumed, send_once
from app.foundation.web import (
    NOTHING,
    abort,
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
    site,
    url_for,
)
from app.foundation.wording.two_texts import differences
from app.foundation.wording.versions import StaleVersion
from app.jobs.rules import TooManyJobs
from app.reference.groupings import grouping_name
from app.reports.making import Order, order_report
from app.reports.models import RegionalReport
from app.reports.regional import rules, service
from app.reports.regional.content import regional_document
from app.reports.regional.forms import DropForm, RegionalForm, SignForm, values_of
from app.reports.regional.queries import find_regional, last_signed, points_seen
from app.reports.regional.rules import ReportRefused
from app.reports.regional.signing import order_signing, signing_of
from app.reports.rules import FORMS, REGION
from app.reports.shared import bp, file_answer

SHOWN = ("need", "programme", "course", "pledge", "lesson", "meeting", "limit", "regional_report")
PAGE = surface("report.regional", "page", *SHOWN)
FILE = surface("report.regional.file", "file", "regional_report")
FORM = surface("report.regional.form", "page", "regional_report", "meeting")


@route(bp, "/reports/regional/<ref>", Permission.PUBLIC_READ, PAGE)
def regional(ref: str) -> Any:
    """One regional report: a draft as it would stand on paper, a signed one with its files."""
    with reading() as tx:
        report = found(find_regional(tx, actor(), ref))
        is_draft = report.status == rules.DRAFT
        return render(
            "reports/regional.html",
            report=report,
            document=regional_document(tx, report, now(), site().settings.public_url) if is_draft else None,
            signing=signing_of(tx, actor(), report) if is_draft else None,
            points=points_seen(tx, actor(), report.follow_up),
            rules=rules,
            forms=FORMS,
        )


@route(bp, "/reports/regional/new", Permission.REPORT_WRITE, FORM, ("GET", "POST"))
def new_regional() -> Any:
    """Begin a regional report."""
    with reading() as tx:
        form = RegionalForm(places=actor().of_kind("regional"), data=_beginning(tx), **resumed(tx))
    if form.is_posted and (answer := _not_sent_yet(form)):
        return answer
    if form.is_sound():

        def write(tx: Tx) -> str:
            report = service.begin(tx, actor(), form.organisation_id, form.draft(), now())
            return url_for("reports.regional", ref=report.ref)

        try:
            return send_once(form, write, gettext("The draft is kept. The people of the desk can write on it."))
        except ReportRefused as refused:
            form.organisation.errors = [say(refused.message, current_language())]
    return _form(form)


def _beginning(tx: Tx) -> dict[str, Any]:
    """How an empty form begins: after the last report of the grouping, in the language of this page."""
    spoken = current_language()
    main = next(iter(actor().of_kind("regional")), None)
    if main is None or not main.grouping:
        return {"language": spoken}
    last = last_signed(tx, actor(), main.grouping)
    title = gettext("Regional report of %(grouping)s", grouping=grouping_name(main.grouping, spoken))
    beginning = {"language": spoken, "title": title, "organisation": main.organisation_ref}
    return beginning | ({"starts_on": last.ends_on, "disclosure": last.disclosure} if last else {})


def _not_sent_yet(form: RegionalForm) -> Any:
    """The answer where the form is not to be acted upon: rows come and go, or it was sent before."""
    if {"add-row", "remove-row"} & set(request.form):
        for rows in (form.situations, form.recommendations):
            change_rows(rows)
            rows._compact_indices()  # noqa: SLF001 - the page has to count rows as the library does
        return _form(form, 200)
    return sent_before(form)


def _form(form: RegionalForm, status: int = 0, **more: Any) -> Any:
    code = status or (422 if form.is_posted else 200)
    return render("reports/regional_form.html", code, form=form, report=form.report, **more)


@route(bp, "/reports/regional/draft", Permission.REPORT_WRITE, NOTHING, ("POST",))
def keep_regional() -> Any:
    """Keep what has been typed so far."""
    ref = request.args.get("ref")
    return keep_typed("regional_report", ref, lambda tx: found(find_regional(tx, actor(), ref or "")))


@route(bp, "/reports/regional/<ref>/amend", Permission.REPORT_WRITE, FORM, ("GET", "POST"))
def amend_regional(ref: str) -> Any:
    """Write on a draft."""
    with reading() as tx:
        report = _draft(tx, ref, Permission.REPORT_WRITE)
        form = RegionalForm(places=(), report=report, data=values_of(report), **resumed(tx))
        tx.expunge_all()
    if form.is_posted and (answer := _not_sent_yet(form)):
        return answer
    if not form.is_sound():
        return _form(form)

    def write(tx: Tx) -> str:
        draft = _draft(tx, ref, Permission.REPORT_WRITE)
        service.amend(tx, actor(), draft, form.draft(), form.opened_version, now())
        return url_for("reports.regional", ref=ref)

    try:
        return send_once(form, write, gettext("The draft is kept."))
    except StaleVersion:
        return _both_texts(form, ref)


def _both_texts(form: RegionalForm, ref: str) -> Any:
    """Somebody else of the desk saved first: what each of them wrote, side by side; the form keeps what was typed."""
    with reading() as tx:
        theirs = values_of(_draft(tx, ref, Permission.REPORT_WRITE))
    form.version.data = theirs["version"]
    return _form(form, 409, differences=differences(form, theirs))


def _draft(tx: Tx, ref: str, permission: Permission) -> RegionalReport:
    """The draft, for somebody who may do this with it; a report that is signed stays as it is (409)."""
    report = cast(RegionalReport, found(find_regional(tx, actor(), ref)))
    require(actor(), permission, now(), report)
    if report.status != rules.DRAFT:
        abort(409)
    return report


@route(bp, "/reports/regional/<ref>/drop", Permission.REPORT_WRITE, FORM, ("GET", "POST"))
def drop_regional(ref: str) -> Any:
    """Throw a draft away."""
    form = DropForm()
    if form.is_posted and (already := sent_before(form)):
        return already
    with reading() as tx:
        report = _draft(tx, ref, Permission.REPORT_WRITE)
    if not form.is_sound():
        return render("reports/drop.html", form=form, report=report)

    def write(tx: Tx) -> str:
        service.drop(tx, actor(), _draft(tx, ref, Permission.REPORT_WRITE), now())
        return url_for("reports.index")

    return send_once(form, write, gettext("The draft is thrown away."))


@route(bp, "/reports/regional/<ref>/sign", Permission.REPORT_SIGN, FORM, ("GET", "POST"))
def sign_regional(ref: str) -> Any:
    """Sign a report, after which it stays as it is; its files are made in the background."""
    with reading() as tx:
        report = _draft(tx, ref, Permission.REPORT_SIGN)
        form = SignForm(data={"version": report.version, "name": actor().name})
        if form.is_posted and (already := sent_before(form)):
            return already

    def write(tx: Tx) -> str:
        draft = _draft(tx, ref, Permission.REPORT_SIGN)
        return url_for(
            "jobs.page", ref=order_signing(tx, actor(), draft, form.signer(), form.opened_version, now()).ref
        )

    try:
        if form.is_sound():
            return send_once(form, write, gettext("The report is being signed. You can leave this page and come back."))
    except TooManyJobs:
        form.name.errors = [gettext("Much of your work is still being done. Wait for it to end, then sign again.")]
    except StaleVersion:
        return see(
            "reports.regional", gettext("Somebody has written on the report. Look at it again."), "warning", ref=ref
        )
    return render("reports/sign.html", 422 if form.is_posted else 200, form=form, report=report, rules=rules)


@route(bp, "/reports/regional/<ref>/make", Permission.REPORT_MAKE, NOTHING, ("POST",))
def make_regional(ref: str) -> Any:
    """Make a file of a draft, in the background."""
    form = request.form.get("form", "")
    with site().database.transaction() as tx:
        report = _draft(tx, ref, Permission.REPORT_MAKE)
        order = Order(REGION, report.organisation_id, report.language, form if form in FORMS else "pdf", report.ref)
        job = order_report(tx, actor(), order, now())
        where = job.ref
    return see("jobs.page", ref=where)


@route(bp, "/reports/regional/<ref>/file.<any(pdf, docx):form>", Permission.PUBLIC_READ, FILE)
def regional_file(ref: str, form: str) -> Any:
    """A signed report as a file, byte for byte as it was signed."""
    with reading() as tx:
        report = found(find_regional(tx, actor(), ref))
    kept = found(report.made.get(form))
    content = found(site().files.read(file_name(kept["file_sha256"])))
    answer = file_answer(content, f"report-{kept['ref']}", form, report.signed_at)
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
