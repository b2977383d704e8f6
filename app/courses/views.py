"""The pages of courses: the list, one course, and the forms by which centres post, amend and withdraw."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.courses import listing, queries, rules, service, session_views
from app.courses.calendar import views as calendar_views
from app.courses.changes import PARTS
from app.courses.confirming import confirm_course
from app.courses.counted import LIST_OF
from app.courses.forms import CourseForm, NewCourseForm, ReasonForm, values_of
from app.courses.shared import KINDS_THAT_POST, bp, to_amend
from app.foundation import disclosure
from app.foundation.audit import history_of
from app.foundation.filing.downloads import download, one_of
from app.foundation.filing.files import files_of
from app.foundation.guarding import Posting, is_held
from app.foundation.kept.lists import Wanted
from app.foundation.listing import beside
from app.foundation.permissions import Permission
from app.foundation.sending import done, keep_typed, resumed
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
from app.foundation.wording.versions import StaleVersion, versions_of
from app.foundation.wording.words import steps

__all__ = ["bp", "calendar_views", "session_views"]


LIST = disclosure.surface("course.list", "list", "course")
PAGE = disclosure.surface("course.page", "page", "course")
AMEND = disclosure.surface("course.amend", "page", "course")
FILE = disclosure.surface("course.file", "file", "course")
HISTORY = disclosure.surface("course.history", "page", "course")
WITHDRAW = disclosure.surface("course.withdraw", "page", "course")


@route(bp, "", Permission.PUBLIC_READ, LIST)
def index() -> Response:
    """The list, narrowed by what the address asks for."""
    asked, today = listing.read(request.args), now().date()
    filters = listing.filters_of(asked)
    wanted = Wanted(filters, request.args.get("page"), today, asked.sort, asked.size)
    with reading() as tx:
        return render(
            "courses/index.html",
            asked=asked,
            page=LIST_OF.page(tx, actor(), wanted),
            **beside(asked, LIST_OF.counts(tx, actor(), filters, today), listing.words()),
            next_session=lambda course: queries.next_session(course, today),
            standing_of=lambda session: queries.standing_of(session, now()),
            rules=rules,
        )


@route(bp, "/<ref>", Permission.PUBLIC_READ, PAGE)
def page(ref: str) -> Response:
    """One course with its sessions."""
    with reading() as tx:
        course = found(queries.find_course(tx, actor(), ref))
        is_own = course.organisation_id in actor().organisation_ids
        named = queries.names_of_organisations(tx, queries.named_on(tx, course)) if is_own else []
        return render(
            "courses/page.html",
            course=course,
            named=named,
            history=history_of(tx, course.ref),
            standing_of=lambda session: queries.standing_of(session, now()),
            reason_form=ReasonForm(formdata=None),
            has_versions=len(versions_of(tx, actor(), course)) > 1,
            files=files_of(tx, course.ref, actor()),
            rules=rules,
        )


@route(bp, "/<ref>/files/<fref>", Permission.PUBLIC_READ, FILE)
def file(ref: str, fref: str) -> Response:
    """A file of a course, for whoever may see the course, as a download and nothing else."""
    with reading() as tx:
        course = found(queries.find_course(tx, actor(), ref))
        files = files_of(tx, course.ref, actor())
        attachment = one_of(files, fref)
        tx.expunge_all()
    answer: Response = download(attachment)
    return answer


@route(bp, "/<ref>/history", Permission.PUBLIC_READ, HISTORY)
def history(ref: str) -> Response:
    """The versions of a course and its sessions, newest first, with what changed."""
    with reading() as tx:
        course = found(queries.find_course(tx, actor(), ref))
        versions = versions_of(tx, actor(), course)
        return render("courses/history.html", course=course, steps=steps(versions, PARTS, current_language()))


@route(bp, "/new", Permission.COURSE_POST, NOTHING, methods=("GET", "POST"))
def new() -> Response:
    """Post a course; what was typed before is taken up again by ?draft=<key>."""
    with reading() as tx:
        form = NewCourseForm(_owners(), organisations=queries.organisations_to_name(tx), **resumed(tx))
    already = sent_before(form) if form.is_posted else None
    if already:
        return already
    posted = _post(form) if form.is_sound() else None
    return posted or render("courses/form.html", 422 if form.is_posted else 200, form=form)


def _post(form: NewCourseForm) -> Response | None:
    owner = next(m for m in actor().of_kind(*KINDS_THAT_POST) if m.organisation_ref == form.organisation.data)
    if is_held(form, Posting("course", form.draft(), owner.organisation_id)):
        return None
    with site().database.transaction() as tx:
        course = service.post_course(tx, actor(), owner.organisation_id, form.draft(), now())
        form.guarded.keep(tx, course)
        form.keep_files(tx, course, actor().account_id, site().files, now())
        ref = course.ref
        done(tx, form, url_for("courses.page", ref=ref))
    return see("courses.page", gettext("The course is posted. Add its dates as soon as they are known."), ref=ref)


@route(bp, "/draft", Permission.COURSE_POST, NOTHING, methods=("POST",))
def save_draft() -> Response:
    """Keep what has been typed so far; ?ref=<ref> says which course it amends or announces a session of."""
    ref = request.args.get("ref")
    form = "course_session" if "seats" in request.form else "course"
    return keep_typed(form, ref, lambda tx: found(queries.find_course(tx, actor(), ref or "")))


@route(bp, "/<ref>/amend", Permission.COURSE_AMEND, AMEND, methods=("GET", "POST"))
def amend(ref: str) -> Response:
    """Amend a course; whoever saves second is shown both texts."""
    with reading() as tx:
        course = to_amend(tx, ref)
        values = values_of(course, queries.named_on(tx, course))
        names = queries.organisations_to_name(tx)
        kept = files_of(tx, course.ref, actor())
        form = CourseForm(organisations=names, course=course, kept=kept, data=values, **resumed(tx))
        already = sent_before(form) if form.is_posted else None
        if already:
            return already
        wanted = form.is_sound() and not is_held(form, Posting("course", form.draft(), course.organisation_id, ref))
        if not wanted:
            return render("courses/form.html", 422 if form.is_posted else 200, form=form, course=course)
    return _amend(form, ref)


def _amend(form: CourseForm, ref: str) -> Response:
    try:
        with site().database.transaction() as tx:
            course = found(queries.find_course_to_change(tx, actor(), ref))
            service.amend_course(tx, actor(), course, form.draft(), form.opened_version, now())
            form.guarded.keep(tx, course)
            form.keep_files(tx, course, actor().account_id, site().files, now())
            done(tx, form, url_for("courses.page", ref=ref))
    except StaleVersion:
        return _show_both(form, ref)
    return see("courses.page", gettext("The course is amended."), ref=ref)


def _show_both(form: CourseForm, ref: str) -> Response:
    with reading() as tx:
        course = found(queries.find_course(tx, actor(), ref))
        theirs = values_of(course, queries.named_on(tx, course))
        form.version.data = theirs["version"]
        both = differences(form, theirs)
        return render("courses/form.html", 409, form=form, course=course, differences=both)


@route(bp, "/<ref>/confirm", Permission.COURSE_AMEND, AMEND, methods=("POST",))
def confirm(ref: str) -> Response:
    """Say that the course still stands as it is written."""
    try:
        with site().database.transaction() as tx:
            course = to_amend(tx, ref)
            confirm_course(tx, actor(), course, now())
    except rules.MoveRefused:
        abort(409)
    return see("courses.page", gettext("Thank you. Readers see that the course still stands."), ref=course.ref)


@route(bp, "/<ref>/withdraw", Permission.COURSE_AMEND, WITHDRAW, methods=("GET", "POST"))
def withdraw(ref: str) -> Response:
    """Take a course out of the catalogue, with a reason; its coming sessions are cancelled."""
    form = ReasonForm()
    already = sent_before(form) if form.is_posted else None
    if already:
        return already
    if not form.is_sound():
        with reading() as tx:
            course = to_amend(tx, ref)
            return render("courses/withdraw.html", 422 if form.is_posted else 200, form=form, course=course)
    with site().database.transaction() as tx:
        course = to_amend(tx, ref, queries.find_course_to_change(tx, actor(), ref))
        service.withdraw_course(tx, actor(), course, form.reason.data, now())
        done(tx, form, url_for("courses.page", ref=ref))
    return see("courses.page", gettext("The course is withdrawn, and its coming sessions are cancelled."), ref=ref)


def _owners() -> list[tuple[str, str]]:
    return [(m.organisation_ref, m.organisation_name) for m in actor().of_kind(*KINDS_THAT_POST)]
