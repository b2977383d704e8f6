"""Who is to be asked about what has ended, and what is asked of a reader's own organisations.

Who is asked is found by the site itself; what a person is shown of a question passes what she may see of its record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import selectinload

from app.closing.models import LessonRequest
from app.closing.rules import ASKED, CENTRE, DONOR, RECIPIENT, Wanted, first_of_each
from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import TIERS, field_tier, readable, visible_to
from app.foundation.permissions import STATUSES_THAT_COUNT, SYSTEM, Actor
from app.matching.relations.records import Side, side_by_ref
from app.needs.models import Need
from app.nominations.models import Nomination
from app.nominations.sponsors.models import SeatSponsorship
from app.nominations.sponsors.rules import ACCEPTED
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.pledges.queries import shown
from app.pledges.rules import RUNNING
from app.programmes.models import Programme

GIVES = RUNNING | {"delivered"}
SUSPENDED = "6"


@dataclass(frozen=True)
class Asked:
    """A question to one of the reader's organisations, and the record that it is about."""

    request: LessonRequest
    side: Side


# --- whom to ask ---


def wanted_for_need(tx: Tx, need_id: int) -> list[Wanted]:
    """A need has ended: its author and everybody who gave something for it."""
    need = tx.scalar(readable(SYSTEM, Need).where(Need.id == need_id, Need.posted_at.is_not(None)))
    if need is None:
        return []
    pledges = tx.scalars(_giving().where(Pledge.need_id == need_id).order_by(Pledge.id))
    return _checked(tx, [_of(need, need.organisation_id, RECIPIENT), *(_from_donor(need, one) for one in pledges)])


def wanted_for_pledge(tx: Tx, pledge_id: int) -> list[Wanted]:
    """A pledge was delivered, as both sides confirm: both are asked about the need."""
    pledge = tx.scalar(_giving().where(Pledge.id == pledge_id, Pledge.status == "delivered"))
    need = tx.scalar(readable(SYSTEM, Need).where(Need.id == pledge.need_id)) if pledge is not None else None
    if pledge is None or need is None:
        return []
    return _checked(tx, [_of(need, need.organisation_id, RECIPIENT), _from_donor(need, pledge)])


def wanted_for_programme(tx: Tx, programme_id: int) -> list[Wanted]:
    """A programme was closed or cancelled: who ran it, and the authors of the needs that it gave to."""
    query = readable(SYSTEM, Programme).where(Programme.id == programme_id, Programme.is_published)
    programme = tx.scalar(query.where(Programme.status != SUSPENDED))
    if programme is None:
        return []
    pledges = tx.scalars(_giving().where(Pledge.programme_id == programme_id).order_by(Pledge.id))
    helped = [_of(programme, pledge.need_organisation_id, RECIPIENT) for pledge in pledges]
    return _checked(tx, [_of(programme, programme.organisation_id, DONOR), *helped])


def wanted_for_nomination(tx: Tx, nomination_id: int) -> list[Wanted]:
    """A result of a session was confirmed by both sides: the centre, who nominated, and who paid for seats."""
    query = readable(SYSTEM, Nomination).where(Nomination.id == nomination_id)
    nomination = tx.scalar(query)
    if nomination is None:
        return []
    session = tx.get(CourseSession, nomination.session_id)
    course = tx.scalar(readable(SYSTEM, Course).where(Course.id == nomination.course_id))
    if session is None or course is None:
        return []
    paid = readable(SYSTEM, SeatSponsorship).where(
        SeatSponsorship.session_id == session.id, SeatSponsorship.status == ACCEPTED
    )
    sides = [(course.organisation_id, CENTRE), (nomination.organisation_id, RECIPIENT)]
    sides += [(one.organisation_id, DONOR) for one in tx.scalars(paid.order_by(SeatSponsorship.id))]
    what = ("course_session", session.ref)
    return _checked(tx, [_of(course, number, view, what) for number, view in sides])


def _giving() -> Any:
    return readable(SYSTEM, Pledge).where(Pledge.status.in_(sorted(GIVES)), Pledge.accepted_at.is_not(None))


