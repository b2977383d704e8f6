"""Reading what the radar is made of, as far as this reader may see it: five questions, whatever the page.

A need, a programme, a course, a pledge or a limit that the reader may not see is not read at all, and where only the
donor or the amount of a pledge is hidden it counts without: so that nothing of it can be found by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Float, Select, Subquery, and_, cast, func, or_, select, type_coerce

from app.courses.models import Course, CourseSession, CourseTag
from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.foundation.text import fold
from app.needs.limits.queries import standing_limits
from app.needs.models import Need, NeedLine, NeedTag
from app.needs.rules import PUBLISHED
from app.overview.coverage import covered_hundredths, field_visible, received
from app.overview.radar import rules
from app.overview.radar.findings import Radar, findings, with_records
from app.overview.radar.rules import Asking, Bound, Finding, Presence, Quarter, Window
from app.pledges.models import Pledge, PledgeLine
from app.pledges.queries import shown
from app.pledges.rules import RUNNING
from app.programmes import rules as programme_rules
from app.programmes.models import Programme, ProgrammeTag
from app.reference.groupings import groupings_of, members

IN_TRAINING = frozenset({"participants", "judges", "prosecutors", "officers", "trainers"})
"""Units of need lines that are people; in lines of training each of them is a place."""
TRAINING = "training"
ACCEPTED = RUNNING | {"delivered"}
LIVE = programme_rules.RUNNING | {programme_rules.CLOSED}
"""Programmes that run, are to run, or ran until they were closed; what was cancelled or suspended is not there."""


@dataclass(frozen=True)
class Line:
    """A need line as pledges find it: what is asked, of which kind and for which unit, from when to when."""

    asking: Asking
    kind: str
    unit: str
    counts_people: bool
    first_day: date
    last_day: date


def findings_in(
    tx: Tx, reader: Actor, today: date, *, country: str | None = None, theme: str | None = None
) -> list[Finding]:
    """What is found from this quarter on, in one country or everywhere, about one theme or all; with its records.

    Gaps come first, then crowding, then collisions; the widest of each first.
    """
    radar = radar_of(tx, reader, today, None if country is None else [country])
    return [with_records(radar, finding) for finding in to_come(findings(radar), today) if is_about(finding, theme)]


def to_come(found: Iterable[Finding], today: date) -> list[Finding]:
    """Findings that are not over: nobody can mend what was."""
    present = Quarter.of(today)
    return [finding for finding in found if finding.last >= present]


def is_about(finding: Finding, theme: str | None) -> bool:
    """Whether a finding is about a theme; one about several is about each of them."""
    return not theme or finding.theme in {theme, rules.EVERYWHERE}


def radar_of(tx: Tx, reader: Actor, today: date, countries: Iterable[str] | None = None) -> Radar:
    """Everything that the radar looks at, everywhere or in some countries."""
    window = Window.around(today)
    wanted = None if countries is None else frozenset(countries)
    lines = _lines(tx, reader, window, wanted)
    presences = [
        *_programmes(tx, reader, window, today, wanted),
        *_sessions(tx, reader, window, wanted),
        *_pledges(tx, reader, lines),
    ]
    askings = tuple(line.asking for line in lines.values())
    return Radar(window, askings, tuple(presences), _bounds(tx, reader, window, wanted))


# --- what is asked ---


def _lines(tx: Tx, reader: Actor, window: Window, countries: frozenset[str] | None) -> dict[int, Line]:
    tags = _tags_of(NeedTag, ("country", "theme"))
    query = (
        select(
            NeedLine.id, NeedLine.kind, NeedLine.unit, NeedLine.beneficiary_unit, NeedLine.starts_on, NeedLine.ends_on,
            _plain(NeedLine.quantity), Need.ref, Need.beneficiary_unit, Need.starts_on, Need.ends_on, Need.posted_at,
            Need.offers_due_on, Need.status, Need.changed_at, tags.c.codes,
        )
        .join(Need, Need.id == NeedLine.need_id)
        .join(tags, tags.c.record_id == Need.id)
        .where(visible_to(reader, Need), Need.is_published, Need.status.in_(PUBLISHED))
    )  # fmt: skip
    if countries is not None:
        query = query.where(has_code(Need, "country", sorted(countries)))
    covered = _covered(tx, reader)
    made = (_line(row, window, covered.get(row[0], (0, 0)), countries) for row in tx.execute(query))
    return {number: line for number, line in made if line is not None}


def _covered(tx: Tx, reader: Actor) -> dict[int, tuple[float, float]]:
    """For each line that anything is pledged for: hundredths of its unit that are pledged, and delivered."""
    covering = covered_hundredths(reader)
    rows = tx.execute(select(covering.c.line_id, covering.c.hundredths, covering.c.delivered))
    return {number: (pledged, delivered) for number, pledged, delivered in rows}


def _line(
    row: Any, window: Window, covered: tuple[float, float], countries: frozenset[str] | None
) -> tuple[int, Line | None]:
    (number, kind, measure, own_unit, begins, ends, quantity, ref, unit, starts_on, ends_on, posted, due, status,
     changed, codes) = row  # fmt: skip
    first, last = rules.asked_days((begins, ends), (starts_on, ends_on), posted.date(), due)
    if status == "closed":
        last = min(last, changed.date())
    span = window.span(first, last)
    if span is None:
        return number, None
    places, themes, _kinds = _places(codes, countries)
    asking = Asking(ref, places, themes, *span, *(rules.parts(part, quantity) for part in covered))
    counts_people = kind == TRAINING and measure in IN_TRAINING
    return number, Line(asking, kind, " ".join((own_unit or unit).split()), counts_people, first, last)


# --- who is there ---


def _programmes(
    tx: Tx, reader: Actor, window: Window, today: date, countries: frozenset[str] | None
) -> Iterable[Presence]:
    tags = _tags_of(ProgrammeTag, ("country", "grouping", "likely_country", "theme", "kind"))
    starts = func.coalesce(Programme.starts_on, Programme.actual_start, Programme.planned_start)
    ends = func.coalesce(Programme.ends_on, Programme.actual_end, Programme.planned_end)
    query = (
        select(
            Programme.ref, Programme.organisation_id, Programme.status, starts, ends, Programme.posted_at, tags.c.codes
        )
        .join(tags, tags.c.record_id == Programme.id)
        .where(
            visible_to(reader, Programme),
            Programme.is_published,
            Programme.status.in_(LIVE),
            or_(ends.is_(None), ends >= window.first_day),
            or_(starts.is_(None), starts <= window.last_day),
        )
    )
    for ref, owner, status, begins, ended, posted, codes in tx.execute(_here(query, Programme, countries)):
        days = programme_days(status, begins, ended, posted.date() if posted else today, window.last_day, today)
        span = window.span(*days) if days else None
        if span is not None:
            places, themes, kinds = _places(codes, countries)
            yield Presence(("programme", ref), owner, places, themes, kinds, *span, undertaking=ref)


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


def _sessions(tx: Tx, reader: Actor, window: Window, countries: frozenset[str] | None) -> Iterable[Presence]:
    tags = _tags_of(CourseTag, ("country", "grouping", "theme"))
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
        )
    )  # fmt: skip
    for ref, owner, session, held_in, begins, ends, seats, codes in tx.execute(query):
        places, themes, _kinds = _places(codes, None)
        everywhere = {*places, held_in} - {None}
        wanted = everywhere if countries is None else everywhere & countries
        span = window.span(begins, ends)
        if wanted and span is not None:
            # Nobody knows yet who will sit there: each country has an even share of the seats.
            share = -(-seats // len(everywhere))
            yield Presence(
                ("course", ref), owner, tuple(wanted), themes, (TRAINING,), *span, undertaking=session, people=share
            )


def _pledges(tx: Tx, reader: Actor, lines: Mapping[int, Line]) -> Iterable[Presence]:
    sees_donor = or_(received(reader), field_visible(reader, Pledge, "donor")).label("sees_donor")
    sees_amount = or_(received(reader), field_visible(reader, Pledge, "amount")).label("sees_amount")
    query = (
        shown(reader)
        .with_only_columns(
            Pledge.ref, Pledge.organisation_id, sees_donor, sees_amount, PledgeLine.need_line_id,
            _plain(PledgeLine.quantity), Programme.ref,
        )
        .join(PledgeLine, PledgeLine.pledge_id == Pledge.id)
        .outerjoin(Programme, and_(Programme.id == Pledge.programme_id, visible_to(reader, Programme)))
        .where(Pledge.accepted_at.is_not(None), Pledge.status.in_(ACCEPTED))
    )  # fmt: skip
    for ref, donor, knows_donor, knows_amount, number, quantity, programme in tx.execute(query):
        line = lines.get(number)
        if line is None:
            continue
        asking = line.asking
        length = Quarter.of(line.last_day).index - Quarter.of(line.first_day).index + 1
        people = -(-int(quantity or 0) // (100 * length)) if line.counts_people and knows_amount else 0
        yield Presence(
            ("pledge", ref), donor if knows_donor else rules.UNNAMED, asking.countries, asking.themes, (line.kind,),
            asking.first, asking.last, (programme if knows_donor else None) or ref, fold(line.unit),
            (rules.month(line.first_day), rules.month(line.last_day)), people, line.unit,
        )  # fmt: skip


# --- what States have limited ---


def _bounds(tx: Tx, reader: Actor, window: Window, countries: frozenset[str] | None) -> tuple[Bound, ...]:
    found = []
    for limit in standing_limits(tx, reader, window.first_day, window.last_day, countries):
        span = window.span(limit.starts_on, limit.ends_on or window.last_day)
        if span is not None:
            about = (limit.country, limit.theme, limit.kind, fold(" ".join(limit.beneficiary_unit.split())))
            found.append(Bound(limit.ref, *about, limit.measure, limit.most, *span))
    return tuple(found)


# --- codes ---


def _tags_of(tag: Any, facets: tuple[str, ...]) -> Subquery:
    """The codes of a record in one text (theme:police country:SN), so that a record is one row."""
    codes = func.aggregate_strings(tag.facet + ":" + tag.value, " ").label("codes")
    return select(tag.record_id, codes).where(tag.facet.in_(facets)).group_by(tag.record_id).subquery()


def _here(query: Select[Any], model: Any, countries: frozenset[str] | None) -> Select[Any]:
    """Only what names one of these countries or one of their groupings."""
    if countries is None:
        return query
    codes = sorted(countries)
    grouped = sorted({grouping for country in codes for grouping in groupings_of(country)})
    named = [has_code(model, facet, codes) for facet in ("country", "likely_country")]
    return query.where(or_(*named, has_code(model, "grouping", grouped)))


def _places(codes: str, countries: frozenset[str] | None) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The countries (of these alone, if any are given), themes and kinds of a record's codes."""
    places, themes, kinds = _read(codes)
    return (places if countries is None else tuple(c for c in places if c in countries)), themes, kinds


@lru_cache(maxsize=32_768)
def _read(codes: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    by_facet: dict[str, list[str]] = {}
    for code in codes.split(" "):
        facet, _colon, value = code.partition(":")
        by_facet.setdefault(facet, []).append(value)
    named = by_facet.get("country") or by_facet.get("likely_country", [])
    grouped = (country for grouping in by_facet.get("grouping", ()) for country in members(grouping))
    return tuple({*named, *grouped}), tuple(by_facet.get("theme", ())), tuple(by_facet.get("kind", ()))


def _plain(column: Any) -> Any:
    return cast(type_coerce(column, BigInteger), Float)
