"""The pages on which many people are put forward by a spreadsheet: template, upload, correction, confirmation."""

from __future__ import annotations

from typing import Any, cast

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.courses.models import CourseSession
from app.courses.rules import day_there
from app.foundation.db import Tx
from app.foundation.languages import say
from app.foundation.messages import Message, msg
from app.foundation.permissions import Membership, Permission
from app.foundation.sending import send_once
from app.foundation.spreadsheets.sent import kind_of
from app.foundation.spreadsheets.sheets import WORKBOOK_TYPE
from app.foundation.spreadsheets.workbooks import merged_in, read_table
from app.foundation.web import (
    abort,
    actor,
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
from app.nominations import queries, rules
from app.nominations.seats import window_of
from app.nominations.shared import FORM, bp, list_address, refused, session_here
from app.nominations.sheet import keeping, showing, words
from app.nominations.sheet.forms import RowsForm, SendForm
from app.nominations.sheet.keeping import Read, Sheet
from app.nominations.sheet.rules import MERGED, MOST_ROWS, TOO_MANY, to_read
from app.nominations.sheet.tables import LARGEST, LIMITS, SheetRefused
from app.nominations.sheet.writing import template_csv, template_xlsx

HERE = "/courses/<ref>/sessions/<session_ref>/nominations/sheet"
NOMINATES = ("state", "regional")
CHANGED = msg("Something has changed meanwhile. Look at the rows and press again.")


def owners() -> list[Membership]:
    """The organisations for which this person may nominate."""
    return [m for m in actor().of_kind(*NOMINATES) if m.role == "focal_point"]


def owner_of(organisation_ref: str) -> Membership:
    """The one with that reference, as long as this person may nominate for it; else a 404."""
    return next((m for m in owners() if m.organisation_ref == organisation_ref), None) or abort(404)


@route(bp, HERE, Permission.NOMINATION_MAKE, FORM, ("GET", "POST"))
def sheet(ref: str, session_ref: str) -> Any:
    """Get the template, and send it filled in."""
    form = SendForm([(m.organisation_ref, m.organisation_name) for m in owners()])
    if form.is_posted and (already := sent_before(form)):
        return already
    with reading() as tx:
        session = session_here(tx, ref, session_ref)
        if not form.is_sound():
            return _draw_upload(session, form, 422 if form.is_posted else 200)
        try:
            taken, unknown = _taken(form)
            with site().database.transaction() as writing:
                keeping.keep(writing, actor(), session, taken, now())
        except SheetRefused as error:
            form.file.errors = [say(error.reason, current_language())]
            return _draw_upload(session, form, 422)
        if unknown:
            flash(gettext("These columns are not read: %(names)s.", names=", ".join(unknown[:8])), "info")
        return redirect(_rows_address(session, taken.key), code=303)


def _taken(form: SendForm) -> tuple[Sheet, list[str]]:
    """The sheet that was sent, and the heads that nobody knows."""
    name, content = form.content(LARGEST)
    table = read_table(name, content, words.is_head, LIMITS)
    lines, unknown = words.lines_of(table, current_language())
    said = to_read(lines)
    merged = merged_in(content, LIMITS) if kind_of(name, content, LIMITS) == "xlsx" else []
    for line in said:
        if any(line.number in one.rows for one in merged):
            raise SheetRefused(Message(MERGED.text, {"row": line.number}))
    if len(said) > MOST_ROWS:
        raise SheetRefused(TOO_MANY)
    return Sheet(form.key, form.organisation.data or "", tuple(said)), unknown


def _draw_upload(session: CourseSession, form: SendForm, status: int) -> Any:
    window, why = window_of(session), None
    try:
        rules.check_open(window, day_there(now(), session.time_zone))
    except rules.MoveRefused as error:
        why = error.reason
    return render(
        "nominations/sheet/send.html", status, run=session, course=session.course, form=form, window=window, why=why,
        most=MOST_ROWS,
    )  # fmt: skip


def _rows_address(session: CourseSession, key: str, opened: str | None = None) -> str:
    ref, session_ref = session.course.ref, session.ref
    anchor = f"row-{opened}" if opened else None
    return url_for("nominations.sheet_rows", ref=ref, session_ref=session_ref, draft=key, open=opened, _anchor=anchor)


@route(bp, f"{HERE}/template.<any(xlsx, csv):ending>", Permission.NOMINATION_MAKE, FORM)
def sheet_template(ref: str, session_ref: str, ending: str) -> Any:
    """The template in the reader's language, with the lines of this reader's needs to choose from."""
    language = current_language()
    with reading() as tx:
        session = session_here(tx, ref, session_ref)
        lines = queries.lines_to_serve(tx, actor(), [m.organisation_id for m in owners()])
        named = [showing.line_named(line) for line in lines]
    is_book = ending == "xlsx"
    body = template_xlsx(language, named) if is_book else template_csv(language)
    name = f"counterpart-candidates-{session.ref}.{ending}"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(body, mimetype=WORKBOOK_TYPE if is_book else "text/csv", headers=headers)


@route(bp, f"{HERE}/rows", Permission.NOMINATION_MAKE, FORM)
def sheet_rows(ref: str, session_ref: str) -> Any:
    """Row by row what will be put forward, and what has to be mended first."""
    with reading() as tx:
        session = session_here(tx, ref, session_ref)
        kept = keeping.kept(tx, actor(), session, request.args.get("draft", ""))
        if kept is None:
            return _gone(session)
        read = keeping.read(tx, actor(), session, owner_of(kept.organisation_ref), kept)
        form = RowsForm(formdata=MultiDict({"form_key": kept.key}))
        return render(
            "nominations/sheet/rows.html", run=session, course=session.course, form=form,
            **showing.shown(read, request.args.get("open", ""), current_language()),
        )  # fmt: skip


def _gone(session: CourseSession) -> Any:
    flash(gettext("This sheet is not kept any more: its candidates are put forward, or it was thrown away."), "info")
    return redirect(list_address(session), code=303)


@route(bp, f"{HERE}/rows", Permission.NOMINATION_MAKE, FORM, ("POST",))
def sheet_change(ref: str, session_ref: str) -> Any:
    """Keep what was corrected; and if that is asked, put everybody forward whose row is sound."""
    form = RowsForm()
    if already := sent_before(form):
        return already
    if not form.is_sound():
        abort(400)
    with site().database.transaction() as tx:
        session = session_here(tx, ref, session_ref)
        kept = keeping.kept(tx, actor(), session, form.key)
        if kept is None:
            return _gone(session)
        owner = owner_of(kept.organisation_ref)
        corrected = kept.corrected(request.form, request.form.get("leave-out", ""))
        keeping.keep(tx, actor(), session, corrected, now())
        read = keeping.read(tx, actor(), session, owner, corrected)
    wanted = request.form.get("confirm", "")
    if wanted and wanted == str(len(read.sound)):
        return _confirm(form, (ref, session_ref), owner, read)
    if wanted:
        text = ngettext("Now one candidate is ready.", "Now %(num)s candidates are ready.", len(read.sound))
        what_next = gettext("Look at them and press again.")
        flash(f"{text} {what_next}", "info")
    return redirect(_rows_address(session, form.key, request.form.get("open")), code=303)


def _confirm(form: RowsForm, place: tuple[str, str], owner: Membership, shown: Read) -> Any:
    def write(tx: Tx) -> str:
        session = session_here(tx, *place)
        kept = cast(Sheet, keeping.kept(tx, actor(), session, form.key))
        read = keeping.read(tx, actor(), session, owner, kept)
        if len(read.sound) != len(shown.sound):
            raise rules.MoveRefused(CHANGED)
        keeping.put_forward(tx, actor(), session, owner, read, now())
        if not read.faulty:
            return list_address(session)
        rest = kept.only(read.faulty)
        keeping.keep(tx, actor(), session, rest, now())
        return _rows_address(session, rest.key)

    try:
        return send_once(form, write, _done(shown))
    except rules.MoveRefused as error:
        reason = error.reason
    except rules.DraftRefused:
        reason = CHANGED
    with reading() as tx:
        return refused(rules.MoveRefused(reason), _rows_address(session_here(tx, *place), form.key))


def _done(read: Read) -> str:
    text = ngettext("One candidate is put forward.", "%(num)s candidates are put forward.", len(read.sound))
    rest = len(read.faulty)
    more = ngettext("One row is left to mend.", "%(num)s rows are left to mend.", rest) if rest else ""
    return f"{text} {more}".strip()
