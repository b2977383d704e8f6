"""Reading the seat exchange: sessions with free seats for a need, needs' lines for a session, and both counted.

The database narrows by theme, State, language, dates and seats, with the same law as rules.fits, which has the last
word on the few that are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, not_, or_, select, union_all
from sqlalchemy.orm import joinedload

from app.courses.models import Course, CourseSession, CourseTag
from app.courses.rules import day_there, is_open_for_registration, registers_until
from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.paging import PAGE_SIZE, Numbers, numbers_on
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.needs.models import Need, NeedLine, NeedTag
from app.needs.rules import OPEN
from app.nominations import rules as law
from app.nominations.exchange.rules import PEOPLE_UNITS, TRAINING, Fit, LineAsked, RunOffered, fits
from app.nominations.models import Nomination
from app.nominations.queries import Seats, seats_of
from app.overview.coverage import covered_hundredths, enough
from app.pledges.queries import coverage_shown
from app.pledges.reckoning import Coverage
from app.reference.groupings import groupings_of, members

AT_ONCE = 40
"""So many candidates the database hands over; among them the first that fit are shown."""
A_DAY = timedelta(days=1)
FACETS = ("theme", "country", "language")


@dataclass(frozen=True)
class SeatFilters:
    """What the list of free seats is narrowed to."""

    themes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeatsFor:
    """A session with free seats for a line of a need, and why it fits."""

    session: CourseSession
    line: NeedLine
    seats: Seats
    fit: Fit


@dataclass(frozen=True)
class LineFor:
    """An open line that a session could serve, with why it fits."""

    line: NeedLine
    fit: Fit


def line_asked(line: NeedLine) -> LineAsked:
    """A line of a need as the law knows it; dates of the line come before those of the need."""
    need = line.need
    countries = frozenset(need.codes("country"))
    return LineAsked(
        kind=line.kind,
        unit=line.unit,
        themes=frozenset(need.codes("theme")),
        languages=frozenset(need.codes("language")),
        countries=countries,
        groupings=frozenset(code for country in countries for code in groupings_of(country)),
        starts_on=line.starts_on or need.starts_on,
        ends_on=line.ends_on or need.ends_on,
    )


def run_offered(session: CourseSession, seats: Seats, now: datetime) -> RunOffered:
    """A session as the law knows it."""
    course, today = session.course, day_there(now, session.time_zone)
    is_open = is_open_for_registration(session.status, session.register_by, session.starts_on, today)
    return RunOffered(
        free=seats.free,
        is_open=is_open and course.status == "posted" and course.is_published,
        starts_on=session.starts_on,
        ends_on=session.ends_on,
        register_until=registers_until(session.register_by, session.starts_on),
        themes=frozenset(course.codes("theme")),
        languages=frozenset(session.languages or course.codes("language")),
        countries=frozenset(course.codes("country")),
        groupings=frozenset(course.codes("grouping")),
    )


def seats_for_need(tx: Tx, reader: Actor, need: Need, now: datetime, most: int) -> list[SeatsFor]:
    """The sessions that begin soonest whose free seats fit a line of this need that is still open to the reader.

    The caller has found the need for the reader. A session stands once, with the first line that it fits.
    """
    lines = [line for line in need.lines if line.kind == TRAINING and line.unit in PEOPLE_UNITS]
    if need.status not in OPEN or not lines:
        return []
    cover = coverage_shown(tx, reader, need)
    lines = [line for line in lines if cover[line.id].open > 0]
    sessions = _sessions_near(tx, reader, need, now) if lines else []
    seats = seats_of(tx, sessions)
    found: list[SeatsFor] = []
    for session in sessions:
        run = run_offered(session, seats[session.id], now)
        judged = ((line, fits(line_asked(line), run)) for line in lines)
        first = next(((line, fit) for line, fit in judged if fit.fits), None)
        if first is not None and len(found) < most:
            found.append(SeatsFor(session, first[0], seats[session.id], first[1]))
    return found


def _sessions_near(tx: Tx, reader: Actor, need: Need, now: datetime) -> list[CourseSession]:
    countries, languages = need.codes("country"), need.codes("language")
    groupings = {code for country in countries for code in groupings_of(country)}
    query = _open_sessions(reader, now).where(
        has_code(Course, "theme", need.codes("theme")),
        or_(has_code(Course, "country", countries), has_code(Course, "grouping", sorted(groupings))),
    )
    if languages:
        # A session may be held in another language than its course: then the law looks, and not the database.
        own = CourseSession.languages
        query = query.where(or_(has_code(Course, "language", languages), not_(_is_empty(own))))
    return list(tx.scalars(query.order_by(CourseSession.starts_on, CourseSession.id).limit(AT_ONCE)))


def _is_empty(column: Any) -> ColumnElement[bool]:
    return func.json_array_length(column) == 0


def _open_sessions(reader: Actor, now: datetime) -> Select[CourseSession]:
    """Sessions that have free seats and take candidates, of courses that the reader may see.

    The day is that of the session's own time zone, so that the database leaves one more day on this side.
    """
    yesterday: date = now.date() - A_DAY
    # disclosure: only whether seats are taken is counted, which everybody who sees the session may know.
    taken = (
        select(func.count(Nomination.id))
        .where(Nomination.session_id == CourseSession.id, Nomination.status.in_(sorted(law.HOLDING)))
        .scalar_subquery()
    )
    return (
        select(CourseSession)
        .join(Course)
        .where(
            visible_to(reader, Course),
            Course.is_published,
            Course.status == "posted",
            CourseSession.status == "open",
            CourseSession.starts_on > yesterday,
            or_(CourseSession.register_by.is_(None), CourseSession.register_by >= yesterday),
            CourseSession.seats > taken,
        )
        .options(joinedload(CourseSession.course).joinedload(Course.organisation))
    )


def numbers_of(tx: Tx, reader: Actor, filters: SeatFilters, page: str | None, now: datetime) -> Numbers:
    """Which sessions with free seats and open registration stand on a page, those that begin soonest first."""
    query = _open_sessions(reader, now)
    if filters.themes:
        query = query.where(has_code(Course, "theme", filters.themes))
    if filters.languages:
        query = query.where(has_code(Course, "language", filters.languages))
    if filters.countries:
        near = sorted({code for country in filters.countries for code in groupings_of(country)})
        query = query.where(or_(has_code(Course, "country", filters.countries), has_code(Course, "grouping", near)))
    numbers = query.with_only_columns(CourseSession.id)
    return numbers_on(tx, numbers, (CourseSession.starts_on, CourseSession.id), page, PAGE_SIZE)


def count_facets(tx: Tx, reader: Actor, filters: SeatFilters, now: datetime) -> dict[str, dict[str, int]]:
    """For each facet, how many sessions with free seats each of its values would leave beside the other filters."""
    numbers = _open_sessions(reader, now).with_only_columns(CourseSession.course_id).order_by(None)
    courses = list(tx.scalars(numbers))
    codes: dict[int, dict[str, set[str]]] = {course: {facet: set() for facet in FACETS} for course in courses}
    query = select(CourseTag.record_id, CourseTag.facet, CourseTag.value).where(CourseTag.record_id.in_(numbers))
    for course, facet, value in tx.execute(query):
        if facet == "grouping":
            codes[course]["country"] |= members(value)
        elif facet in codes[course]:
            codes[course][facet].add(value)
    chosen = {"theme": filters.themes, "country": filters.countries, "language": filters.languages}
    counted: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for course in courses:
        for facet in FACETS:
            others = (codes[course][other] & set(chosen[other]) for other in FACETS if other != facet and chosen[other])
            if all(others):
                counted[facet].update(codes[course][facet])
    return {facet: dict(counts) for facet, counts in counted.items()}


def lines_for_session(tx: Tx, reader: Actor, session: CourseSession, now: datetime, most: int) -> list[LineFor]:
    """The open lines that the reader may see and that a seat of this session could serve, the newest need first."""
    query = _lines_near(reader, session).order_by(Need.id.desc(), NeedLine.position).limit(AT_ONCE)
    rows = tx.scalars(query.options(joinedload(NeedLine.need).joinedload(Need.organisation)))
    run = run_offered(session, seats_of(tx, [session])[session.id], now)
    covers: dict[int, Mapping[int, Coverage]] = {}
    found: list[LineFor] = []
    for line in rows:
        fit = fits(line_asked(line), run)
        if not fit.fits or len(found) == most:
            continue
        if line.need_id not in covers:
            covers[line.need_id] = coverage_shown(tx, reader, line.need)
        if covers[line.need_id][line.id].open > 0:
            found.append(LineFor(line, fit))
    return found


def count_lines(tx: Tx, reader: Actor, sessions: Sequence[CourseSession]) -> dict[int, int]:
    """How many lines of open needs that the reader may see each session could serve; one question for all of them.

    A line that is covered whole by what this reader may see, pledges or people who passed, is not counted. How far
    lines are covered is reckoned once for all sessions.
    """
    if not sessions:
        return {}
    themes = {code for session in sessions for code in session.course.codes("theme")}
    # disclosure: only lines of needs that the reader may see are joined to it, and it counts what the reader may see.
    covering = select(covered_hundredths(reader, Need.status.in_(sorted(OPEN)), Need.id.in_(_on_themes(themes)))).cte()
    parts = [
        _lines_near(reader, session)
        .outerjoin(covering, covering.c.line_id == NeedLine.id)
        .where(not_(enough(covering)))
        .with_only_columns(literal(session.id), func.count(NeedLine.id))
        for session in sessions
    ]
    return {int(number): int(count) for number, count in tx.execute(union_all(*parts))}


def _lines_near(reader: Actor, session: CourseSession) -> Select[NeedLine]:
    course = session.course
    reach = {*course.codes("country"), *(code for grouping in course.codes("grouping") for code in members(grouping))}
    starts, ends = func.coalesce(NeedLine.starts_on, Need.starts_on), func.coalesce(NeedLine.ends_on, Need.ends_on)
    query = (
        select(NeedLine)
        .join(Need)
        .where(
            visible_to(reader, Need),
            Need.is_published,
            Need.status.in_(sorted(OPEN)),
            NeedLine.kind == TRAINING,
            NeedLine.unit.in_(sorted(PEOPLE_UNITS)),
            Need.id.in_(_on_themes(course.codes("theme"))),
            has_code(Need, "country", sorted(reach)),
            or_(ends.is_(None), ends >= session.starts_on),
            or_(starts.is_(None), starts <= session.ends_on),
        )
    )
    spoken = session.languages or course.codes("language")
    return query.where(_speaks(spoken)) if spoken else query


def _on_themes(themes: Iterable[str]) -> Select[int]:
    # Themes narrow most, so that they are looked up first; the rest is asked of those needs alone.
    return select(NeedTag.record_id).where(NeedTag.facet == "theme", NeedTag.value.in_(sorted(themes)))


def _speaks(spoken: Iterable[str]) -> ColumnElement[bool]:
    """Whether a need is worked in one of these languages, or says of none."""
    names_any = select(NeedTag.record_id).where(NeedTag.record_id == Need.id, NeedTag.facet == "language").exists()
    return or_(has_code(Need, "language", sorted(spoken)), not_(names_any))
