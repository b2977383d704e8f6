"""What centres do with courses and their dated sessions, for programs: post, amend, confirm, withdraw, cancel."""

from __future__ import annotations

from typing import Any

from app.api.answers import Answer, absolute, record
from app.api.bodies import filled
from app.api.courses import ONE, CourseGiven, shown
from app.api.guarding import Answers, look
from app.api.needs import NO_TOKEN
from app.api.operations import seen_version, writes
from app.api.shapes import taken_by
from app.courses import queries, service
from app.courses.confirming import confirm_course as confirm
from app.courses.forms import CourseForm, NewCourseForm, ReasonForm, SessionForm, values_of, values_of_session
from app.courses.models import Course, CourseSession
from app.courses.shared import KINDS_THAT_POST, standing_session
from app.foundation.db import Tx
from app.foundation.guarding import Posting
from app.foundation.permissions import Permission, Refused, require
from app.foundation.web import actor, found, now

CourseTaken = taken_by("CoursePosted", NewCourseForm, **Answers)
CourseChanged = taken_by("CourseAmended", CourseForm, changes=True, **Answers)
SessionTaken = taken_by("SessionAnnounced", SessionForm, leave_out=("copied_from",))
SessionChanged = taken_by("SessionAmended", SessionForm, leave_out=("copied_from",), changes=True)
Reason = taken_by("CourseReason", ReasonForm)


@writes(
    "POST", "/courses", Permission.COURSE_POST, ONE, CourseGiven, "Post a course", takes=CourseTaken, status=201,
    version="no",
)  # fmt: skip
def post_course(tx: Tx, body: Any) -> Answer:
    """Post a course for one of one's centres; its sessions are announced afterwards."""
    places = actor().of_kind(*KINDS_THAT_POST)
    owners = [(place.organisation_ref, place.organisation_name) for place in places]
    names = queries.organisations_to_name(tx)
    form = filled(lambda typed: NewCourseForm(owners, organisations=names, formdata=typed, meta=NO_TOKEN), body)
    owner = next((place for place in places if place.organisation_ref == form.organisation.data), None)
    if owner is None:
        raise Refused(Permission.COURSE_POST.value)
    guarded = look(Posting("course", form.draft(), owner.organisation_id), body)
    made = service.post_course(tx, actor(), owner.organisation_id, form.draft(), now())
    guarded.keep(tx, made)
    return _answer(tx, made, 201)


@writes(
    "PATCH", "/courses/<ref>", Permission.COURSE_AMEND, ONE, CourseGiven, "Amend a course", takes=CourseChanged,
    version="required",
)  # fmt: skip
def amend_course(tx: Tx, body: Any, ref: str) -> Answer:
    """Give a course new words; what is not said stays as it is."""
    before = own(tx, ref)
    amended(tx, before, body, seen_version(before, "required"))
    return _answer(tx, before)


def amended(tx: Tx, before: Course, body: Any, version: int | None) -> None:
    """Make a new version of a course by the form of its page, with what was sent in it."""
    names, values = queries.organisations_to_name(tx), values_of(before, queries.named_on(tx, before))
    form = filled(
        lambda typed: CourseForm(organisations=names, course=before, data=values, formdata=typed, meta=NO_TOKEN), body
    )
    guarded = look(Posting("course", form.draft(), before.organisation_id, before.ref), body)
    service.amend_course(tx, actor(), before, form.draft(), version, now())
    guarded.keep(tx, before)


@writes("POST", "/courses/<ref>/confirm", Permission.COURSE_AMEND, ONE, CourseGiven, "Say that a course still stands")
def confirm_course(tx: Tx, ref: str) -> Answer:
    """The course still stands as it is written."""
    here = own(tx, ref)
    seen_version(here)
    confirm(tx, actor(), here, now())
    return _answer(tx, here)


@writes(
    "POST", "/courses/<ref>/withdraw", Permission.COURSE_AMEND, ONE, CourseGiven,
    "Take a course out of the catalogue", takes=Reason,
)  # fmt: skip
def withdraw_course(tx: Tx, body: Any, ref: str) -> Answer:
    """Take a course out of the catalogue, with a reason; its sessions to come are cancelled."""
    here = own(tx, ref)
    form = filled(lambda typed: ReasonForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(here)
    service.withdraw_course(tx, actor(), here, form.reason.data, now())
    return _answer(tx, here)


@writes(
    "POST", "/courses/<ref>/sessions", Permission.COURSE_AMEND, ONE, CourseGiven, "Announce a session",
    takes=SessionTaken, status=201,
)  # fmt: skip
def announce_session(tx: Tx, body: Any, ref: str) -> Answer:
    """Announce a dated run of a course."""
    here = own(tx, ref)
    spoken = {"languages": here.codes("language"), "country": here.organisation.country or ""}
    form = filled(lambda typed: SessionForm(here, data=spoken, formdata=typed, meta=NO_TOKEN), body)
    seen_version(here)
    service.add_session(tx, actor(), here, form.draft(), now())
    return _answer(tx, here, 201)


@writes(
    "PATCH", "/courses/<ref>/sessions/<session_ref>", Permission.COURSE_AMEND, ONE, CourseGiven, "Amend a session",
    takes=SessionChanged, version="required",
)  # fmt: skip
def amend_session(tx: Tx, body: Any, ref: str, session_ref: str) -> Answer:
    """Change the days, the seats or the terms of a session; the version is that of its course."""
    here = own(tx, ref)
    found(queries.session_of(here, session_ref))
    version = seen_version(here, "required")
    run = standing_session(here, session_ref)
    form = filled(
        lambda typed: SessionForm(here, run, data=values_of_session(run), formdata=typed, meta=NO_TOKEN), body
    )
    service.amend_session(tx, actor(), run, form.draft(), version, now())
    return _answer(tx, here)


@writes(
    "POST", "/courses/<ref>/sessions/<session_ref>/cancel", Permission.COURSE_AMEND, ONE, CourseGiven,
    "Cancel a session", takes=Reason,
)  # fmt: skip
def cancel_session(tx: Tx, body: Any, ref: str, session_ref: str) -> Answer:
    """The session does not take place, with a reason; whoever is concerned is told."""
    here = own(tx, ref)
    run: CourseSession = found(queries.session_of(here, session_ref))
    form = filled(lambda typed: ReasonForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(here)
    service.cancel_session(tx, actor(), run, form.reason.data, now())
    return _answer(tx, here)


def own(tx: Tx, ref: str) -> Course:
    """The course, held until the transaction ends, for somebody who may change it."""
    course: Course = found(queries.find_course_to_change(tx, actor(), ref))
    require(actor(), Permission.COURSE_AMEND, now(), course)
    return course


def _answer(tx: Tx, course: Course, status: int = 200) -> Answer:
    tx.flush()
    location = absolute("api.course", ref=course.ref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(shown(course), course.version, status, location)
