"""Seats of a session, held while they are given: counting rows, giving the next one, taking back what nobody confirmed.

Whatever changes who holds a seat first holds the session's row, so that two last seats are given one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.courses.models import Course, CourseSession
from app.courses.rules import day_there, is_time_zone, registers_until
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.messages import Message, msg
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor
from app.nominations import rules, seating
from app.nominations.events import NominationDecided
from app.nominations.models import Intake, Nomination
from app.nominations.seating import Room, Seeker, Verdict
from app.reference.groupings import groupings_of

USUAL: Mapping[str, Any] = {
    "reserve": rules.RESERVE, "answer_days": rules.ANSWER_DAYS, "keep_months": rules.KEEP_MONTHS, "link": "",
    "instructors": "", "quotas": (),
}  # fmt: skip
"""How seats are given where the centre has said nothing."""
TERMS = tuple(USUAL)


@dataclass
class Held:
    """A session whose row is held until the transaction ends, with everybody who was put forward for it."""

    tx: Tx
    session: CourseSession
    intake: Intake
    people: list[Nomination]
    now: datetime

    @property
    def window(self) -> rules.Window:
        """When it is."""
        return window_of(self.session)

    @property
    def today(self) -> date:
        """The day in its time zone."""
        return day_there(self.now, self.session.time_zone)

    @property
    def room(self) -> Room:
        """Its seats and quotas as they are today."""
        return room_on(self.session, self.intake, self.today)

    def of(self, statuses: Iterable[str]) -> list[Nomination]:
        """The nominations in these states."""
        return [one for one in self.people if one.status in statuses]

    def seekers(self, statuses: Iterable[str]) -> list[Seeker]:
        """The same as the rule of seats knows them."""
        return [seeker_of(one) for one in self.of(statuses)]

    def verdict_on(self, nomination: Nomination) -> Verdict:
        """Whether this one may have a seat now."""
        held, waiting = self.seekers(rules.HOLDING), self.seekers({rules.WAITLISTED})
        return seating.judge(self.room, held, seeker_of(nomination), waiting)


def hold_session(tx: Tx, session_id: int, now: datetime) -> Held:
    """Hold the session's row until the transaction ends, and read all of its nominations as they stand now."""
    query = select(CourseSession).where(CourseSession.id == session_id).with_for_update(of=CourseSession)
    session = tx.scalars(query.execution_options(populate_existing=True)).one()
    people = readable(SYSTEM, Nomination).where(Nomination.session_id == session_id).order_by(Nomination.id)
    rows = people.options(joinedload(Nomination.organisation)).execution_options(populate_existing=True)
    return Held(tx, session, intake_of(tx, session), list(tx.scalars(rows)), now)


def intake_of(tx: Tx, session: CourseSession) -> Intake:
    """How the seats of a session are given: as its centre has said, or else as is usual (then it is not saved).

    A copy of a session has the terms of that session until its centre says otherwise.
    """
    kept = tx.get(Intake, session.id, populate_existing=True)
    if kept is not None:
        return kept
    model = _of_model(tx, session)
    terms = {name: getattr(model, name) for name in TERMS} if model else USUAL
    return Intake(session_id=session.id, **terms)


def _of_model(tx: Tx, session: CourseSession) -> Intake | None:
    query = select(Intake).join(CourseSession, CourseSession.id == Intake.session_id)
    if not session.copied_from:
        return None
    return tx.scalar(
        query.where(CourseSession.ref == session.copied_from, CourseSession.course_id == session.course_id)
    )


def room_on(session: CourseSession, intake: Intake, today: date) -> Room:
    """The seats and quotas of a session on a day in its time zone."""
    return Room(session.seats, intake.all_quotas, today > window_of(session).register_until)


def window_of(session: CourseSession) -> rules.Window:
    """When a session is, and until when one may nominate."""
    until = registers_until(session.register_by, session.starts_on)
    is_withdrawn = session.course.status == "withdrawn"
    return rules.Window(session.status, session.starts_on, session.ends_on, until, is_withdrawn)


def starts_at(session: CourseSession) -> datetime:
    """The first instant of its first day, where it is held."""
    zone = ZoneInfo(session.time_zone if is_time_zone(session.time_zone) else "UTC")
    return datetime.combine(session.starts_on, time.min, zone)


