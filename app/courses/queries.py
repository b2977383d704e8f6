"""Reading courses and sessions: one, several, the list with its facets; always through what the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, or_, select
from sqlalchemy.orm import selectinload

from app.courses import rules
from app.courses.models import Course, CourseSession, CourseTag
from app.foundation.confirming import CONFIRMED, confirmed_in_time
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, find_readable, readable, visible_to
from app.foundation.kept.lists import Wanted
from app.foundation.paging import Numbers, Page, in_parts, numbers_on
from app.foundation.permissions import STATUSES_THAT_COUNT, Actor
from app.foundation.references import tidy_reference
from app.foundation.tags import has_code
from app.organisations.models import Organisation

DATES = ("with", "without")
SORTS = ("soonest", "newest", "title")
"""The orders of the list, the usual one first."""


@dataclass(frozen=True)
class CourseFilters:
    """What a list is narrowed to; `words` have to stand in the title, `dates` is with and without sessions to come."""

    words: str = ""
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


def find_course(tx: Tx, reader: Actor, ref: str) -> Course | None:
    """The course with that reference, its sessions and its centre, if the reader may see it."""
    return find_readable(tx, reader, Course, tidy_reference(ref))


def find_course_to_change(tx: Tx, reader: Actor, ref: str) -> Course | None:
    """The same, held until the transaction ends, so that two people's changes come one after the other."""
    query = readable(reader, Course).where(Course.ref == tidy_reference(ref))
    return tx.scalar(query.with_for_update(of=Course).execution_options(populate_existing=True))


def courses_of(tx: Tx, reader: Actor, organisation_id: int) -> list[Course]:
    """The courses of one centre that stand in the catalogue and that the reader may see, by title, with sessions."""
    query = readable(reader, Course).where(Course.organisation_id == organisation_id, Course.status == "posted")
    return list(tx.scalars(query.order_by(Course.title, Course.id)))


def session_of(course: Course | None, ref: str) -> CourseSession | None:
    """The session with that reference, if it is one of this course's."""
    wanted = tidy_reference(ref)
    return next((session for session in course.sessions if session.ref == wanted), None) if course else None


def courses_by_ids(tx: Tx, reader: Actor, ids: Sequence[int]) -> dict[int, Course]:
    """The courses with these numbers that the reader may see, by number."""
    query = readable(reader, Course).options(selectinload(Course.organisation))
    return {row.id: row for some in in_parts(ids) for row in tx.scalars(query.where(Course.id.in_(some)))}


def sessions_by_ids(tx: Tx, reader: Actor, ids: Sequence[int]) -> dict[int, CourseSession]:
    """The sessions with these numbers, of courses that the reader may see, by number."""
    query = select(CourseSession).join(Course).where(CourseSession.id.in_(ids), visible_to(reader, Course))
    whole = selectinload(CourseSession.course).selectinload(Course.organisation)
    return {session.id: session for session in tx.scalars(query.options(whole))}


def has_sessions_to_come(today: date) -> ColumnElement[bool]:
    """The criterion that a course has a session that is not cancelled and not over."""
    return (
        select(CourseSession.id)
        .where(
            CourseSession.course_id == Course.id,
            CourseSession.status != "cancelled",
            CourseSession.ends_on >= today,
        )
        .exists()
    )


def wanted_courses(reader: Actor, filters: CourseFilters, today: date) -> Select[Course]:
    """All courses that a list with these filters holds for this reader, in no order."""
    return _narrowed(readable(reader, Course), filters, today).options(selectinload(Course.organisation))


def list_courses(tx: Tx, reader: Actor, wanted: Wanted[CourseFilters]) -> Page[Course]:
    """A page of the courses that the filters leave, in one of SORTS; those without dates are never the soonest."""
    numbers = numbers_of(tx, reader, wanted)
    return numbers.page_of(courses_by_ids(tx, reader, numbers.on_page), wanted.size)


def numbers_of(tx: Tx, reader: Actor, wanted: Wanted[CourseFilters]) -> Numbers:
    """Which courses stand on that page."""
    query = _narrowed(readable(reader, Course), wanted.filters, wanted.today).with_only_columns(Course.id)
    order = [*_order(wanted.sort, wanted.today), Course.title, Course.id]
    return numbers_on(tx, query, order, wanted.page, wanted.size)


