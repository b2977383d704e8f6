"""The pages of programmes: the list, one programme, and the forms by which donors post, amend and close."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from app.foundation import disclosure
from app.foundation.audit import history_of
from app.foundation.db import Tx
from app.foundation.filing.downloads import download, one_of
from app.foundation.filing.files import files_of
from app.foundation.guarding import Posting, is_held
from app.foundation.kept.lists import Wanted
from app.foundation.listing import beside
from app.foundation.permissions import Permission, require
from app.foundation.sending import done, keep_typed, resumed
from app.foundation.web import (
    NOTHING,
    abort,
    actor,
    blueprint,
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
from app.foundation.wording.versions import StaleVersion, versions_of
from app.foundation.wording.words import steps
from app.programmes import listing, queries, rules, service
from app.programmes.changes import PARTS, SENSITIVE
from app.programmes.counted import LIST_OF
from app.programmes.forms import CloseForm, NewProgrammeForm, ProgrammeForm, values_of
from app.programmes.models import Programme

KINDS_THAT_POST = ("donor", "regional", "ngo")
LARGEST_TABLE = 50
"""Transactions shown one by one, the latest; the totals count them all."""

bp = blueprint("programmes", "/programmes")
LIST = disclosure.surface("programme.list", "list", "programme")
PAGE = disclosure.surface("programme.page", "page", "programme")
AMEND = disclosure.surface("programme.amend", "page", "programme")
FILE = disclosure.surface("programme.file", "file", "programme")
HISTORY = disclosure.surface("programme.history", "page", "programme")
CLOSE = disclosure.surface("programme.close", "page", "programme")


@route(bp, "", Permission.PUBLIC_READ, LIST)
def index() -> Response:
    """The list, narrowed by what the address asks for."""
    asked, today = listing.read(request.args), now().date()
    filters = listing.filters_of(asked)
    wanted = Wanted(filters, request.args.get("page"), today, asked.sort, asked.size)
    with reading() as tx:
        return render(
            "programmes/index.html",
            asked=asked,
            page=LIST_OF.page(tx, actor(), wanted),
            **beside(asked, LIST_OF.counts(tx, actor(), filters, today), listing.words()),
            standing_of=lambda programme: queries.standing_of(programme, today),
            STATUS_COLOURS=rules.STATUS_COLOURS,
        )


@route(bp, "/<ref>", Permission.PUBLIC_READ, PAGE)
def page(ref: str) -> Response:
    """One programme."""
    with reading() as tx:
        programme = found(queries.find_programme_whole(tx, actor(), ref))
        return render(
            "programmes/page.html",
            programme=programme,
            beside=queries.beside(tx, actor(), programme, now().date()),
            history=history_of(tx, programme.ref),
            latest=programme.transactions[::-1][:LARGEST_TABLE],
            close_form=CloseForm(programme, formdata=None),
            has_versions=len(versions_of(tx, actor(), programme)) > 1,
            may_confirm=programme.is_unconfirmed(now().date()),
            files=files_of(tx, programme.ref, actor()),
            rules=rules,
        )


@route(bp, "/<ref>/files/<fref>", Permission.PUBLIC_READ, FILE)
def file(ref: str, fref: str) -> Response:
    """A file of a programme, for whoever may see the programme, as a download and nothing else."""
    with reading() as tx:
        programme = found(queries.find_programme(tx, actor(), ref))
        files = files_of(tx, programme.ref, actor())
        attachment = one_of(files, fref)
        tx.expunge_all()
    answer: Response = download(attachment)
    return answer


@route(bp, "/<ref>/history", Permission.PUBLIC_READ, HISTORY)
def history(ref: str) -> Response:
    """The versions of a programme, newest first, with what changed."""
    with reading() as tx:
        programme = found(queries.find_programme(tx, actor(), ref))
        versions = versions_of(tx, actor(), programme, SENSITIVE)
        return render("programmes/history.html", programme=programme, steps=steps(versions, PARTS, current_language()))


@route(bp, "/new", Permission.PROGRAMME_POST, NOTHING, methods=("GET", "POST"))
def new() -> Response:
    """Post a programme; what was typed before is taken up again by ?draft=<key>."""
    with reading() as tx:
        form = NewProgrammeForm(_owners(), organisations=queries.organisations_to_name(tx), **resumed(tx))
    already = sent_before(form) if form.is_posted else None
    if already:
        return already
    if form.is_posted and not form.changed_rows() and form.is_sound():
        posted = _post(form)
        if posted:
            return posted
    return render("programmes/form.html", 422 if form.errors else 200, form=form)


def _post(form: NewProgrammeForm) -> Response | None:
    owner = next(m for m in actor().of_kind(*KINDS_THAT_POST) if m.organisation_ref == form.organisation.data)
    if is_held(form, Posting("programme", form.draft(), owner.organisation_id)):
        return None
    try:
        with site().database.transaction() as tx:
            programme = service.post_programme(tx, actor(), owner.organisation_id, form.draft(), now())
            form.guarded.keep(tx, programme)
            form.keep_files(tx, programme, actor().account_id, site().files, now())
            ref = _done(tx, form, programme)
    except rules.DraftRefused as refused:
        form.mark(refused.problems)
        return None
    return see("programmes.page", gettext("The programme is posted. Matching needs are being looked for."), ref=ref)


@route(bp, "/draft", Permission.PROGRAMME_POST, NOTHING, methods=("POST",))
def save_draft() -> Response:
    """Keep what has been typed so far; ?ref=<ref> says which programme it amends."""
    ref = request.args.get("ref")
    return keep_typed("programme", ref, lambda tx: found(queries.find_programme(tx, actor(), ref or "")))


@route(bp, "/<ref>/amend", Permission.PROGRAMME_AMEND, AMEND, methods=("GET", "POST"))
def amend(ref: str) -> Response:
    """Amend a programme; whoever saves second is shown both texts."""
    with reading() as tx:
        programme = found(queries.find_programme_whole(tx, actor(), ref))
        require(actor(), Permission.PROGRAMME_AMEND, now(), programme)
        values = values_of(programme, queries.named_on(tx, programme))
        names = queries.organisations_to_name(tx)
        kept = files_of(tx, programme.ref, actor())
        form = ProgrammeForm(organisations=names, programme=programme, kept=kept, data=values, **resumed(tx))
        wanted = form.is_posted and not form.changed_rows() and form.is_sound()
    already = sent_before(form) if form.is_posted else None
    if already:
        return already
    wanted = wanted and not is_held(form, Posting("programme", form.draft(), programme.organisation_id, ref))
    return _amend(form, ref) if wanted else _show_again(form, ref, 422 if form.errors else 200)


def _amend(form: ProgrammeForm, ref: str) -> Response:
    try:
        with site().database.transaction() as tx:
            programme = found(queries.find_programme_to_change(tx, actor(), ref))
            service.amend_programme(tx, actor(), programme, form.draft(), form.opened_version, now())
            form.guarded.keep(tx, programme)
            form.keep_files(tx, programme, actor().account_id, site().files, now())
            ref = _done(tx, form, programme)
    except StaleVersion:
        return _show_both(form, ref)
    except rules.DraftRefused as refused:
        form.mark(refused.problems)
        return _show_again(form, ref, 422)
    return see("programmes.page", gettext("The programme is amended."), ref=ref)


def _show_again(form: ProgrammeForm, ref: str, status: int, **more: Any) -> Response:
    with reading() as tx:
        programme = found(queries.find_programme_whole(tx, actor(), ref))
        return render("programmes/form.html", status, form=form, programme=programme, **more)


def _show_both(form: ProgrammeForm, ref: str) -> Response:
    with reading() as tx:
        programme = found(queries.find_programme_whole(tx, actor(), ref))
        theirs = values_of(programme, queries.named_on(tx, programme))
    form.version.data = theirs["version"]
    return _show_again(form, ref, 409, differences=differences(form, theirs))


@route(bp, "/<ref>/close", Permission.PROGRAMME_AMEND, CLOSE, methods=("GET", "POST"))
def close(ref: str) -> Response:
    """Close, cancel or suspend a programme, with a reason."""
    with reading() as tx:
        programme = found(queries.find_programme(tx, actor(), ref))
        require(actor(), Permission.PROGRAMME_AMEND, now(), programme)
        form = CloseForm(programme)
        already = sent_before(form) if form.is_posted else None
        if already:
            return already
        if not form.is_sound():
            status = 422 if form.is_posted else 200
            return render("programmes/close.html", status, form=form, programme=programme)
    try:
        with site().database.transaction() as tx:
            programme = found(queries.find_programme_to_change(tx, actor(), ref))
            service.close_programme(tx, actor(), programme, form.ending.data, form.reason.data, now())
            _done(tx, form, programme)
    except rules.MoveRefused:
        abort(409)
    return see("programmes.page", gettext("The new status and your reason stand on the programme’s page."), ref=ref)


@route(bp, "/<ref>/confirm", Permission.PROGRAMME_AMEND, AMEND, methods=("POST",))
def confirm(ref: str) -> Response:
    """Say that the programme still stands as it is written."""
    try:
        with site().database.transaction() as tx:
            programme = found(queries.find_programme_to_change(tx, actor(), ref))
            service.confirm_programme(tx, actor(), programme, now())
            ref = programme.ref
    except rules.MoveRefused:
        abort(409)
    return see("programmes.page", gettext("Thank you. Readers see that the programme still stands."), ref=ref)


def _done(tx: Tx, form: Any, programme: Programme) -> str:
    done(tx, form, url_for("programmes.page", ref=programme.ref))
    return programme.ref


def _owners() -> list[tuple[str, str]]:
    return [(m.organisation_ref, m.organisation_name) for m in actor().of_kind(*KINDS_THAT_POST)]
