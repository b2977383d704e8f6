"""Courses and their sessions for programs, with the seats that are free; and who was put forward for them."""

from __future__ import annotations

from typing import Any

from pydantic import Field as Said

from app.api.answers import Answer, absolute, record
from app.api.lists import list_of
from app.api.operations import Parameter, reads
from app.api.parts import COUNTRY, HEAD, LANGUAGE, STILL, THEME, TIERS, WORDS, head, page_of
from app.api.shapes import Given, given_of, many, shown_as
from app.courses import listing, queries, rules
from app.courses.changes import COLUMNS, FACETS, snapshot
from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.web import actor, found, now, request
from app.nominations.queries import Seats, find_session, seats_of

LIST = surface("course.api_list", "api", "course")
ONE = surface("course.api", "api", "course")
SEATS = surface("session.api_seats", "api", "course")
SESSION = (
    "status", "starts_on", "ends_on", "time_zone", "place", "country", "seats", "register_by", "languages",
)  # fmt: skip


class SeatsGiven(Given):
    """How the seats of a session stand; nobody is named."""

    seats: int
    confirmed: int = Said(description="Seats that their candidates have confirmed.")
    held: int = Said(description="Seats that are given and still to be confirmed.")
    waiting: int = Said(description="Candidates on the waiting list.")
    free: int = Said(description="Seats that nobody has.")


Session = given_of("CourseSession", CourseSession, SESSION, ref=(str, ...), url=(str, ...))
CourseGiven = given_of(
    "Course", Course, COLUMNS, FACETS.values(), **HEAD, **TIERS, sessions=(many(Session), ...),
)  # fmt: skip
Courses = page_of("Courses", CourseGiven)
DATES = Parameter("dates", "Whether dates are set.", lambda: queries.DATES)
TYPE = Parameter("type", "Types of course.", lambda: list(rules.TYPES))


@reads(
    "/courses", Permission.PUBLIC_READ, LIST, Courses, "Courses that you may see",
    query=(WORDS, DATES, TYPE, THEME, COUNTRY, LANGUAGE, STILL), is_list=True,
)  # fmt: skip
def courses(tx: Tx) -> Answer:
    """The list, narrowed as on its page."""
    filters = listing.filters_of(listing.read(request.args))
    query = queries.wanted_courses(actor(), filters, now().date())
    return list_of(tx, "courses", query, Course, shown)


@reads("/courses/<ref>", Permission.PUBLIC_READ, ONE, CourseGiven, "One course with its sessions")
def course(tx: Tx, ref: str) -> Answer:
    """One course."""
    here: Course = found(queries.find_course(tx, actor(), ref))
    return record(shown(here), here.version)


@reads("/courses/<ref>/sessions/<session_ref>/seats", Permission.PUBLIC_READ, SEATS, SeatsGiven, "Seats of a session")
def seats(tx: Tx, ref: str, session_ref: str) -> Answer:
    """How many seats of a session are free, taken and waited for."""
    session: CourseSession = found(find_session(tx, actor(), ref, session_ref))
    stand: Seats = seats_of(tx, [session])[session.id]
    names = ("seats", "confirmed", "held", "waiting", "free")
    return Answer({name: getattr(stand, name) for name in names})


def shown(course: Course) -> dict[str, Any]:
    """A course as its readers see it."""
    state = snapshot(course) | {"sessions": [_session(course, one) for one in course.sessions]}
    more = {"restricted_fields": sorted(course.field_disclosure), "fee_includes": list(course.fee_includes)}
    return shown_as(CourseGiven, state | head(course, absolute("courses.page", ref=course.ref), **more))


def _session(course: Course, session: CourseSession) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(session, name) for name in SESSION}
    url = absolute("courses.session_page", ref=course.ref, session_ref=session.ref)
    return {**values, "ref": session.ref, "url": url}
