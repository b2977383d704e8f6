"""The pages of a centre: how seats are given, who is accepted or turned down, who passed; and agreeing to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.courses.models import CourseSession
from app.foundation.db import Tx
from app.foundation.forms import change_rows, choices
from app.foundation.languages import say
from app.foundation.permissions import Permission
from app.foundation.sending import send_once
from app.foundation.web import (
    actor,
    current_language,
    gettext,
    now,
    reading,
    render,
    route,
    sent_before,
)
from app.nominations import queries, results, rules, service
from app.nominations.forms import AcceptForm, IntakeForm, RejectForm, ResultsForm, say_on, values_of_intake
from app.nominations.models import Nomination
from app.nominations.seats import intake_of
from app.nominations.shared import FORM, LIST, PAGE, bp, list_address, refused, session_to_fill
from app.nominations.views import NOMINATES, draw_session, moved
from app.organisations.queries import verified_organisations

HERE = "/courses/<ref>/sessions/<session_ref>"
AFTER = (rules.ATTENDED, rules.PASSED, rules.FAILED, rules.NO_SHOW)


@route(bp, f"{HERE}/seats", Permission.COURSE_AMEND, FORM, ("GET", "POST"))
def intake(ref: str, session_ref: str) -> Any:
    """Say how the seats of a session are given."""
    with reading() as tx:
        session = session_to_fill(tx, ref, session_ref)
        form = IntakeForm(_named(tx), data=values_of_intake(intake_of(tx, session)))
        if form.is_posted and (already := sent_before(form)):
            return already
        has_changed = form.is_posted and change_rows(form.quotas)
        if has_changed or not form.is_sound():
            return _draw_intake(session, form, 422 if form.is_posted and not has_changed else 200)

    def write(tx: Tx) -> str:
        here = session_to_fill(tx, ref, session_ref)
        service.set_intake(tx, actor(), here, form.draft(), now())
        return list_address(here)

    try:
        return send_once(
            form, write, gettext("Seats are given by these rules from now on, and everybody can read them.")
        )
    except rules.DraftRefused as error:
        say_on(form, error.problems)
    with reading() as tx:
        return _draw_intake(session_to_fill(tx, ref, session_ref), form, 422)


def _named(tx: Tx) -> list[tuple[str, str]]:
    return [(one.ref, one.name) for one in verified_organisations(tx) if one.kind in NOMINATES]


def _draw_intake(session: CourseSession, form: IntakeForm, status: int) -> Any:
    return render("nominations/intake.html", status, run=session, course=session.course, form=form)


@route(bp, f"{HERE}/nominations/accept", Permission.NOMINATION_DECIDE, LIST, ("POST",))
def accept(ref: str, session_ref: str) -> Any:
    """Accept the candidates that are ticked."""
    form = AcceptForm()
    if already := sent_before(form):
        return already
    with reading() as tx:
        session = session_to_fill(tx, ref, session_ref)
        numbers = _chosen(tx, session, form)
        if not form.is_sound() or not numbers:
            form.form_errors = [*form.form_errors, gettext("Tick the candidates whom you accept.")]
            return draw_session(tx, session, 422, form)
        address = list_address(session)

    def write(tx: Tx) -> str:
        here = session_to_fill(tx, ref, session_ref)
        service.accept(tx, actor(), numbers, here, now())
        return list_address(here)

    try:
        return send_once(form, write, gettext("Decided by the published rule. Everybody concerned is told."))
    except rules.MoveRefused as error:
        return refused(error, address)


def _chosen(tx: Tx, session: CourseSession, form: AcceptForm) -> set[int]:
    wanted = set(form.chosen.data or ())
    return {one.id for one in queries.nominations_in(tx, actor(), session.id) if one.ref in wanted}


@route(bp, "/nominations/<ref>/reject", Permission.NOMINATION_DECIDE, PAGE, ("POST",))
def reject(ref: str) -> Any:
    """Turn a candidate down, with a reason."""
    form = RejectForm()
    return moved(
        ref, Permission.NOMINATION_DECIDE, form, "reject_form",
        lambda tx, one: service.reject(tx, actor(), one, form.reason.data or "", now()),
        gettext("The candidate is turned down, and told why."),
    )  # fmt: skip


@route(bp, f"{HERE}/results", Permission.NOMINATION_DECIDE, FORM, ("GET", "POST"))
def write_results(ref: str, session_ref: str) -> Any:
    """Write down who came, who passed and with which mark."""
    with reading() as tx:
        session = session_to_fill(tx, ref, session_ref)
        people = _with_seats(tx, session)
        rows = [
            {"ref": one.ref, "status": one.status if one.status in AFTER else "", "mark": one.mark} for one in people
        ]
        form = _with_choices(ResultsForm(data={"rows": rows}))
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            return _draw_results(session, people, form, 422 if form.is_posted else 200)

    def write(tx: Tx) -> str:
        here = session_to_fill(tx, ref, session_ref)
        _write(tx, _with_seats(tx, here), form)
        return list_address(here)

    try:
        return send_once(form, write, gettext("The results are saved. Whoever nominated is asked to confirm them."))
    except rules.MoveRefused as error:
        form.form_errors = [say(error.reason, current_language())]
    with reading() as tx:
        session = session_to_fill(tx, ref, session_ref)
        return _draw_results(session, _with_seats(tx, session), form, 422)


def _with_seats(tx: Tx, session: CourseSession) -> list[Nomination]:
    return [one for one in queries.nominations_in(tx, actor(), session.id) if one.status in {rules.CONFIRMED, *AFTER}]


def _with_choices(form: ResultsForm) -> ResultsForm:
    names = [(code, say(rules.STATUS_NAMES[code][0], current_language())) for code in AFTER]
    for entry in form.rows.entries:
        entry.form.status.choices = choices(names, gettext("Not written down yet"))
    return form


def _write(tx: Tx, people: list[Nomination], form: ResultsForm) -> None:
    by_ref = {one.ref: one for one in people}
    written = []
    for entry in form.rows.entries:
        one, status, mark = by_ref.get(entry.form.ref.data), entry.form.status.data, entry.form.mark.data
        new_mark = None if mark is None else Decimal(mark)
        if one is None or status not in AFTER or (status, new_mark) == (one.status, one.mark):
            continue
        written.append(results.Result(one, status, new_mark))
    results.write_results(tx, actor(), written, now())


def _draw_results(session: CourseSession, people: list[Nomination], form: ResultsForm, status: int) -> Any:
    named = {one.ref: one for one in people}
    return render(
        "nominations/results.html", status, run=session, course=session.course, form=form, named=named, rules=rules
    )


@route(bp, "/nominations/<ref>/agree", Permission.NOMINATION_CHANGE, PAGE, ("POST",))
def agree(ref: str) -> Any:
    """Say that one's own candidate passed, as the centre has written down."""
    return moved(
        ref, Permission.NOMINATION_CHANGE, AcceptForm(), "agree_form",
        lambda tx, one: results.agree(tx, actor(), one, now()),
        gettext("Confirmed by both sides. What your need still lacks is reckoned anew."),
    )  # fmt: skip
