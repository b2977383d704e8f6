"""What may be done with courses: post, amend, withdraw; and with each dated run: announce, change, cancel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from sqlalchemy.orm.attributes import flag_modified

from app.courses import rules
from app.courses.changes import snapshot
from app.courses.events import (
    CourseAmended,
    CoursePosted,
    CourseWithdrawn,
    SessionCancelled,
    SessionChanged,
    SessionPosted,
)
from app.courses.models import Course, CourseSession
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import TIERS, name_audience
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.foundation.wording.versions import check_version, keep_before, keep_version

# What of a draft goes into the columns of the same name.
COLUMNS = (
    "language", "type", "code", "title", "description", "objectives", "audience", "prerequisites", "level", "format",
    "hours", "hosts", "fee_amount", "currency", "fee_covers", "assessment", "pass_mark", "certificate", "recognised_by",
    "purpose_code", "disclosure",
)  # fmt: skip
WHEN_AND_WHERE = ("starts_on", "ends_on", "time_zone", "place", "country")
"""What those who take part have to know of when it changes."""
FACETS = {"theme": "themes", "country": "countries", "grouping": "groupings", "language": "languages"}


@dataclass(frozen=True)
class CourseDraft:
    """Everything that a centre says of a course.

    `type` is one of rules.TYPES, `level` one of rules.LEVELS or empty, `format` one of rules.FORMATS; the fee is per
    participant, in whole units of `currency` (ISO 4217), 0 for none; `fee_includes` are codes of rules.INCLUDED.
    `pass_mark` is from 0 to 100. `audience` says in words whom it is for; `named` are organisation ids.
    """

    language: str
    title: str
    description: str
    themes: tuple[str, ...]
    languages: tuple[str, ...]
    countries: tuple[str, ...] = ()
    groupings: tuple[str, ...] = ()
    type: str = "course"
    code: str = ""
    objectives: str = ""
    audience: str = ""
    prerequisites: str = ""
    level: str = ""
    format: str = "on_site"
    hours: int | None = None
    fee_amount: Decimal | None = None
    currency: str = ""
    fee_covers: str = ""
    fee_includes: tuple[str, ...] = ()
    hosts: str = ""
    assessment: str = ""
    pass_mark: int | None = None
    certificate: str = ""
    recognised_by: str = ""
    purpose_code: str = ""
    disclosure: str = "public"
    named: tuple[int, ...] = ()


@dataclass(frozen=True)
class SessionDraft:
    """Everything that a centre says of one dated run; days are days in `time_zone` (IANA name).

    `country` is an ISO 3166 code or None, `status` open or full; without `languages` those of the course hold.
    """

    starts_on: date
    ends_on: date
    seats: int
    time_zone: str = "UTC"
    place: str = ""
    country: str | None = None
    register_by: date | None = None
    languages: tuple[str, ...] = ()
    status: str = "open"
    copied_from: str = ""


def post_course(tx: Tx, actor: Actor, organisation_id: int, draft: CourseDraft, now: datetime) -> Course:
    """Post a course: from now on whoever may see it can find it, with dates or without.

    Raises:
        Refused: the actor may not post for that organisation. DraftRefused: the draft breaks a rule.
    """
    course = Course(organisation_id=organisation_id, status="posted", created_at=now, posted_at=now, is_published=True)
    require(actor, Permission.COURSE_POST, now, course)
    _fill(course, draft, now)
    tx.add(course)
    tx.flush()
    name_audience(tx, course, draft.named if draft.disclosure == "named" else ())
    keep_version(tx, actor, course, snapshot(course), now)
    record_event(tx, actor, "course.posted", course, now)
    tell(tx, CoursePosted(course.id), now)
    return course


def amend_course(
    tx: Tx, actor: Actor, course: Course, draft: CourseDraft, opened_version: int | None, now: datetime
) -> Course:
    """Make a new version of a course.

    Raises:
        Refused: the actor may not. StaleVersion: somebody else amended it meanwhile. DraftRefused: the draft breaks a
        rule. MoveRefused: it has been withdrawn.
    """
    require(actor, Permission.COURSE_AMEND, now, course)
    check_version(course, opened_version)
    rules.check_move(rules.MOVES, course.status, "posted")
    keep_before(tx, course, snapshot(course))
    _fill(course, draft, now)
    _touch(course, now)
    tx.flush()
    name_audience(tx, course, draft.named if draft.disclosure == "named" else ())
    keep_version(tx, actor, course, snapshot(course), now)
    record_event(tx, actor, "course.amended", course, now)
    tell(tx, CourseAmended(course.id), now)
    return course


def withdraw_course(tx: Tx, actor: Actor, course: Course, reason: str, now: datetime) -> None:
    """Take a course out of the catalogue, with the reason that readers will see; sessions still to come are cancelled.

    Raises:
        Refused: the actor may not. MoveRefused: it has been withdrawn already.
    """
    require(actor, Permission.COURSE_AMEND, now, course)
    rules.check_move(rules.MOVES, course.status, "withdrawn")
    for session in course.sessions:
        to_come = session.starts_on > rules.day_there(now, session.time_zone)
        if to_come and session.status != "cancelled":
            cancel_session(tx, actor, session, reason, now)
    course.status, course.is_published, course.changed_at = "withdrawn", False, now
    record_event(tx, actor, "course.withdrawn", course, now, {"reason": reason})
    tell(tx, CourseWithdrawn(course.id), now)


def add_session(tx: Tx, actor: Actor, course: Course, draft: SessionDraft, now: datetime) -> CourseSession:
    """Announce a dated run of a course.

    Raises:
        Refused: the actor may not. MoveRefused: the course has been withdrawn. DraftRefused: the draft breaks a rule.
    """
    require(actor, Permission.COURSE_AMEND, now, course)
    rules.check_move(rules.MOVES, course.status, "posted")
    if problems := problems_in_session(draft, None, now):
        raise rules.DraftRefused(problems)
    keep_before(tx, course, snapshot(course))
    session = CourseSession(created_at=now)
    _fill_session(session, draft, now)
    course.sessions.append(session)
    _touch(course, now)
    tx.flush()
    keep_version(tx, actor, course, snapshot(course), now)
    record_event(tx, actor, "course_session.posted", session, now, {"course": course.ref})
    tell(tx, SessionPosted(course.id, session.id), now)
    return session


def amend_session(
    tx: Tx, actor: Actor, session: CourseSession, draft: SessionDraft, opened_version: int | None, now: datetime
) -> CourseSession:
    """Change the dates, seats or terms of a session. A session has its course's version.

    Raises:
        Refused: the actor may not. StaleVersion: somebody else changed it or its course meanwhile. MoveRefused: it is
        cancelled. DraftRefused: the draft breaks a rule.
    """
    course = session.course
    require(actor, Permission.COURSE_AMEND, now, course)
    check_version(course, opened_version)
    rules.check_move(rules.MOVES, course.status, "posted")
    rules.check_move(rules.SESSION_MOVES, session.status, draft.status)
    if problems := [*problems_in_session(draft, session, now), *_asked_elsewhere(tx, session, draft)]:
        raise rules.DraftRefused(problems)
    keep_before(tx, course, snapshot(course))
    has_moved = any(getattr(session, name) != getattr(draft, name) for name in WHEN_AND_WHERE)
    _fill_session(session, draft, now)
    _touch(course, now)
    tx.flush()
    keep_version(tx, actor, course, snapshot(course), now)
    record_event(tx, actor, "course_session.amended", session, now, {"course": course.ref})
    tell(tx, SessionChanged(course.id, session.id, has_moved), now)
    return session


def cancel_session(tx: Tx, actor: Actor, session: CourseSession, reason: str, now: datetime) -> None:
    """Say that a session does not take place, with the reason that readers will see.

    Raises:
        Refused: the actor may not. MoveRefused: it is cancelled already.
    """
    course = session.course
    require(actor, Permission.COURSE_AMEND, now, course)
    rules.check_move(rules.SESSION_MOVES, session.status, "cancelled")
    keep_before(tx, course, snapshot(course))
    session.status, session.changed_at = "cancelled", now
    _touch(course, now)
    tx.flush()
    keep_version(tx, actor, course, snapshot(course), now)
    record_event(tx, actor, "course_session.cancelled", session, now, {"course": course.ref, "reason": reason})
    tell(tx, SessionCancelled(course.id, session.id), now)


SessionCheck: TypeAlias = Callable[[Tx, CourseSession, SessionDraft], list[rules.Problem]]
_CHECKS: list[SessionCheck] = []


def register_session_check(check: SessionCheck) -> None:
    """Let a higher feature say what stands against a change of a session: fewer seats than are given, for instance."""
    if check not in _CHECKS:
        _CHECKS.append(check)


def _asked_elsewhere(tx: Tx, session: CourseSession, draft: SessionDraft) -> list[rules.Problem]:
    return [problem for check in _CHECKS for problem in check(tx, session, draft)]


def problems_in(draft: CourseDraft) -> list[rules.Problem]:
    """Everything in a course's draft that a centre has to mend."""
    reach = (*draft.countries, *draft.groupings)
    problems = rules.content_problems(themes=draft.themes, languages=draft.languages, reach=reach)
    problems += rules.fee_problems(draft.fee_amount, draft.currency)
    problems += rules.audience_problems(draft.disclosure, draft.named)
    return problems


