"""The pages on which a workbook is fetched, sent back, looked over row by row, and saved."""

from __future__ import annotations

from typing import Any

from app.exchange.workbooks import keeping, making, showing
from app.exchange.workbooks.forms import SaveForm, UploadForm
from app.exchange.workbooks.judging import Judge, Outcome
from app.exchange.workbooks.kinds.kind import Kind, Place
from app.exchange.workbooks.kinds.known import KINDS
from app.exchange.workbooks.reading import LIMITS, Book, read
from app.exchange.workbooks.rules import EMPTY_ROWS, KEPT_DAYS, MINE, MOST_ROWS, OTHER_OWNER, STATES, Fault
from app.exchange.workbooks.saving import save
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.filing.downloads import file_answer, note_taken
from app.foundation.languages import say
from app.foundation.messages import msg
from app.foundation.permissions import Membership, Permission, Refused
from app.foundation.sending import send_once
from app.foundation.spreadsheets.sent import SheetRefused
from app.foundation.web import (
    abort,
    actor,
    blueprint,
    current_language,
    flash,
    found,
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

bp = blueprint("workbooks", "/workbooks")

PAGE = surface("workbook.page", "page", "need", "programme", "course", "pledge")
FILE = surface("workbook.file", "export", "need", "programme", "course", "pledge")

MOVED = msg("Something has changed meanwhile. Look at the rows and press again.")


class Moved(ValueError):
    """Something has changed since the sender looked at the rows."""


def _kind(name: str) -> tuple[Kind, list[Membership]]:
    """The kind of that name, and for whom this person may fill in such a workbook.

    Raises:
        Refused: for nobody.
    """
    kind: Kind = found(KINDS.get(name))
    owners = kind.owners(actor())
    if not owners:
        raise Refused(name)
    return kind, owners


def _owner(owners: list[Membership], ref: str) -> Membership | None:
    return next((one for one in owners if one.organisation_ref == ref), None)


@route(bp, "", Permission.DESK_READ, PAGE)
def index() -> Any:
    """The kinds of workbooks that this person may fill in."""
    return render("exchange/workbooks.html", kinds=[kind for kind in KINDS.values() if kind.owners(actor())])


@route(bp, "/<kind>.xlsx", Permission.DESK_READ, FILE)
def file(kind: str) -> Any:
    """The workbook of one's own organisation, filled in as its records stand."""
    what, owners = _kind(kind)
    owner = found(_owner(owners, request.args.get("organisation", owners[0].organisation_ref)))
    with reading() as tx:
        place = Place(actor(), owner, now())
        body, rows = making.make(tx, place, what, current_language(), site().settings.secret_key)
    note_taken(f"{kind}-workbook", rows)
    return file_answer(body, f"counterpart-{kind}-{now().date().isoformat()}-fill-in.xlsx")


@route(bp, "/<kind>", Permission.DESK_READ, PAGE, ("GET", "POST"))
def page(kind: str) -> Any:
    """Get the workbook, and send it back."""
    what, owners = _kind(kind)
    form = UploadForm()
    if form.is_posted and (already := sent_before(form)):
        return already
    if form.is_sound():
        try:
            return _take(form, what, owners)
        except SheetRefused as error:
            form.file.errors = [say(error.reason, current_language())]
    with reading() as tx:
        sent = keeping.sent_by(tx, actor(), kind, now())
        shape = {"empty": EMPTY_ROWS, "most": MOST_ROWS, "days": KEPT_DAYS, "megabytes": LIMITS.largest // 2**20}
        status = 422 if form.is_posted else 200
        return render("exchange/workbook.html", status, kind=what, owners=owners, form=form, sent=sent, **shape)


def _take(form: UploadForm, kind: Kind, owners: list[Membership]) -> Any:
    name, content = form.content(LIMITS.largest)
    book = read(name, content, kind.name, site().settings.secret_key)
    owner = _owner(owners, book.owner_ref)
    if owner is None:
        raise SheetRefused(OTHER_OWNER)
    if not keeping.KEY.fullmatch(form.key):
        abort(400)
    where = url_for("workbooks.rows", kind=kind.name, key=form.key)

    def write(tx: Tx) -> str:
        keeping.keep(tx, actor(), owner, kind.name, form.key, (name, content), site().files, now())
        return where

    return send_once(form, write, gettext("The workbook is read. Nothing is saved yet: look at the rows first."))


def _opened(tx: Tx, kind: Kind, owners: list[Membership], key: str) -> tuple[Book, Membership]:
    """A workbook that this person has sent, read again; a 404 where it is none of hers, or too old."""
    upload = found(keeping.find(tx, actor(), kind.name, key, now()))
    content = found(keeping.content_of(site().files, upload))
    try:
        book = read(upload.name, content, kind.name, site().settings.secret_key)
    except SheetRefused:
        # It was sealed with a key that the site does not have any more.
        abort(404)
    return book, found(_owner(owners, book.owner_ref))


def _judge(tx: Tx, kind: Kind, opened: tuple[Book, Membership], *, asks_guard: bool = True) -> tuple[Judge, Outcome]:
    book, owner = opened
    chosen = {
        int(name[7:]): choice for name, choice in request.form.items()
        if name.startswith("choose-") and name[7:].isascii() and name[7:].isdecimal() and len(name) < 14  # noqa: PLR2004
    }  # fmt: skip
    place = Place(actor(), owner, now())
    judge = Judge(tx, place, kind, keeping.remembered(tx, owner, kind.name), chosen, asks_guard)
    return judge, judge.judge(book, current_language())


@route(bp, "/<kind>/<key>", Permission.DESK_READ, PAGE)
def rows(kind: str, key: str) -> Any:
    """Row by row what the workbook would change."""
    return _draw(kind, key, {})


def _draw(kind: str, key: str, refused: dict[int, Fault], status: int = 200) -> Any:
    what, owners = _kind(kind)
    wanted = request.args.get("state", "")
    with reading() as tx:
        _judged, outcome = _judge(tx, what, _opened(tx, what, owners, key))
        form = SaveForm(formdata=None, data={"seen": outcome.mark})
        parts = showing.shown(outcome, wanted if wanted in STATES else "", refused)
        return render("exchange/rows.html", status, kind=what, key=key, form=form, wanted=wanted, MINE=MINE, **parts)


@route(bp, "/<kind>/<key>", Permission.DESK_READ, PAGE, ("POST",))
def save_rows(kind: str, key: str) -> Any:
    """Save every row that is good, as it was seen."""
    what, owners = _kind(kind)
    form = SaveForm()
    if already := sent_before(form):
        return already
    if not form.is_sound():
        abort(400)
    with reading() as tx:
        opened = _opened(tx, what, owners, key)
        _judged, outcome = _judge(tx, what, opened)
    sound = {one.row.number for one in outcome.rows if one.row.is_good}
    try:
        if outcome.mark == str(form.seen.data):
            return _save(form, what, opened, key, sound)
    except Moved:
        # It changed between the look and the writing.
        pass
    flash(say(MOVED, current_language()), "warning")
    return redirect(url_for("workbooks.rows", kind=kind, key=key), code=303)


def _save(form: SaveForm, kind: Kind, opened: tuple[Book, Membership], key: str, sound: set[int]) -> Any:
    done: list[int] = []
    refused: dict[int, Fault] = {}
    unheard: list[int] = []

    def write(tx: Tx) -> str:
        judge, outcome = _judge(tx, kind, opened, asks_guard=False)
        if outcome.mark != str(form.seen.data):
            raise Moved
        # What the guard has asked of is not saved, although it is not asked again.
        rows_left = [one for one in outcome.rows if one.row.number in sound]
        number, faults = save(judge, Outcome(rows_left, outcome.columns))
        # Whoever chose her own words for a row that cannot take them is told so at once.
        unheard.extend(judge.unheard(outcome))
        done.append(number)
        refused.update(faults)
        return url_for("workbooks.rows", kind=kind.name, key=key)

    answer = send_once(form, write, lambda: _said(done))
    return answer if not (refused or unheard) else _draw(kind.name, key, refused, 422)


def _said(done: list[int]) -> str:
    # Sent a second time, the same form has saved its rows before.
    number = done[0] if done else 0
    return str(
        ngettext("One row is saved.", "%(num)s rows are saved.", number)
        if number
        else gettext("There was nothing more to save.")
    )
