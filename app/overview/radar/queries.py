"""Reading what the radar is made of, as far as this reader may see it: five questions, whatever the page.

A need, a programme, a course, a pledge or a limit that the reader may not see is not read at all, and where only the
donor or the amount of a pledge is hidden it counts without: so that nothing of it can be found by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import Actor
from app.foundation.text import fold
from app.needs.limits.queries import standing_limits
from app.needs.models import Need, NeedLine
from app.needs.rules import PUBLISHED
from app.overview.changes import Changed
from app.overview.coverage import covered_hundredths, field_visible, received
from app.overview.quarters import Quarter
from app.overview.radar import rules
from app.overview.radar.reading import Wanted, here, places, plain, rows, tags_of
from app.overview.radar.rules import Asking, Bound, Finding, Found, Presence, Window
from app.overview.radar.whole import Radar, Rows, tell
from app.pledges.models import Pledge, PledgeLine
from app.pledges.queries import shown
from app.pledges.rules import RUNNING
from app.programmes import rules as programme_rules
from app.programmes.models import Programme

IN_TRAINING = frozenset({"participants", "judges", "prosecutors", "officers", "trainers"})
"""Units of need lines that are people; in lines of training each of them is a place."""
TRAINING = "training"
ACCEPTED = RUNNING | {"delivered"}
LIVE = programme_rules.RUNNING | {programme_rules.CLOSED}
"""Programmes that run, are to run, or ran until they were closed; what was cancelled or suspended is not there."""


def findings_in(
    tx: Tx, reader: Actor, today: date, *, country: str | None = None, theme: str | None = None
) -> list[Finding]:
    """What is found from this quarter on, in one country or everywhere, about one theme or all; with its records.

    Gaps come first, then crowding, then collisions; the widest of each first.
    """
    radar = radar_of(tx, reader, today, None if country is None else [country])
    return [tell(radar, found) for found in to_come(radar.found) if is_about(found, theme)]


def to_come(found: Iterable[Found]) -> list[Found]:
    """Findings that are not over: nobody can mend what was."""
    return [each for each in found if each.last >= rules.BACK]


def is_about(found: Found, theme: str | None) -> bool:
    """Whether a finding is about a theme; one about several is about each of them."""
    return not theme or found.theme in {theme, rules.EVERY}


def radar_of(tx: Tx, reader: Actor, today: date, countries: Iterable[str] | None = None) -> Radar:
    """Everything that the radar looks at, everywhere or in some countries."""
    window = Window.around(today)
    wanted = Wanted(countries=None if countries is None else frozenset(countries))
    return Radar.of(window, _read(tx, reader, window, today, wanted))


def renewed(tx: Tx, reader: Actor, today: date, radar: Radar, changed: Changed) -> Radar:
    """The radar of that reader and that day, of which only what has changed is read anew."""
    return radar.renewed(changed.records, _read(tx, reader, radar.window, today, Wanted(records=changed)))


def _read(tx: Tx, reader: Actor, window: Window, today: date, wanted: Wanted) -> Rows:
    lines = {} if wanted.is_none_of(Need) else _lines(tx, reader, window, wanted)
    programmes = () if wanted.is_none_of(Programme) else _programmes(tx, reader, window, today, wanted)
    sessions = () if wanted.is_none_of(Course) else _sessions(tx, reader, window, wanted)
    pledges = _pledges(tx, reader, lines, wanted) if lines else ()
    # There are few limits, and they are all read each time.
    return Rows(
        tuple(lines.values()), (*programmes, *sessions, *pledges), _bounds(tx, reader, window, wanted.countries)
    )


# --- what is asked ---


def _lines(tx: Tx, reader: Actor, window: Window, wanted: Wanted) -> dict[int, Asking]:
    tags = tags_of(Need, ("country", "theme"), wanted)
    begins = func.coalesce(NeedLine.starts_on, Need.starts_on)
    ends = func.coalesce(NeedLine.ends_on, Need.ends_on, Need.offers_due_on)
    unit = func.coalesce(func.nullif(NeedLine.beneficiary_unit, ""), Need.beneficiary_unit)
    # Moments are read only where they say something: a row less to make of each is felt over ten thousand.
    posted = case((or_(begins.is_(None), ends.is_(None)), Need.posted_at))
    closed = case((Need.status == "closed", Need.changed_at))
    query = (
        select(
            NeedLine.id, NeedLine.kind, NeedLine.unit, unit, begins, ends, posted, closed, plain(NeedLine.quantity),
            Need.ref, tags.c.codes,
        )
        .join(Need, Need.id == NeedLine.need_id)
        .join(tags, tags.c.record_id == Need.id)
        .where(visible_to(reader, Need), Need.is_published, Need.status.in_(PUBLISHED))
    )  # fmt: skip
    covered = _covered(tx, reader, wanted)
    found = {}
    for row in rows(tx, here(query, Need, wanted)):
        line = _line(row, window, covered.get(row[0]), wanted.countries)
        if line is not None:
            found[row[0]] = line
    return found


def _covered(tx: Tx, reader: Actor, wanted: Wanted) -> dict[int, tuple[float, float]]:
    """For each line that anything is pledged for: hundredths of its unit that are pledged, and delivered."""
    covering = covered_hundredths(reader, *wanted.among(Need))
    found = rows(tx, select(covering.c.line_id, covering.c.hundredths, covering.c.delivered))
    return {number: (pledged, delivered) for number, pledged, delivered in found}


def _line(
    row: Any, window: Window, covered: tuple[float, float] | None, countries: frozenset[str] | None
) -> Asking | None:
    (_number, kind, measure, unit, begins, ends, posted, closed, quantity, ref, codes) = row
    first, last = rules.asked_days(begins, ends, posted.date() if posted else begins)
    span = window.span(first, min(last, closed.date()) if closed else last)
    if span is None:
        return None
    its_places, themes, _kinds = places(codes, countries)
    pledged, delivered = (rules.parts(part, quantity) for part in covered) if covered else (0, 0)
    is_people = kind == TRAINING and measure in IN_TRAINING
    return Asking(ref, its_places, themes, *span, pledged, delivered, kind, unit, (first, last), is_people)


# --- who is there ---


def _programmes(tx: Tx, reader: Actor, window: Window, today: date, wanted: Wanted) -> Iterable[Presence]:
    tags = tags_of(Programme, ("country", "grouping", "likely_country", "theme", "kind"), wanted)
    starts = func.coalesce(Programme.starts_on, Programme.actual_start, Programme.planned_start)
    ends = func.coalesce(Programme.ends_on, Programme.actual_end, Programme.planned_end)
    query = (
        select(
            Programme.ref, Programme.organisation_id, Programme.status, starts, ends,
            case((starts.is_(None), Programme.posted_at)), tags.c.codes,
        )
        .join(tags, tags.c.record_id == Programme.id)
        .where(
            visible_to(reader, Programme),
            Programme.is_published,
            Programme.status.in_(LIVE),
            or_(ends.is_(None), ends >= window.first_day),
            or_(starts.is_(None), starts <= window.last_day),
        )
    )  # fmt: skip
    for ref, owner, status, begins, ended, posted, codes in rows(tx, here(query, Programme, wanted)):
        days = programme_days(status, begins, ended, posted.date() if posted else today, window.last_day, today)
        span = window.span(*days) if days else None
        if span is not None:
            its_places, themes, kinds = places(codes, wanted.countries)
            yield Presence(("programme", ref), owner, its_places, themes, kinds, *span, undertaking=ref)


def programme_days(
    status: str, begins: date | None, ends: date | None, posted: date, last: date, today: date
) -> tuple[date, date] | None:
    """From which day to which one a programme is there.

    One without a start is there from its posting on, one that runs and names no end goes on; one that was closed was
    there until its end at most until today, and without an end nobody knows.
    """
    if status == programme_rules.CLOSED:
        return None if ends is None else (begins or posted, min(ends, today))
    return begins or posted, ends or last


def _sessions(tx: Tx, reader: Actor, window: Window, wanted: Wanted) -> Iterable[Presence]:
    tags = tags_of(Course, ("country", "grouping", "theme"), wanted)
    query = (
        select(
            Course.ref, Course.organisation_id, CourseSession.ref, CourseSession.country, CourseSession.starts_on,
            CourseSession.ends_on, CourseSession.seats, tags.c.codes,
        )
        .join(Course, Course.id == CourseSession.course_id)
        .join(tags, tags.c.record_id == Course.id)
        .where(
            visible_to(reader, Course),
            Course.is_published,
            Course.status == "posted",
            CourseSession.status != "cancelled",
            CourseSession.ends_on >= window.first_day,
            CourseSession.starts_on <= window.last_day,
            *wanted.among(Course),
        )
    )  # fmt: skip
    for ref, owner, session, held_in, begins, ends, seats, codes in rows(tx, query):
        its_places, themes, _kinds = places(codes, None)
        everywhere = {*its_places, held_in} - {None}
        meant = everywhere if wanted.countries is None else everywhere & wanted.countries
        span = window.span(begins, ends)
        if meant and span is not None:
            # Nobody knows yet who will sit there: each country has an even share of the seats.
            share = -(-seats // len(everywhere))
            yield Presence(
                ("course", ref), owner, tuple(meant), themes, (TRAINING,), *span, undertaking=session, people=share
            )


def _pledges(tx: Tx, reader: Actor, lines: Mapping[int, Asking], wanted: Wanted) -> Iterable[Presence]:
    sees_donor = or_(received(reader), field_visible(reader, Pledge, "donor")).label("sees_donor")
    sees_amount = or_(received(reader), field_visible(reader, Pledge, "amount")).label("sees_amount")
    query = (
        shown(reader)
        .with_only_columns(
            Pledge.ref, Pledge.organisation_id, sees_donor, sees_amount, PledgeLine.need_line_id,
            plain(PledgeLine.quantity), Programme.ref,
        )
        .join(PledgeLine, PledgeLine.pledge_id == Pledge.id)
        .outerjoin(Programme, and_(Programme.id == Pledge.programme_id, visible_to(reader, Programme)))
        .where(Pledge.accepted_at.is_not(None), Pledge.status.in_(ACCEPTED))
    )  # fmt: skip
    if wanted.records is not None:
        query = query.where(Pledge.need_ref.in_(wanted.records.refs("need")))
    for ref, donor, knows_donor, knows_amount, number, quantity, programme in rows(tx, query):
        line = lines.get(number)
        if line is None:
            continue
        begins, ends = line.days
        length = Quarter.of(ends).index - Quarter.of(begins).index + 1
        people = -(-int(quantity or 0) // (100 * length)) if line.is_people and knows_amount else 0
        yield Presence(
            ("pledge", ref), donor if knows_donor else rules.UNNAMED, line.countries, line.themes, (line.kind,),
            line.first, line.last, (programme if knows_donor else None) or ref, _folded(line.unit),
            (rules.month(begins), rules.month(ends)), people, line.unit, line.need,
        )  # fmt: skip


# --- what States have limited ---


def _bounds(tx: Tx, reader: Actor, window: Window, countries: frozenset[str] | None) -> tuple[Bound, ...]:
    found = []
    for limit in standing_limits(tx, reader, window.first_day, window.last_day, countries):
        span = window.span(limit.starts_on, limit.ends_on or window.last_day)
        if span is not None:
            about = (limit.country, limit.theme, limit.kind, _folded(limit.beneficiary_unit))
            found.append(Bound(limit.ref, *about, limit.measure, limit.most, *span))
    return tuple(found)


def _folded(unit: str) -> str:
    """A beneficiary unit as it is compared with another."""
    return fold(" ".join(unit.split()))
