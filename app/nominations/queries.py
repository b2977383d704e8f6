"""Reading nominations: one, those of a session, one's own; and what anybody may know of the seats of a session."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.courses.models import Course, CourseSession
from app.courses.queries import find_course, session_of
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.paging import PAGE_SIZE, Page, page_number
from app.foundation.permissions import Actor
from app.foundation.references import tidy_reference
from app.needs.models import Need, NeedLine
from app.needs.rules import OPEN
from app.nominations import rules
from app.nominations.exchange.rules import PEOPLE_UNITS
from app.nominations.models import Nomination

STATES: Mapping[str, frozenset[str]] = {
    "waits": frozenset({rules.NOMINATED}),
    "seat": frozenset({rules.APPROVED, rules.CONFIRMED}),
    "list": frozenset({rules.WAITLISTED}),
    "after": frozenset({rules.ATTENDED, rules.PASSED, rules.FAILED, rules.NO_SHOW}),
    "ended": frozenset({rules.REJECTED, rules.WITHDRAWN}),
}
"""By what a list can be narrowed, and which states each is."""
OPTIONS = (
    joinedload(Nomination.session),
    joinedload(Nomination.course).joinedload(Course.organisation),
    joinedload(Nomination.organisation),
    joinedload(Nomination.need_line).joinedload(NeedLine.need),
)


@dataclass(frozen=True)
class Seats:
    """How many seats a session has, how many are confirmed and held, and how many people wait. No names."""

    seats: int
    confirmed: int = 0
    held: int = 0
    waiting: int = 0

    @property
    def free(self) -> int:
        """How many seats nobody has."""
        return max(0, self.seats - self.confirmed - self.held)


def find_session(tx: Tx, reader: Actor, ref: str, session_ref: str) -> CourseSession | None:
    """A session of a course that the reader may see, by both references."""
    return session_of(find_course(tx, reader, ref), session_ref)


def readable_session(tx: Tx, reader: Actor, ref: str) -> CourseSession | None:
    """A session by its own reference, if the reader may see its course."""
    query = select(CourseSession).join(Course).where(CourseSession.ref == ref, visible_to(reader, Course))
    return tx.scalar(query.options(joinedload(CourseSession.course).joinedload(Course.organisation)))


def find_nomination(tx: Tx, reader: Actor, ref: str) -> Nomination | None:
    """The nomination with that reference, if the reader may see it: its organisation and the centre may."""
    query = readable(reader, Nomination).where(Nomination.ref == tidy_reference(ref))
    return tx.scalar(query.options(*OPTIONS))


def nominations_in(tx: Tx, reader: Actor, session_id: int) -> list[Nomination]:
    """The nominations for a session that the reader may see: all for its centre, for others their own."""
    query = readable(reader, Nomination).where(Nomination.session_id == session_id)
    ordered = query.order_by(Nomination.organisation_id, Nomination.rank, Nomination.id)
    return list(tx.scalars(ordered.options(*OPTIONS)))


def next_rank(tx: Tx, reader: Actor, session_id: int, organisation_id: int) -> int:
    """The rank after the last one that this organisation has given in a session."""
    own = [one for one in nominations_in(tx, reader, session_id) if one.organisation_id == organisation_id]
    return max((one.rank for one in own if one.status in rules.LIVE), default=0) + 1


def wanted_nominations(reader: Actor, chosen: Collection[str]) -> Select[Nomination]:
    """All nominations that the reader may see, narrowed to some of STATES if asked, in no order."""
    statuses = {status for state in chosen for status in STATES.get(state, ())}
    query = readable(reader, Nomination).options(*OPTIONS)
    return query.where(Nomination.status.in_(sorted(statuses))) if statuses else query


def list_nominations(tx: Tx, reader: Actor, chosen: Collection[str], page: str | None) -> Page[Nomination]:
    """A page of all nominations that the reader may see, the latest first, narrowed to some of STATES if asked."""
    query = wanted_nominations(reader, chosen)
    total = tx.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = page_number(page, total, PAGE_SIZE)
    rows = query.order_by(Nomination.changed_at.desc(), Nomination.id.desc())
    return Page(list(tx.scalars(rows.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE))), number, total, PAGE_SIZE)


def to_do(tx: Tx, reader: Actor) -> list[Nomination]:
    """What waits for this person: candidates to decide on for a centre, results to confirm for who nominated."""
    centres = sorted(m.organisation_id for m in reader.of_kind("centre"))
    own = sorted(m.organisation_id for m in reader.of_kind("state", "regional") if m.role == "focal_point")
    to_decide = (Nomination.status == rules.NOMINATED) & Nomination.centre_id.in_(centres)
    to_agree = (
        (Nomination.status == rules.PASSED)
        & Nomination.agreed_at.is_(None)
        & Nomination.need_line_id.is_not(None)
        & Nomination.organisation_id.in_(own)
    )
    query = readable(reader, Nomination).where(to_decide | to_agree).order_by(Nomination.changed_at, Nomination.id)
    return list(tx.scalars(query.options(*OPTIONS)))


def seats_of(tx: Tx, sessions: Iterable[CourseSession]) -> dict[int, Seats]:
    """How the seats of these sessions stand, by the session's number; anybody who sees a session may know that."""
    sessions = list(sessions)
    numbers = [one.id for one in sessions]
    # disclosure: only numbers are counted, of seats that everybody may see being taken.
    counted = select(Nomination.session_id, Nomination.status, func.count()).where(Nomination.session_id.in_(numbers))
    rows = tx.execute(counted.group_by(Nomination.session_id, Nomination.status)).all()
    by_session: dict[int, dict[str, int]] = {}
    for number, status, count in rows:
        by_session.setdefault(number, {})[status] = count
    return {one.id: _seats(one.seats, by_session.get(one.id, {})) for one in sessions}


def _seats(seats: int, counted: Mapping[str, int]) -> Seats:
    held = counted.get(rules.APPROVED, 0)
    confirmed = sum(counted.get(status, 0) for status in rules.HOLDING) - held
    return Seats(seats, confirmed, held, counted.get(rules.WAITLISTED, 0))


def lines_to_serve(tx: Tx, reader: Actor, organisation_ids: Collection[int]) -> list[NeedLine]:
    """The lines of these organisations' open needs that ask for people to be trained, the newest need first."""
    query = (
        select(NeedLine)
        .join(Need)
        .where(
            visible_to(reader, Need),
            Need.organisation_id.in_(sorted(organisation_ids)),
            Need.status.in_(sorted(OPEN)),
            NeedLine.kind == "training",
            NeedLine.unit.in_(sorted(PEOPLE_UNITS)),
        )
        .order_by(Need.id.desc(), NeedLine.position)
    )
    return list(tx.scalars(query.options(joinedload(NeedLine.need))))


def served_by(tx: Tx, line_ids: Collection[int]) -> dict[int, Decimal]:
    """How many candidates with a seat to come serve these lines, by the number of the line; for who may see them."""
    # disclosure: asked of one's own lines alone, by whoever nominated for them.
    query = (
        select(Nomination.need_line_id, func.count())
        .where(Nomination.need_line_id.in_(sorted(line_ids)), Nomination.status.in_([rules.APPROVED, rules.CONFIRMED]))
        .group_by(Nomination.need_line_id)
    )
    return {int(number): Decimal(count) for number, count in tx.execute(query) if number is not None}


def is_late(nomination: Nomination, now: datetime) -> bool:
    """Whether a seat was not confirmed in time, and is about to be taken back."""
    return nomination.status == rules.APPROVED and nomination.answer_by is not None and nomination.answer_by <= now
