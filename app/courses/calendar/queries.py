"""Reading sessions for the calendar, the files and the programme of a centre: those of courses a reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Bundle, contains_eager

from app.courses import rules as courses
from app.courses.calendar.feed import Told, told_of
from app.courses.calendar.rules import Chosen, Run, stays_in_feed
from app.courses.models import Course, CourseSession, CourseTag
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.permissions import Actor
from app.organisations.models import Organisation
from app.reference.countries import countries
from app.reference.groupings import members

Tags = Mapping[str, set[str]]
MOST_KEPT = 4096
"""So many choices of States and groupings are remembered: thousands of sessions share a few of them."""
COLUMNS = (
    CourseSession.id, CourseSession.course_id, CourseSession.status, CourseSession.starts_on, CourseSession.ends_on,
    CourseSession.register_by, CourseSession.time_zone, CourseSession.languages,
)  # fmt: skip
TOLD: tuple[Any, ...] = (
    CourseSession.ref, CourseSession.place, CourseSession.country, CourseSession.seats, CourseSession.changed_at,
    Bundle(
        "course", Course.ref, Course.title, Course.format, Course.status, Course.version, Course.changed_at,
        Course.organisation_id,
    ),
)  # fmt: skip
"""What an event tells of a session besides."""


def runs_from(tx: Tx, reader: Actor, first: date, now: datetime, *where: ColumnElement[bool]) -> list[Run]:
    """The sessions that are not over before this day, of courses in the catalogue that the reader may see, by days."""
    return [run for run, _row in _read(tx, reader, first, now, *where)]


def told_from(tx: Tx, reader: Actor, first: date, now: datetime, chosen: Chosen, language: str) -> list[Told]:
    """What a feed tells of those of these sessions that stay in it.

    Plain rows are read, and no records: a feed of a thousand sessions is mostly known already, event by event.
    """
    rows = [(run, row) for run, row in _read(tx, reader, first, now, more=TOLD) if stays_in_feed(run, chosen)]
    owners = {row.course.organisation_id for _run, row in rows}
    query = select(Organisation).where(Organisation.id.in_(owners))
    centres = {one.id: one.named(language) for one in tx.scalars(query)}
    return [
        told_of(row, row.course, centres[row.course.organisation_id], row.languages or sorted(run.codes["language"]))
        for run, row in rows
    ]


def _read(
    tx: Tx, reader: Actor, first: date, now: datetime, *where: ColumnElement[bool], more: Sequence[Any] = ()
) -> list[tuple[Run, Any]]:
    stands = (Course.is_published, Course.status == "posted", CourseSession.ends_on >= first)
    criteria = (visible_to(reader, Course), *stands, *where)
    rows = tx.execute(
        select(*COLUMNS, Course.format, Course.type, Organisation.ref.label("centre"), *more)
        .select_from(CourseSession)
        .join(CourseSession.course)
        .join(Course.organisation)
        .where(*criteria)
        .order_by(CourseSession.starts_on, CourseSession.ends_on, CourseSession.id)
    )
    taught = select(CourseSession.course_id).join(CourseSession.course).where(*criteria)
    tags = _tags_of(tx, taught)
    return [(_run(row, tags[row.course_id], now), row) for row in rows]


def _tags_of(tx: Tx, taught: Any) -> Mapping[int, Tags]:
    found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    query = select(CourseTag.record_id, CourseTag.facet, CourseTag.value).where(CourseTag.record_id.in_(taught))
    for course, facet, value in tx.execute(query):
        found[course][facet].add(value)
    return found


def _run(row: Any, tags: Tags, now: datetime) -> Run:
    standing = courses.session_standing(
        status=row.status,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        register_by=row.register_by,
        today=courses.day_there(now, row.time_zone),
    )
    codes = {
        "open": frozenset({"yes"} if standing.is_open else ()),
        "theme": frozenset(tags["theme"]),
        "country": may_attend(frozenset(tags["country"]), frozenset(tags["grouping"])),
        "grouping": frozenset(tags["grouping"]),
        "language": frozenset(row.languages or tags["language"]),
        "format": frozenset({row.format}),
        "type": frozenset({row.type}),
        "centre": frozenset({row.centre}),
    }
    return Run(row.id, row.starts_on, row.ends_on, row.status == "cancelled", codes)


@lru_cache(maxsize=MOST_KEPT)
def may_attend(named: frozenset[str], groupings: frozenset[str]) -> frozenset[str]:
    """The States whose people a course is for: those it names, those of its groupings, all where it names neither."""
    places = named.union(*(members(code) for code in groupings))
    return places or frozenset(countries())


def sessions(tx: Tx, reader: Actor, ids: Sequence[int]) -> list[CourseSession]:
    """The sessions with these numbers that the reader may see, with their courses and centres, by days."""
    query = (
        select(CourseSession)
        .join(CourseSession.course)
        .where(CourseSession.id.in_(ids), visible_to(reader, Course))
        .order_by(CourseSession.starts_on, CourseSession.ends_on, CourseSession.id)
    )
    course = contains_eager(CourseSession.course)
    options = (course.joinedload(Course.organisation), course.lazyload(Course.sessions))
    return list(tx.scalars(query.options(*options)))


def catalogue_of(tx: Tx, reader: Actor, organisation: Organisation) -> list[Course]:
    """The courses of a centre that stand in the catalogue and that the reader may see, by title, with sessions."""
    query = readable(reader, Course).where(
        Course.organisation_id == organisation.id, Course.is_published, Course.status == "posted"
    )
    return list(tx.scalars(query.order_by(Course.title, Course.id)))