def _order(sort: str, today: date) -> list[Any]:
    if sort == "newest":
        return [Course.posted_at.desc()]
    if sort == "title":
        return []
    begins = (
        select(func.min(CourseSession.starts_on))
        .where(
            CourseSession.course_id == Course.id,
            CourseSession.status != "cancelled",
            CourseSession.starts_on >= today,
        )
        .scalar_subquery()
    )
    return [begins.is_(None), begins]


def _narrowed(query: Select[Course], filters: CourseFilters, today: date) -> Select[Course]:
    query = query.where(Course.is_published, Course.status == "posted")
    for word in filters.words.split():
        query = query.where(Course.title.icontains(word, autoescape=True))
    chosen = (("theme", filters.themes), ("language", filters.languages), ("country", filters.countries))
    for facet, codes in chosen:
        if codes:
            query = query.where(has_code(Course, facet, codes))
    if filters.types:
        query = query.where(Course.type.in_(filters.types))
    if filters.dates:
        ways = {"with": has_sessions_to_come(today), "without": not_(has_sessions_to_come(today))}
        query = query.where(or_(*[ways[answer] for answer in filters.dates if answer in ways]))
    if filters.confirmed:
        query = query.where(confirmed_in_time(Course, today))
    return query


def count_facets(tx: Tx, reader: Actor, filters: CourseFilters, today: date) -> dict[str, dict[str, int]]:
    """For each facet, how many courses each of its values would leave beside the other filters."""
    by_type = _narrowed(readable(reader, Course), replace(filters, types=()), today).with_only_columns(
        Course.type, func.count()
    )
    return {
        "type": dict(tx.execute(by_type.group_by(Course.type)).all()),
        "theme": _count_codes(tx, reader, "theme", replace(filters, themes=()), today),
        "language": _count_codes(tx, reader, "language", replace(filters, languages=()), today),
        "country": _count_codes(tx, reader, "country", replace(filters, countries=()), today),
        "dates": {
            answer: _count(tx, _narrowed(readable(reader, Course), replace(filters, dates=(answer,)), today))
            for answer in DATES
        },
        "confirmed": {
            answer: _count(tx, _narrowed(readable(reader, Course), replace(filters, confirmed=(answer,)), today))
            for answer in CONFIRMED
        },
    }


def _count(tx: Tx, query: Select[Course]) -> int:
    return tx.scalar(select(func.count()).select_from(query.subquery())) or 0


def _count_codes(tx: Tx, reader: Actor, facet: str, filters: CourseFilters, today: date) -> dict[str, int]:
    left = _narrowed(readable(reader, Course), filters, today).with_only_columns(Course.id)
    query = (
        select(CourseTag.value, func.count().label("number"))
        .where(CourseTag.facet == facet, CourseTag.record_id.in_(left))
        .group_by(CourseTag.value)
    )
    return {row.value: row.number for row in tx.execute(query)}


def standing_of(session: CourseSession, now: datetime) -> rules.Standing:
    """What this session is to a reader now, in its own time zone."""
    return rules.session_standing(
        status=session.status,
        starts_on=session.starts_on,
        ends_on=session.ends_on,
        register_by=session.register_by,
        today=rules.day_there(now, session.time_zone),
        is_withdrawn=session.course.status == "withdrawn",
    )


def next_session(course: Course, today: date) -> CourseSession | None:
    """The session that begins soonest and is not cancelled."""
    coming = [s for s in course.sessions if s.status != "cancelled" and s.starts_on >= today]
    return min(coming, key=lambda s: s.starts_on, default=None)


def names_of_organisations(tx: Tx, ids: Iterable[int]) -> list[str]:
    """Their names, sorted."""
    return list(tx.scalars(select(Organisation.name).where(Organisation.id.in_(list(ids))).order_by(Organisation.name)))


def organisations_to_name(tx: Tx) -> list[tuple[str, str]]:
    """(number, name) of every verified organisation, for the picker of those who may see a record."""
    query = select(Organisation).where(Organisation.status.in_(STATUSES_THAT_COUNT)).order_by(Organisation.name)
    return [(str(organisation.id), organisation.name) for organisation in tx.scalars(query)]


def named_on(tx: Tx, course: Course) -> list[int]:
    """The numbers of the organisations that a record names."""
    return audience_of(tx, course)
