"""The pages of a course's dated runs: one session, and the forms that announce, change and cancel one."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.courses import queries, rules, service
from app.courses.forms import ReasonForm, SessionForm, values_of_session
from app.courses.models import Course, CourseSession
from app.courses.shared import bp, standing_session, to_amend
from app.foundation import disclosure
from app.foundation.audit import history_of
from app.foundation.db import Tx
from app.foundation.permissions import Permission
from app.foundation.sending import done, resumed
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
from app.foundation.wording.two_texts import differences
from app.foundation.wording.versions import StaleVersion

SESSION = disclosure.surface("course.session", "page", "course")
NEW_SESSION = disclosure.surface("course.new_session", "page", "course")
AMEND_SESSION = disclosure.surface("course.amend_session", "page", "course")
CANCEL_SESSION = disclosure.surface("course.cancel_session", "page", "course")


@route(bp, "/<ref>/sessions/new", Permission.COURSE_AMEND, NEW_SESSION, methods=("GET", "POST"))
def new_session(ref: str) -> Response:
    """Announce a dated run of a course."""
    with reading() as tx:
        course = to_amend(tx, ref)
        copied = queries.session_of(course, request.args.get("copy", ""))
        form = SessionForm(course, data=_first_guess(course, copied), **resumed(tx))
        already = sent_before(form) if form.is_posted else None
        if already:
            return already
        if not form.is_sound():
            status = 422 if form.is_posted else 200
            return render("courses/session_form.html", status, form=form, course=course, copied=copied)
    with site().database.transaction() as tx:
        course = to_amend(tx, ref, queries.find_course_to_change(tx, actor(), ref))
        session_ref = service.add_session(tx, actor(), course, form.draft(), now()).ref
        done(tx, form, url_for("courses.session_page", ref=ref, session_ref=session_ref))
    message = gettext("The session is announced. Whoever waits for this course is told.")
    return see("courses.session_page", message, ref=ref, session_ref=session_ref)


def _first_guess(course: Course, copied: CourseSession | None) -> dict[str, object]:
    # A centre mostly gives a course again where it gave it last, to as many people.
    last = copied or (course.sessions[-1] if course.sessions else None)
    if last is None:
        return {"languages": course.codes("language"), "country": course.organisation.country or ""}
    same = {"time_zone": last.time_zone, "place": last.place, "country": last.country or "", "seats": last.seats}
    return {**same, "languages": list(last.languages), "copied_from": copied.ref if copied else ""}


@route(bp, "/<ref>/sessions/<session_ref>", Permission.PUBLIC_READ, SESSION)
def session_page(ref: str, session_ref: str) -> Response:
    """One dated run of a course."""
    with reading() as tx:
        course = found(queries.find_course(tx, actor(), ref))
        session = found(queries.session_of(course, session_ref))
        return render(
            "courses/session.html",
            course=course,
            run=session,
            standing=queries.standing_of(session, now()),
            history=history_of(tx, session.ref),
            reason_form=ReasonForm(formdata=None),
            rules=rules,
        )


@route(bp, "/<ref>/sessions/<session_ref>/amend", Permission.COURSE_AMEND, AMEND_SESSION, methods=("GET", "POST"))
def amend_session(ref: str, session_ref: str) -> Response:
    """Change a session; whoever saves second is shown both versions."""
    with reading() as tx:
        course = to_amend(tx, ref)
        session = standing_session(course, session_ref)
        form = SessionForm(course, session, data=values_of_session(session), **resumed(tx))
        already = sent_before(form) if form.is_posted else None
        if already:
            return already
        if not form.is_sound():
            status = 422 if form.is_posted else 200
            return render("courses/session_form.html", status, form=form, course=course, run=session)
    return _amend(form, ref, session_ref)


def _amend(form: SessionForm, ref: str, session_ref: str) -> Response:
    try:
        with site().database.transaction() as tx:
            session = _to_change(tx, ref, session_ref)
            service.amend_session(tx, actor(), session, form.draft(), form.opened_version, now())
            done(tx, form, url_for("courses.session_page", ref=ref, session_ref=session_ref))
    except StaleVersion:
        return _show_both(form, ref, session_ref)
    message = gettext("The session is changed. Whoever is concerned is told.")
    return see("courses.session_page", message, ref=ref, session_ref=session_ref)


def _show_both(form: SessionForm, ref: str, session_ref: str) -> Response:
    with reading() as tx:
        course = to_amend(tx, ref)
        session = standing_session(course, session_ref)
        theirs = values_of_session(session)
        form.version.data = theirs["version"]
        both = differences(form, theirs)
        return render("courses/session_form.html", 409, form=form, course=course, run=session, differences=both)


@route(bp, "/<ref>/sessions/<session_ref>/cancel", Permission.COURSE_AMEND, CANCEL_SESSION, methods=("GET", "POST"))
def cancel_session(ref: str, session_ref: str) -> Response:
    """Cancel a session, with a reason."""
    form = ReasonForm()
    already = sent_before(form) if form.is_posted else None
    if already:
        return already
    if not form.is_sound():
        with reading() as tx:
            course = to_amend(tx, ref)
            session = standing_session(course, session_ref)
            status = 422 if form.is_posted else 200
            return render("courses/cancel.html", status, form=form, course=course, run=session)
    with site().database.transaction() as tx:
        session = _to_change(tx, ref, session_ref)
        service.cancel_session(tx, actor(), session, form.reason.data, now())
        done(tx, form, url_for("courses.session_page", ref=ref, session_ref=session_ref))
    message = gettext("The session is cancelled. Whoever is concerned is told.")
    return see("courses.session_page", message, ref=ref, session_ref=session_ref)


def _to_change(tx: Tx, ref: str, session_ref: str) -> CourseSession:
    course = to_amend(tx, ref, queries.find_course_to_change(tx, actor(), ref))
    return standing_session(course, session_ref)
