"""Counting what is asked, covered and offered, as far as this reader may see it; nothing is counted that is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, lazyload

from app.courses.models import Course, CourseSession, CourseTag
from app.courses.queries import has_sessions_to_come
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.needs.models import Need, NeedLine, NeedTag
from app.needs.rules import OPEN
from app.overview.coverage import covered_hundredths, enough
from app.overview.rules import Gap
from app.programmes.models import Programme, ProgrammeTag
from app.programmes.queries import open_offers
from app.programmes.rules import RUNNING
from app.reference.groupings import groupings, members

LIVE = OPEN | {"met"}
"""Needs whose lines are counted: neither closed nor withdrawn."""


@dataclass(frozen=True)
class Numbers:
    """The three numbers of the front page, with the lines that they are made of."""

    needs: int
    lines: int
    covered: int

    @property
    def open_lines(self) -> int:
        """Lines that nobody covers whole."""
        return self.lines - self.covered


@dataclass(frozen=True)
class Place:
    """Some countries and the groupings that something for them may be meant for."""

    countries: frozenset[str]
    groupings: frozenset[str]

    def met_by(self, model: Any) -> ColumnElement[bool]:
        """The criterion that a programme or course names one of these countries or groupings."""
        return or_(
            has_code(model, "country", sorted(self.countries)), has_code(model, "grouping", sorted(self.groupings))
        )


def _counted(reader: Actor, *first: Any) -> Select[Any]:
    """Open needs, lines and covered lines of what the reader may see, after the columns given."""
    covering = covered_hundredths(reader)
    open_need = case((Need.status.in_(OPEN), Need.id))
    is_covered = and_(NeedLine.id.is_not(None), enough(covering))
    return (
        select(
            *first,
            func.count(func.distinct(open_need)),
            func.count(NeedLine.id),
            func.coalesce(func.sum(case((is_covered, 1), else_=0)), 0),
        )
        .select_from(Need)
        .outerjoin(NeedLine, NeedLine.need_id == Need.id)
        .outerjoin(covering, covering.c.line_id == NeedLine.id)
        .where(visible_to(reader, Need), Need.is_published, Need.status.in_(LIVE))
    )


def numbers(tx: Tx, reader: Actor, countries: Iterable[str] | None = None) -> Numbers:
    """What is asked and covered, everywhere or in some countries."""
    query = _counted(reader)
    if countries is not None:
        query = query.where(has_code(Need, "country", countries))
    needs, lines, covered = tx.execute(query).one()
    return Numbers(needs, lines, int(covered))


def gaps_by(
    tx: Tx, reader: Actor, facet: str, today: date, place: Place | None = None, *, theme: str = ""
) -> dict[str, Gap]:
    """What is asked and offered under each code of a facet (theme or country), in one place or everywhere.

    With a theme, what is about it alone.
    """
    asked = asked_by(tx, reader, facet, place, *on_theme(Need, theme))
    offers = offers_by(tx, reader, facet, today, place, *on_theme(Programme, theme))
    courses = courses_by(tx, reader, facet, today, place, *on_theme(Course, theme))
    return together(asked, offers, courses)


def on_theme(model: Any, theme: str) -> list[ColumnElement[bool]]:
    """The criterion of what is about a theme, or none."""
    return [has_code(model, "theme", [theme])] if theme else []


def together(asked: Mapping[str, Gap], offers: Mapping[str, int], courses: Mapping[str, int]) -> dict[str, Gap]:
    """What is asked, offered and taught under each code that any of them has."""
    return {
        code: replace(asked.get(code, Gap(code)), offers=offers.get(code, 0), courses=courses.get(code, 0))
        for code in asked.keys() | offers.keys() | courses.keys()
    }


def asked_by(
    tx: Tx, reader: Actor, facet: str, place: Place | None = None, *where: ColumnElement[bool]
) -> dict[str, Gap]:
    """What is asked and covered under each code of a facet, in one place or everywhere, without a word of offers."""
    # A name of its own, since the criterion of a place asks the same table about other tags of the need.
    tag = aliased(NeedTag)
    query = _counted(reader, tag.value).join(tag, and_(tag.record_id == Need.id, tag.facet == facet))
    if place is not None:
        query = query.where(has_code(Need, "country", place.countries))
    rows = tx.execute(query.where(*where).group_by(tag.value))
    return {code: Gap(code, needs, lines, int(covered)) for code, needs, lines, covered in rows}


def place_of_grouping(code: str) -> Place:
    """A grouping's members."""
    return Place(members(code), frozenset({code}))


def offers_by(
    tx: Tx, reader: Actor, facet: str, today: date, place: Place | None = None, *where: ColumnElement[bool]
) -> dict[str, int]:
    """Programmes that take requests, under each code."""
    offered = (visible_to(reader, Programme), Programme.is_published, open_offers(today), *where)
    return _offered(tx, Programme, ProgrammeTag, facet, _in_place(Programme, offered, place))


def courses_by(
    tx: Tx, reader: Actor, facet: str, today: date, place: Place | None = None, *where: ColumnElement[bool]
) -> dict[str, int]:
    """Courses with dates to come, under each code."""
    taught = (visible_to(reader, Course), Course.is_published, Course.status == "posted", has_sessions_to_come(today))
    return _offered(tx, Course, CourseTag, facet, _in_place(Course, (*taught, *where), place))


