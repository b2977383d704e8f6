"""The pages of organisations: the list, one of them, the application, and the secretariat's queue."""

from __future__ import annotations

from typing import Any, cast

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.messages import msg
from app.foundation.permissions import STATUSES_THAT_COUNT, Permission, require
from app.foundation.references import tidy_reference
from app.foundation.web import (
    NOTHING,
    actor,
    blueprint,
    can,
    current_language,
    found,
    gettext,
    ngettext,
    now,
    reading,
    redirect,
    render,
    request,
    route,
    see,
    sent_before,
    site,
    url_for,
)
from app.foundation.wording.versions import StaleVersion
from app.organisations import merging, queries, rules, service
from app.organisations.details import MAY_AMEND, amend_details, confirm_contact, set_passing
from app.organisations.forms import ApplicationForm, DecideForm, DetailsForm, MergeForm, PassingForm, refuse
from app.organisations.listing import address_of, chosen, facets, in_use
from app.organisations.models import Organisation

bp = blueprint("organisations", "/organisations")

LIST = surface("organisation.list", "list", "organisation")
PAGE = surface("organisation.page", "page", "organisation")
QUEUE = surface("organisation.queue", "list", "organisation")


@route(bp, "", Permission.PUBLIC_READ, surface=LIST)
def index() -> Any:
    """Every organisation that is listed, by kind, country and words."""
    wanted = chosen()
    with reading() as tx:
        listing = queries.list_organisations(tx, wanted, request.args.get("page"))
        return render(
            "organisations/index.html",
            page=listing.page,
            facets=facets(listing, wanted),
            used=in_use(wanted),
            words=wanted.words,
            what=ngettext("organisation", "organisations", listing.page.total),
            url_for_page=lambda number: address_of(wanted, page=number),
            rules=rules,
        )


@route(bp, "/apply", Permission.ORGANISATION_APPLY, surface=PAGE, methods=("GET", "POST"))
def apply() -> Any:
    """Ask for an organisation to be let in."""
    form = ApplicationForm(current_language())
    if form.is_posted:
        already = sent_before(form)
        if already:
            return already
    sound = form.is_sound()
    if sound and (form.different.data or not _near(form)):
        try:
            with site().database.transaction() as tx:
                service.apply(tx, actor(), form.draft(), now(), form.key)
        except service.ApplicationRefused as error:
            refuse(form, error.message, current_language(), error.field)
        else:
            return see("organisations.sent")
    with reading() as tx:
        likely = queries.near_duplicates(tx, form.identity()) if sound else []
        return render("organisations/apply.html", 422 if form.is_posted else 200, form=form, likely=likely)


def _near(form: ApplicationForm) -> bool:
    with reading() as tx:
        return bool(queries.near_duplicates(tx, form.identity()))


@route(bp, "/apply/sent", Permission.PUBLIC_READ, surface=NOTHING)
def sent() -> Any:
    """What happens after an application."""
    return render("organisations/sent.html")


@route(bp, "/queue", Permission.ORGANISATION_VERIFY, surface=QUEUE)
def queue() -> Any:
    """Applications that wait for the secretariat's answer, oldest first."""
    with reading() as tx:
        waiting = [(one, rules.wait_of(one.created_at, now())) for one in queries.waiting_applications(tx)]
        return render("organisations/queue.html", waiting=waiting, usual=rules.USUAL_WAIT, rules=rules)


@route(bp, "/<ref>", Permission.PUBLIC_READ, surface=PAGE)
def page(ref: str) -> Any:
    """One organisation: who it is, what it asks and offers, and what may be done with it."""
    with reading() as tx:
        whole = queries.merged_into(tx, ref)
        if whole is not None and queries.readable_organisation(tx, actor(), whole.ref) is not None:
            return redirect(url_for("organisations.page", ref=whole.ref), code=301)
        organisation = found(queries.readable_organisation(tx, actor(), ref))
        return _page(tx, organisation, _decide_form(organisation))


def _decide_form(organisation: Organisation) -> DecideForm:
    one, decider = organisation, actor().account_id
    moves = rules.moves_for(one.kind, one.status, one.checked_by, decider, is_national=one.is_national)
    return DecideForm(moves, current_language())


def _page(tx: Tx, organisation: Organisation, form: DecideForm) -> Any:
    decides = can(Permission.ORGANISATION_VERIFY, organisation)
    identity = rules.Identity(
        (organisation.name,), organisation.country, organisation.email_domain, organisation.iati_identifier
    )
    likely = queries.near_duplicates(tx, identity) if decides and organisation.status == "applied" else []
    return render(
        "organisations/page.html",
        422 if form.is_posted else 200,
        organisation=organisation,
        history=queries.history(tx, organisation),
        likely=[one for one in likely if one.organisation.id != organisation.id],
        claimed=queries.organisation_by_id(tx, organisation.claims_id) if organisation.claims_id else None,
        form=form if decides and form.move.choices else None,
        decides=decides,
        rules=rules,
    )


