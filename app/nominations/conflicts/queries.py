"""Reading what conflicts are reckoned from: nominations, limits and sessions, each as the reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.permissions import ANONYMOUS, Actor
from app.foundation.tags import has_code
from app.needs.limits.models import Limit
from app.needs.limits.queries import standing_limits
from app.needs.limits.rules import TRAINEES
from app.nominations.conflicts import rules
from app.nominations.conflicts.rules import Bound, Cap, Run, Stay
from app.nominations.models import Nomination
from app.nominations.queries import OPTIONS
from app.organisations.models import Organisation
from app.overview.quarters import Quarter
from app.overview.radar.queries import findings_in
from app.overview.radar.rules import Finding
from app.reference.groupings import members


@dataclass(frozen=True)
class Collision:
    """A limit that is passed, and what the radar says of it."""

    limit: Limit
    found: Finding


AT_ONCE = 2000
SESSIONS_AT_ONCE = 100


def run_of(session: CourseSession) -> Run:
    """A session as the law knows it."""
    course = session.course
    reach = {*course.codes("country"), *(code for grouping in course.codes("grouping") for code in members(grouping))}
    return Run(
        number=session.id,
        starts_on=session.starts_on,
        ends_on=session.ends_on,
        themes=frozenset(course.codes("theme")),
        languages=frozenset(session.languages or course.codes("language")),
        country=session.country or "",
        reach=frozenset(reach),
    )


def stay_of(one: Nomination) -> Stay:
    """A nomination as the law knows it."""
    return Stay(
        number=one.id,
        session=one.session_id,
        person=one.candidate_key,
        organisation=one.organisation_id,
        starts_on=one.session.starts_on,
        ends_on=one.session.ends_on,
        themes=frozenset(one.course.codes("theme")),
    )


def of_organisations(
    tx: Tx, reader: Actor, session: CourseSession, organisation_ids: Iterable[int], person: str = ""
) -> list[Nomination]:
    """Those of these organisations, and of this person, at sessions in the same weeks, as the reader may see them."""
    first, last = session.starts_on, session.ends_on
    week = timedelta(days=7)
    whose: list[ColumnElement[bool]] = [Nomination.organisation_id.in_(sorted(organisation_ids))]
    whose += [Nomination.candidate_key == person] if person else []
    near = (CourseSession.starts_on <= last + week, CourseSession.ends_on >= first - week)
    return _stays(tx, reader, or_(*whose), *near)


def of_country(tx: Tx, reader: Actor, session: CourseSession, country: str) -> list[Nomination]:
    """Those of a State in training in the quarters of the session, as the reader may see them."""
    first, last = Quarter.of(session.starts_on).first_day, Quarter.of(session.ends_on).last_day
    whose = Nomination.organisation_id.in_(select(Organisation.id).where(Organisation.country == country))
    return _stays(tx, reader, whose, CourseSession.starts_on <= last, CourseSession.ends_on >= first)


def _stays(tx: Tx, reader: Actor, *criteria: ColumnElement[bool]) -> list[Nomination]:
    query = (
        readable(reader, Nomination)
        .join(CourseSession, CourseSession.id == Nomination.session_id)
        .where(Nomination.status.in_(sorted(rules.STAYS)), CourseSession.status != "cancelled", *criteria)
        .order_by(CourseSession.starts_on, Nomination.id)
    )
    return list(tx.scalars(query.options(*OPTIONS).limit(AT_ONCE)))


def limits_then(tx: Tx, reader: Actor, session: CourseSession, country: str) -> list[Limit]:
    """The limits of people in training that the State has set for the quarters of the session."""
    first, last = Quarter.of(session.starts_on).first_day, Quarter.of(session.ends_on).last_day
    return [one for one in standing_limits(tx, reader, first, last, [country]) if one.measure == TRAINEES]


def collisions_then(tx: Tx, reader: Actor, session: CourseSession, country: str, today: date) -> list[Collision]:
    """The limits of providers and programmes at once that are passed in a State while this session is held there.

    The radar counts who is there, as this reader may see it, and the session with them.
    """
    run = run_of(session)
    first, last = Quarter.of(session.starts_on).first_day, Quarter.of(session.ends_on).last_day
    limits = {
        one.ref: one
        for one in standing_limits(tx, reader, first, last, [country])
        if one.measure != TRAINEES and rules.counts_for(Cap(one.theme, one.kind, one.beneficiary_unit), run)
    }
    if not limits:
        # Mostly there are none, and then the radar is not asked.
        return []
    return [
        Collision(limits[found.limit], found)
        for found in findings_in(tx, reader, today, country=country)
        if found.limit in limits
        and ("course", session.course.ref) in found.records
        and rules.quarters_meet(run, found.first, found.last)
    ]


def countries_of(tx: Tx, reader: Actor, session: CourseSession) -> list[str]:
    """The States for whose people a session is, or where it is held, that have limits for its quarters."""
    run = run_of(session)
    first, last = Quarter.of(session.starts_on).first_day, Quarter.of(session.ends_on).last_day
    meant = {*run.reach, *([run.country] if run.country else [])}
    return sorted({one.country for one in standing_limits(tx, reader, first, last, meant)})


def bound_of(limit: Limit) -> Bound:
    """A limit as the law knows it."""
    return Bound(limit.most, limit.theme, limit.starts_on, limit.ends_on)


def alike_sessions(tx: Tx, session: CourseSession) -> list[CourseSession]:
    """Public sessions of other courses on the same theme, in the same language, quarter and place."""
    quarter = Quarter.of(session.starts_on)
    query = (
        select(CourseSession)
        .join(Course)
        .where(
            visible_to(ANONYMOUS, Course),
            Course.id != session.course_id,
            Course.status == "posted",
            has_code(Course, "theme", session.course.codes("theme")),
            CourseSession.status != "cancelled",
            CourseSession.starts_on >= quarter.first_day,
            CourseSession.starts_on <= quarter.last_day,
        )
        .options(joinedload(CourseSession.course).joinedload(Course.organisation))
        .order_by(CourseSession.starts_on, CourseSession.id)
    )
    found = {one.id: one for one in tx.scalars(query.limit(SESSIONS_AT_ONCE))}
    return [found[run.number] for run in rules.alike_then(run_of(session), map(run_of, found.values()))]