def _of(record: Any, organisation_id: int, view: str, what: tuple[str, str] | None = None, tier: str = "") -> Wanted:
    kind, ref = what or (record.record_kind, record.ref)
    return Wanted(
        organisation_id, kind, ref, record.record_kind, record.ref, view, tier or record.disclosure
    )  # fmt: skip


def _from_donor(need: Need, pledge: Pledge) -> Wanted:
    """A donor whose name or pledge not everybody knows does not give it away by telling a lesson."""
    tier = max(need.disclosure, field_tier(pledge, "donor"), key=TIERS.index)
    return _of(need, pledge.organisation_id, DONOR, tier=tier)


def _checked(tx: Tx, wanted: Iterable[Wanted]) -> list[Wanted]:
    """Without those who have been asked already, and those who cannot answer: known from files, or not verified."""
    once = first_of_each(wanted)
    numbers = {one.organisation_id for one in once}
    query = select(Organisation.id).where(Organisation.id.in_(numbers), Organisation.status.in_(STATUSES_THAT_COUNT))
    able = set(tx.scalars(query))
    asked = tx.scalars(select(LessonRequest).where(or_(false(), *(_same(one) for one in once))))
    known = {(row.organisation_id, row.of_kind, row.of_ref) for row in asked}
    return [one for one in once if one.organisation_id in able and one.key not in known]


def _same(one: Wanted) -> Any:
    return and_(
        LessonRequest.organisation_id == one.organisation_id,
        LessonRequest.of_kind == one.of_kind,
        LessonRequest.of_ref == one.of_ref,
    )


# --- what is asked of a reader ---


def asked_of(tx: Tx, reader: Actor) -> list[Asked]:
    """What is still asked of the organisations that this person writes for, the oldest first."""
    query = select(LessonRequest).where(
        LessonRequest.organisation_id.in_(reader.editing_ids), LessonRequest.status == ASKED
    )
    rows = tx.scalars(query.options(selectinload(LessonRequest.organisation)).order_by(LessonRequest.id))
    return list(_with_sides(tx, reader, rows))


def find_asked(tx: Tx, reader: Actor, ref: str) -> Asked | None:
    """One question to an organisation that this person writes for, if she may see its record."""
    query = select(LessonRequest).where(LessonRequest.organisation_id.in_(reader.editing_ids), LessonRequest.ref == ref)
    return next(_with_sides(tx, reader, tx.scalars(query.options(selectinload(LessonRequest.organisation)))), None)


def request_by_id(tx: Tx, number: int) -> LessonRequest | None:
    """One question, for the site itself."""
    return tx.get(LessonRequest, number)


def _with_sides(tx: Tx, reader: Actor, rows: Iterable[LessonRequest]) -> Iterator[Asked]:
    for row in rows:
        side = side_by_ref(tx, reader, row.about_ref)
        if side is not None:
            yield Asked(row, side)


def session_of(tx: Tx, asked: Asked) -> CourseSession | None:
    """The session that has ended, where the question is about one; its course was found for the reader."""
    if asked.request.of_kind != "course_session":
        return None
    return tx.scalar(select(CourseSession).where(CourseSession.ref == asked.request.of_ref))


def pledges_between(tx: Tx, reader: Actor, request: LessonRequest) -> list[Pledge]:
    """What was given for the record of a question, as far as this person may see: of one's own or to one's own."""
    if request.about_kind == "course":
        return []
    column = Pledge.need_ref if request.about_kind == "need" else Pledge.programme_id
    value: Any = request.about_ref
    if request.about_kind == "programme":
        value = select(Programme.id).where(visible_to(reader, Programme), Programme.ref == request.about_ref)
        value = value.scalar_subquery()
    own = request.organisation_id
    given = (Pledge.status.in_(sorted(GIVES)), Pledge.accepted_at.is_not(None))
    query = shown(reader).where(
        *given, column == value, or_(Pledge.organisation_id == own, Pledge.need_organisation_id == own)
    )
    return list(tx.scalars(query.order_by(Pledge.id)))