@route(bp, "/<ref>/details", MAY_AMEND, surface=PAGE, methods=("GET", "POST"))
def details(ref: str) -> Any:
    """A focal point keeps up what the organisation says about itself."""
    with reading() as tx:
        organisation = _to_amend(tx, ref)
        form = DetailsForm(obj=organisation)
        if form.is_posted:
            already = sent_before(form)
            if already:
                return already
    if form.is_sound():
        try:
            with site().database.transaction() as tx:
                amend_details(tx, actor(), _to_amend(tx, ref), form.draft(), form.opened_version, now(), form.key)
            return see("organisations.page", gettext("The details are saved."), ref=ref)
        except StaleVersion:
            return _both_details(ref, form)
    return _details_page(ref, form, 422 if form.is_posted else 200)


@route(bp, "/<ref>/confirm", MAY_AMEND, surface=PAGE, methods=("POST",))
def confirm(ref: str) -> Any:
    """A focal point says that the details and the people are still right."""
    with site().database.transaction() as tx:
        confirm_contact(tx, actor(), _to_amend(tx, ref), now())
    return see("organisations.page", gettext("Thank you. Readers see that these contacts are still right."), ref=ref)


def _to_amend(tx: Tx, ref: str) -> Organisation:
    organisation: Organisation = found(queries.readable_organisation(tx, actor(), ref))
    require(actor(), MAY_AMEND, now(), organisation)
    return cast(Organisation, found(organisation if organisation.status in STATUSES_THAT_COUNT else None))


def _both_details(ref: str, form: DetailsForm) -> Any:
    with reading() as tx:
        newest = _to_amend(tx, ref)
        form.version.data = newest.version
        names = ("acronym", "about", "website")
        both = [(form[name].label.text, form[name].data or "", getattr(newest, name)) for name in names]
    return _details_page(ref, form, 409, [row for row in both if row[1] != row[2]])


def _details_page(ref: str, form: DetailsForm, status: int, differences: Any = ()) -> Any:
    with reading() as tx:
        organisation = _to_amend(tx, ref)
        offices = queries.offices(tx)
        return render(
            "organisations/details.html",
            status,
            form=form,
            organisation=organisation,
            offices=offices,
            differences=differences,
        )


@route(bp, "/<ref>/merge", Permission.ORGANISATION_VERIFY, surface=PAGE, methods=("GET", "POST"), proof=True)
def merge(ref: str) -> Any:
    """The secretariat makes two records of one organisation one."""
    form = MergeForm(into=request.args.get("into", ""))
    if form.is_posted:
        already = sent_before(form)
        if already:
            return already
    if form.is_sound():
        into = tidy_reference(form.into.data or "")
        try:
            with site().database.transaction() as tx:
                gone, kept = found(queries.organisation_by_ref(tx, ref)), queries.organisation_by_ref(tx, into)
                if kept is None:
                    raise rules.WrongMove(msg("There is no organisation with this reference. Copy it from its page."))
                merging.merge(tx, actor(), gone, kept, form.reason.data or "", now(), form.key)
            return see("organisations.page", gettext("The two records are one from now on."), ref=into)
        except rules.WrongMove as error:
            refuse(form, error.message, current_language(), "into")
    return _merge_page(ref, form)


def _merge_page(ref: str, form: MergeForm) -> Any:
    with reading() as tx:
        gone = found(queries.readable_organisation(tx, actor(), ref))
        return render(
            "organisations/merge.html",
            422 if form.is_posted else 200,
            form=form,
            gone=gone,
            kept=queries.organisation_by_ref(tx, tidy_reference(form.into.data or "")),
            records=merging.records_moving(tx, actor(), gone),
            rules=rules,
        )


@route(bp, "/<ref>/passing", MAY_AMEND, surface=PAGE, methods=("GET", "POST"), proof=True)
def passing(ref: str) -> Any:
    """A national focal point chooses how needs of its State pass it."""
    with reading() as tx:
        organisation = _to_amend(tx, ref)
        found(organisation if organisation.is_national else None)
        form = PassingForm(obj=organisation)
    if form.is_sound():
        with site().database.transaction() as tx:
            set_passing(tx, actor(), _to_amend(tx, ref), form.passing.data, now(), form.key)
        return see("organisations.page", gettext("From now on new needs of the State go this way."), ref=ref)
    return render("organisations/passing.html", 422 if form.is_posted else 200, form=form, organisation=organisation)


@route(bp, "/<ref>/decide", Permission.ORGANISATION_VERIFY, surface=PAGE, methods=("POST",), proof=True)
def decide(ref: str) -> Any:
    """The secretariat verifies, refuses, trusts, suspends or reinstates."""
    with reading() as tx:
        form = _decide_form(found(queries.readable_organisation(tx, actor(), ref)))
    already = sent_before(form)
    if already:
        return already
    if form.is_sound():
        try:
            with site().database.transaction() as tx:
                organisation = found(queries.organisation_by_ref(tx, ref))
                after = service.decide(tx, actor(), organisation, form.decision(), now(), form.key).ref
            return see("organisations.page", gettext("The decision is recorded."), ref=after)
        except rules.WrongMove as error:
            refuse(form, error.message, current_language(), "reason" if form.move.data in rules.NEEDS_REASON else "")
    with reading() as tx:
        return _page(tx, found(queries.readable_organisation(tx, actor(), ref)), form)
