"""Writing needs: the form, its drafts, the coach beside it, posting and amending."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from app.foundation.addresses import local_address
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of
from app.foundation.drafts import drop_draft as forget_draft
from app.foundation.drafts import find_draft, note_done
from app.foundation.drafts import save_draft as keep_draft
from app.foundation.filing.files import files_of
from app.foundation.forms import change_rows, posted_fields
from app.foundation.guarding import Posting, is_held
from app.foundation.languages import say
from app.foundation.permissions import Membership, Permission, Refused, require
from app.foundation.references import tidy_reference
from app.foundation.web import (
    NOTHING,
    actor,
    current_language,
    flash,
    found,
    gettext,
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
from app.foundation.wording.changes import FieldChange
from app.foundation.wording.versions import StaleVersion
from app.needs import rules
from app.needs.attachments import attach_files, detach_files
from app.needs.changes import changes
from app.needs.coach import coach as read_draft
from app.needs.examples import Usual, usual
from app.needs.forms import NeedForm
from app.needs.models import Need
from app.needs.queries import find_need_whole
from app.needs.sections import states_of
from app.needs.service import LineInUse, Widened, amend_need, post_need
from app.needs.snapshots import snapshot, snapshot_of_draft
from app.needs.surfaces import COACH, FORM, bp
from app.organisations.queries import verified_names


@route(bp, "/new", Permission.NEED_DRAFT, FORM, methods=("GET", "POST"))
def new() -> Any:
    """Write a need and post it."""
    with reading() as tx:
        form = _open_form(tx)
    return _answer_on_the_way(form) or (_post(form) if form.is_sound() else _draw(form))


@route(bp, "/<ref>/amend", Permission.NEED_AMEND, FORM, methods=("GET", "POST"))
def amend(ref: str) -> Any:
    """Make a new version of a need."""
    with reading() as tx:
        need = found(find_need_whole(tx, actor(), tidy_reference(ref)))
        require(actor(), Permission.NEED_AMEND, now(), need)
        form = _open_form(tx, need)
    if need.status in rules.ENDED and not form.is_posted:
        words = gettext("This need has ended. It cannot be amended any more.")
        return see("needs.page", words, "warning", ref=need.ref)
    return _answer_on_the_way(form) or (_amend(form, need.ref) if form.is_sound() else _draw(form))


def _open_form(tx: Tx, need: Need | None = None) -> NeedForm:
    """The form as it was sent, as it was left in a draft, or as the need stands."""
    places = _places(need)
    kept = find_draft(tx, actor(), request.args.get("draft", "")) if request.method == "GET" else None
    form = NeedForm(
        places,
        today=now().date(),
        need=need,
        named=audience_of(tx, need) if need else (),
        organisations=verified_names(tx),
        files=files_of(tx, need.ref, actor()) if need else (),
        **({"formdata": MultiDict(kept.fields)} if kept else {}),
    )
    form.saved = kept
    # What was read outlives this transaction: the page is drawn after it.
    tx.expunge_all()
    return form


def _places(need: Need | None) -> tuple[Membership, ...]:
    """The organisations that this person may ask for.

    Raises:
        Refused: there is none.
    """
    places = tuple(m for m in actor().memberships if m.organisation_kind in rules.CAN_ASK and m.may_draft)
    if need is None and not places:
        raise Refused(Permission.NEED_POST.value)
    return places


def _answer_on_the_way(form: NeedForm) -> Any:
    """What a sent form gets before it is read as a whole: another row, a draft kept, or where it led the first time."""
    if not form.is_posted:
        return None
    if {"add-row", "remove-row"} & set(request.form):
        for rows in (form.lines, form.indicators, form.other_texts):
            change_rows(rows)
            # The library counts rows anew when the form comes back; the page has to count as it does.
            rows._compact_indices()  # noqa: SLF001
        return _draw(form, 200)
    if "keep" in request.form:
        return _keep(form)
    if "drop" in request.form:
        return _drop(form.key)
    return sent_before(form)


def _keep(form: NeedForm) -> Any:
    ref = form.need.ref if form.need else None
    try:
        with site().database.transaction() as tx:
            keep_draft(tx, actor(), "need", form.key, posted_fields(), now(), ref)
    except ValueError:
        form.form_errors.append(too_large())
        return _draw(form, 413)
    words = gettext("Your draft is kept. Nobody else can see it. You can go on now or later.")
    if ref:
        return see("needs.amend", words, ref=ref, draft=form.key)
    return see("needs.new", words, draft=form.key)


def _draw(form: NeedForm, status: int | None = None, differences: list[FieldChange] | None = None) -> Any:
    return render(
        "needs/form.html",
        status or (422 if form.is_posted else 200),
        form=form,
        need=form.need,
        coaching=read_draft(form.coach_draft()),
        usual=_usual(form),
        differences=differences,
        tasks=[(key, say(title, current_language()), state) for key, title, state in states_of(form)],
        lost_files=bool(form.is_posted and form.chosen_files),
    )


def _post(form: NeedForm) -> Any:
    if is_held(form, Posting("need", form.draft(), form.organisation_id)):
        return _draw(form)
    try:
        with site().database.transaction() as tx:
            need = post_need(tx, actor(), form.organisation_id, form.draft(), now())
            ref = _finish(tx, form, need)
    except IntegrityError:
        if already := sent_before(form):
            return already
        raise
    return see("needs.page", _said_of(need.status), ref=ref)


def _said_of(status: str) -> Any:
    if status == "posted":
        return gettext("Your need is posted. Those who could meet it will be told.")
    return gettext("Your need is sent. It is posted once those who look at it first have passed it.")


def _amend(form: NeedForm, ref: str) -> Any:
    if is_held(form, Posting("need", form.draft(), form.organisation_id, ref)):
        return _draw(form)
    try:
        with site().database.transaction() as tx:
            need = found(find_need_whole(tx, actor(), ref))
            amend_need(tx, actor(), need, form.draft(), form.opened_version, now())
            _finish(tx, form, need)
    except (StaleVersion, StaleDataError):
        return _show_both(form, ref)
    except LineInUse:
        form.lines.errors = [gettext("A line that somebody has pledged against cannot be left out. Put it back.")]
        return _draw(form)
    except Widened:
        said = gettext(
            "More people would see it than was agreed to. Withdraw this need and post it anew to show it wider."
        )
        form.disclosure.errors = [said]
        return _draw(form)
    except rules.MoveRefused:
        form.form_errors.append(gettext("This need has ended meanwhile. It cannot be amended any more."))
        return _draw(form, 409)
    said = gettext("The new version is posted.") if need.status in rules.PUBLISHED else _said_of(need.status)
    return see("needs.page", said, ref=ref)


def _finish(tx: Tx, form: NeedForm, need: Need) -> str:
    """What belongs to the same transaction: the files, and that this form has been acted upon."""
    if "unwanted_files" in form:
        detach_files(tx, actor(), need, form.unwanted_files.data or (), now())
    attach_files(tx, actor(), need, form.chosen_files, site().files, now())
    form.guarded.keep(tx, need)
    note_done(tx, actor(), form.key, url_for("needs.page", ref=need.ref), now())
    forget_draft(tx, actor(), form.key)
    tx.flush()
    return need.ref


def _show_both(form: NeedForm, ref: str) -> Any:
    """Somebody else was faster: their text stands beside, and the form goes on from it."""
    if already := sent_before(form):
        return already
    with reading() as tx:
        need = found(find_need_whole(tx, actor(), ref))
        theirs = snapshot(need)
    mine = snapshot_of_draft(form.draft())
    form.version.data = str(need.version)
    return _draw(form, 409, changes(mine, theirs, current_language()))


@route(bp, "/draft", Permission.NEED_DRAFT, NOTHING, methods=("POST",))
def save_draft() -> Any:
    """Keep what has been typed so far; the page calls this by itself."""
    key, ref = request.form.get("form_key", "")[:64], request.args.get("need")
    if not key:
        return gettext("There is no form to keep."), 400
    try:
        with site().database.transaction() as tx:
            keep_draft(tx, actor(), "need", key, posted_fields(), now(), ref[:20] if ref else None)
    except ValueError:
        return too_large(), 413
    return "", 204


def too_large() -> str:
    """Why a draft cannot be kept, and what to do."""
    text: str = gettext("This is too much text to keep as a draft. Shorten it, or attach it as a file.")
    return text


@route(bp, "/draft/drop", Permission.NEED_DRAFT, NOTHING, methods=("POST",))
def drop_draft() -> Any:
    """Throw a draft away."""
    return _drop(request.form.get("form_key", "")[:64])


def _drop(key: str) -> Any:
    with site().database.transaction() as tx:
        forget_draft(tx, actor(), key)
    flash(gettext("The draft has been thrown away."), "success")
    return redirect(local_address(request.form.get("next"), url_for("needs.index")), code=303)


@route(bp, "/coach", Permission.NEED_DRAFT, COACH, methods=("POST",))
def coach() -> Any:
    """What the coach says to what has been typed so far, as a part of the page."""
    form = NeedForm(_places(None), today=now().date())
    return render("needs/_coach.html", coaching=read_draft(form.coach_draft()), usual=_usual(form))


def _usual(form: NeedForm) -> Usual | None:
    with reading() as tx:
        return usual(tx, form.themes.data or (), f"{form.title.data or ''} {form.problem.data or ''}")