def running_by_country(tx: Tx, reader: Actor, theme: str = "") -> dict[str, int]:
    """Programmes that are being prepared, carried out or finished, under each country that they name."""
    about = [has_code(Programme, "theme", [theme])] if theme else []
    where = (visible_to(reader, Programme), Programme.is_published, Programme.status.in_(RUNNING), *about)
    tag = aliased(ProgrammeTag)
    query = select(tag.value, func.count()).join(Programme, Programme.id == tag.record_id)
    rows = tx.execute(query.where(*where, tag.facet == "country").group_by(tag.value))
    return dict(rows.all())


def _in_place(model: Any, where: tuple[Any, ...], place: Place | None) -> tuple[Any, ...]:
    return where if place is None else (*where, place.met_by(model))


def _offered(tx: Tx, model: Any, tag: Any, facet: str, where: tuple[Any, ...]) -> dict[str, int]:
    tag = aliased(tag)
    if facet == "country":
        return _spread(tx, model, tag, where)
    query = select(tag.value, func.count()).join(model, model.id == tag.record_id).where(*where, tag.facet == facet)
    return dict(tx.execute(query.group_by(tag.value)).all())


def _spread(tx: Tx, model: Any, tag: Any, where: tuple[Any, ...]) -> dict[str, int]:
    # An offer for a grouping is one for each of its members, and counts once where it names both.
    query = select(tag.record_id, tag.facet, tag.value).join(model, model.id == tag.record_id)
    met: dict[str, set[int]] = {}
    for number, facet, value in tx.execute(query.where(*where, tag.facet.in_(("country", "grouping")))):
        for country in members(value) if facet == "grouping" else (value,):
            met.setdefault(country, set()).add(number)
    return {country: len(numbers) for country, numbers in met.items()}


def posting_days(tx: Tx, reader: Actor, since: date, *where: ColumnElement[bool]) -> list[date]:
    """The days, in UTC, on which the needs that the reader may see were posted, from a day on."""
    begin = datetime.combine(since, time(), UTC)
    query = select(Need.posted_at).where(visible_to(reader, Need), Need.is_published, Need.posted_at >= begin)
    return [posted_at.date() for posted_at in tx.scalars(query.where(*where)) if posted_at is not None]


def gaps_of_groupings(gaps: Mapping[str, Gap]) -> list[Gap]:
    """Countries added up by grouping. A need of three States counts in each of them, and so it is called a sum."""
    sums = []
    for code in groupings():
        own = [gaps[country] for country in members(code) if country in gaps]
        if any(gap.needs or gap.lines for gap in own):
            sums.append(Gap(code, sum(g.needs for g in own), sum(g.lines for g in own), sum(g.covered for g in own)))
    return sorted(sums, key=lambda gap: (-gap.open_lines, gap.code))


def latest_needs(tx: Tx, reader: Actor, limit: int, *where: ColumnElement[bool]) -> list[Need]:
    """Open needs, the latest first, with who asks."""
    query = readable(reader, Need).where(Need.is_published, Need.status.in_(OPEN), *where)
    ordered = query.order_by(Need.posted_at.desc(), Need.id.desc()).limit(limit)
    return list(tx.scalars(ordered.options(joinedload(Need.organisation), lazyload(Need.lines))))


def open_programmes(tx: Tx, reader: Actor, today: date, limit: int, *where: ColumnElement[bool]) -> list[Programme]:
    """Programmes that take requests, the latest first, with who offers."""
    query = readable(reader, Programme).where(Programme.is_published, open_offers(today), *where)
    return _programmes(tx, query, limit)


def other_programmes(tx: Tx, reader: Actor, today: date, limit: int, *where: ColumnElement[bool]) -> list[Programme]:
    """Records of what is or was done, running ones first: programmes that one cannot ask."""
    query = readable(reader, Programme).where(Programme.is_published, ~open_offers(today), *where)
    return _programmes(tx, query.order_by(case((Programme.status.in_(RUNNING), 0), else_=1)), limit)


def _programmes(tx: Tx, query: Select[Programme], limit: int) -> list[Programme]:
    ordered = query.order_by(Programme.posted_at.desc(), Programme.id.desc()).limit(limit)
    return list(tx.scalars(ordered.options(joinedload(Programme.organisation), lazyload(Programme.offers))))


def count_programmes(tx: Tx, reader: Actor, *where: ColumnElement[bool]) -> int:
    """How many programmes there are of a kind."""
    query = select(func.count()).select_from(Programme).where(visible_to(reader, Programme), Programme.is_published)
    return tx.scalar(query.where(*where)) or 0


def next_sessions(
    tx: Tx, reader: Actor, today: date, limit: int, *where: ColumnElement[bool]
) -> Sequence[CourseSession]:
    """Sessions that one may still register for, the soonest first, with their courses and centres."""
    query = (
        select(CourseSession)
        .join(CourseSession.course)
        .where(
            visible_to(reader, Course),
            Course.is_published,
            Course.status == "posted",
            CourseSession.status == "open",
            CourseSession.starts_on > today,
            or_(CourseSession.register_by.is_(None), CourseSession.register_by >= today),
            *where,
        )
        .order_by(CourseSession.starts_on, CourseSession.id)
        .limit(limit)
    )
    course = contains_eager(CourseSession.course)
    options = (course.joinedload(Course.organisation), course.lazyload(Course.sessions), course.lazyload(Course.tags))
    return tx.scalars(query.options(*options)).all()