def marks_of(organisation: object, sex: str) -> frozenset[seating.Mark]:
    """By what quotas know somebody whom this organisation puts forward."""
    country, ref = getattr(organisation, "country", None), getattr(organisation, "ref", "")
    marks = {(seating.ORGANISATION, ref)}
    marks |= {(seating.SEX, sex)} if sex else set()
    marks |= {(seating.COUNTRY, country)} if country else set()
    marks |= {(seating.GROUPING, code) for code in groupings_of(country)} if country else set()
    return frozenset(marks)


def seeker_of(nomination: Nomination) -> Seeker:
    """A nomination as the rule of seats knows it."""
    since = nomination.waiting_since or nomination.created_at
    marks = marks_of(nomination.organisation, nomination.sex)
    return Seeker(nomination.id, marks, nomination.rank, since)


def lost_quotas(tx: Tx, session: CourseSession, now: datetime) -> list[seating.Quota]:
    """The quotas of a session that do not hold any more, of those that everybody can read; nobody is named."""
    room = room_on(session, intake_of(tx, session), day_there(now, session.time_zone))
    if not room.quotas:
        return []
    query = readable(SYSTEM, Nomination).where(
        Nomination.session_id == session.id, Nomination.status.in_(sorted(rules.HOLDING))
    )
    return seating.lost(
        room, [seeker_of(one) for one in tx.scalars(query.options(joinedload(Nomination.organisation)))]
    )


def move(held: Held, actor: Actor, nomination: Nomination, to: str, rule: Message, reason: str = "") -> None:
    """Let a nomination move, with the rule by which it does; everybody concerned is told.

    Raises:
        MoveRefused: it cannot go there.
    """
    rules.check_move(nomination.status, to)
    nomination.status, nomination.status_reason, nomination.rule = to, reason, rule.as_json()
    nomination.changed_at, nomination.answer_by = held.now, None
    if to == rules.WAITLISTED:
        nomination.waiting_since = nomination.waiting_since or held.now
    if to == rules.APPROVED:
        nomination.seat_given_at = held.now
        nomination.answer_by = rules.answer_by(held.now, held.intake.answer_days, starts_at(held.session))
    if to == rules.CONFIRMED:
        nomination.confirmed_at = held.now
    held.tx.flush()
    details = {"rule": rule.as_json(), **({"reason": reason} if reason else {})}
    record_event(held.tx, actor, f"nomination.{to}", nomination, held.now, details)
    tell(held.tx, NominationDecided(nomination.id, to, nomination.version), held.now)


def fill(held: Held) -> int:
    """Give the seats that are free to those who wait, one after the other by the published rule; how many got one."""
    if held.window.status == "cancelled" or held.window.is_withdrawn or held.today >= held.session.starts_on:
        return 0
    given = 0
    while True:
        found = seating.next_up(held.room, held.seekers(rules.HOLDING), held.seekers({rules.WAITLISTED}))
        if found is None:
            return given
        seeker, verdict = found
        lucky = next(one for one in held.people if one.id == seeker.number)
        move(held, SYSTEM, lucky, rules.APPROVED, verdict.rule)
        given += 1


def release_late(held: Held) -> int:
    """Take back the seats that nobody has confirmed in time, and give them to the next; how many were taken back."""
    late = [one for one in held.of({rules.APPROVED}) if one.answer_by is not None and one.answer_by <= held.now]
    for one in late:
        rule = msg("The seat was not confirmed in time.")
        move(held, SYSTEM, one, rules.WITHDRAWN, rule)
    if late:
        fill(held)
    return len(late)


def sessions_to_look_after(tx: Tx, now: datetime) -> Sequence[int]:
    """The numbers of the sessions with a seat that was not confirmed in time, or with people who wait for one."""
    # disclosure: only the numbers of sessions are read, for the worker.
    late = select(Nomination.session_id).where(Nomination.status == rules.APPROVED, Nomination.answer_by <= now)
    waits = (
        select(Nomination.session_id)
        .join(CourseSession)
        .join(Course, Course.id == CourseSession.course_id)
        .where(Nomination.status == rules.WAITLISTED, CourseSession.starts_on >= now.date())
    )
    return sorted(set(tx.scalars(late)) | set(tx.scalars(waits)))