def problems_in_session(draft: SessionDraft, before: CourseSession | None, now: datetime) -> list[rules.Problem]:
    """Everything in a session's draft that a centre has to mend; `before` is the session that it amends, if any."""
    problems = rules.session_problems(
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        register_by=draft.register_by,
        seats=draft.seats,
        time_zone=draft.time_zone,
    )
    if before is None:
        today = rules.day_there(now, draft.time_zone)
        problems += rules.new_session_problems(ends_on=draft.ends_on, today=today)
    return problems


def _fill(course: Course, draft: CourseDraft, now: datetime) -> None:
    if draft.disclosure not in TIERS:
        raise ValueError(f"unknown tier {draft.disclosure!r}")
    if problems := problems_in(draft):
        raise rules.DraftRefused(problems)
    for name in COLUMNS:
        setattr(course, name, getattr(draft, name))
    course.fee_includes = list(draft.fee_includes)
    course.changed_at = now
    course.verify_by = rules.verify_by(now.date())
    for facet, name in FACETS.items():
        course.set_codes(facet, getattr(draft, name))


def _fill_session(session: CourseSession, draft: SessionDraft, now: datetime) -> None:
    kept = session.copied_from or ""
    for name, value in vars(draft).items():
        setattr(session, name, list(value) if name == "languages" else value)
    # Of whom it is a copy is said once, when it is announced.
    session.copied_from = kept or draft.copied_from
    session.changed_at = now


def _touch(course: Course, now: datetime) -> None:
    # Codes and sessions have tables of their own: the course's row has to change too, or its version would not.
    course.changed_at = now
    flag_modified(course, "changed_at")
