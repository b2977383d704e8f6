"""The pages by which a donor sends a 3W table: the file, row by row what becomes of it, and saving it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.exchange.hxl import asking, keeping
from app.exchange.hxl.asking import Said
from app.exchange.hxl.forms import SaveForm, SendForm
from app.exchange.hxl.keeping import Read, Sent
from app.exchange.hxl.reading import LARGEST, LIMITS, MOST_ROWS, WISHES, is_tag, lines_of
from app.exchange.hxl.writing import template_of
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.languages import say
from app.foundation.permissions import Membership, Permission
from app.foundation.sending import send_once
from app.foundation.spreadsheets.sent import SheetRefused
from app.foundation.spreadsheets.sheets import WORKBOOK_TYPE
from app.foundation.spreadsheets.workbooks import read_table
from app.foundation.web import (
    abort,
    actor,
    blueprint,
    current_language,
    flash,
    gettext,
    ngettext,
    now,
    reading,
    redirect,
    render,
    request,
    route,
    sent_before,
    site,
    url_for,
)
from app.foundation.wording.versions import StaleVersion
from app.programmes.rules import DraftRefused, MoveRefused
from app.programmes.views import KINDS_THAT_POST

bp = blueprint("three_w_in")

IN = surface("three_w.in", "page", "programme")
MOST_SHOWN = 100
"""Activities that are listed of each outcome; the sentence above counts them all."""


class Changed(ValueError):
    """Between looking and saving something has changed."""


def owners() -> list[Membership]:
    """The organisations for which this person may post programmes."""
    return list(actor().of_kind(*KINDS_THAT_POST))


def owner_of(organisation_ref: str) -> Membership:
    """The one with that reference, as long as this person may post for it; else a 404."""
    return next((m for m in owners() if m.organisation_ref == organisation_ref), None) or abort(404)


@route(bp, "/open-data/3w/new", Permission.PROGRAMME_POST, IN, ("GET", "POST"))
def new() -> Any:
    """Take the template, and send the table."""
    form = SendForm([(m.organisation_ref, m.organisation_name) for m in owners()])
    if not form.is_sound():
        return render("three_w/send.html", 422 if form.is_posted else 200, form=form, most=MOST_ROWS)
    try:
        sent, unread = _taken(form)
        with site().database.transaction() as tx:
            keeping.keep(tx, actor(), sent, gettext("Table of who does what where"), now())
    except SheetRefused as error:
        form.file.errors = [say(error.reason, current_language())]
        return render("three_w/send.html", 422, form=form, most=MOST_ROWS)
    if unread:
        flash(gettext("These columns are not read: %(names)s.", names=", ".join(unread[:12])), "info")
    return redirect(url_for("three_w_in.rows", draft=sent.key), code=303)


def _taken(form: SendForm) -> tuple[Sent, list[str]]:
    lines, unread = lines_of(read_table(*form.content(LARGEST), is_tag, LIMITS))
    return Sent(form.key, form.organisation.data or "", form.language.data or "en", tuple(lines)), unread


@route(bp, "/open-data/3w/template.<any(csv, xlsx):ending>", Permission.PROGRAMME_POST, IN)
def template(ending: str) -> Any:
    """A table with all columns that are read, and one row that shows how it is done."""
    owner = next(iter(owners()), None)
    body = template_of(owner.organisation_name if owner else "", ending)
    headers = {"Content-Disposition": f"attachment; filename=counterpart-3w-template.{ending}"}
    return Response(body, mimetype=WORKBOOK_TYPE if ending == "xlsx" else "text/csv", headers=headers)


@route(bp, "/open-data/3w/rows", Permission.PROGRAMME_POST, IN)
def rows() -> Any:
    """What becomes of each activity: new, held back, changed, unchanged, or to be mended first."""
    with reading() as tx:
        sent = keeping.kept(tx, actor(), request.args.get("draft", ""))
        if sent is None:
            return _gone()
        return _draw(_looked_at(tx, owner_of(sent.organisation_ref), sent, MultiDict()))


def _looked_at(tx: Tx, owner: Membership, sent: Sent, typed: MultiDict[str, str]) -> Read:
    """The table as it stands, with what the guard asks and what was answered so far."""
    read = keeping.read(tx, actor(), owner, sent, current_language(), now())
    return replace(read, outcomes=asking.asked(tx, actor(), owner.organisation_id, read.outcomes, typed))


def _draw(read: Read, problems: Sequence[tuple[str, str]] = (), status: int = 200) -> Any:
    form = SaveForm(formdata=MultiDict({"form_key": read.sent.key}))
    return render(
        "three_w/rows.html", status, form=form, read=read, most=MOST_SHOWN, problems=problems,
        column=lambda name: WISHES[name].name,
    )  # fmt: skip


@route(bp, "/open-data/3w/rows", Permission.PROGRAMME_POST, IN, ("POST",))
def save() -> Any:
    """Save what was looked at, in one go, with what was answered."""
    form = SaveForm()
    if already := sent_before(form):
        return already
    if not form.is_sound():
        abort(400)
    with reading() as tx:
        sent = keeping.kept(tx, actor(), form.key)
        if sent is None:
            return _gone()
        owner = owner_of(sent.organisation_ref)
        read = _looked_at(tx, owner, sent, request.form)
        if problems := asking.problems(read.outcomes):
            return _draw(read, problems, 422)
        said = asking.said_in(read.outcomes)
    return _save(form, owner, read, said)


def _save(form: SaveForm, owner: Membership, looked_at: Read, said: Mapping[int, Said]) -> Any:
    sent, wanted = looked_at.sent, request.form.get("confirm", "")
    number = len(looked_at.to_save) - sum(one.is_there for one in said.values())
    waits = any(one.open and not one.is_there for one in said.values())

    def write(tx: Tx) -> str:
        read = keeping.read(tx, actor(), owner, sent, current_language(), now())
        if not read.to_save or str(len(read.to_save)) != wanted:
            raise Changed
        keeping.save(tx, actor(), owner, read, said, now())
        return url_for("guard.held") if waits else url_for("organisations.page", ref=owner.organisation_ref)

    try:
        return send_once(form, write, _told(number))
    except (Changed, StaleVersion, DraftRefused, MoveRefused):
        flash(gettext("Something has changed meanwhile. Look at the rows and press again."), "warning")
    return redirect(url_for("three_w_in.rows", draft=sent.key), code=303)


def _told(number: int) -> str:
    if not number:
        return str(gettext("There was nothing more to save."))
    return str(ngettext("One programme is saved.", "%(num)s programmes are saved.", number))


def _gone() -> Any:
    flash(gettext("This table is not kept any more: it was saved, or thrown away."), "info")
    return redirect(url_for("three_w_in.new"), code=303)
