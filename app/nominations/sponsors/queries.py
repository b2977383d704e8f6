"""Reading sponsored seats: one offer, those of a session and of a country, and what a session leaves to pay for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, String, cast, or_, select
from sqlalchemy.orm import joinedload

from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.permissions import SYSTEM, Actor
from app.foundation.references import tidy_reference
from app.foundation.tags import has_code
from app.needs.models import Need, NeedLine
from app.nominations.sponsors import rules
from app.nominations.sponsors.models import SeatSponsorship
from app.nominations.sponsors.rules import Room
from app.reference.groupings import members

OPTIONS = (
    joinedload(SeatSponsorship.session),
    joinedload(SeatSponsorship.course).joinedload(Course.organisation),
    joinedload(SeatSponsorship.organisation),
    joinedload(SeatSponsorship.need_line).joinedload(NeedLine.need).joinedload(Need.organisation),
)
MOST = 50


def shown(reader: Actor) -> Select[SeatSponsorship]:
    """A query of the offers that this reader may see: of courses, and of needs where one is named, that may be seen.

    Who pays keeps in sight what it pays for when the course is withdrawn, as far as it was not for a few alone.
    """
    of_line = select(Need.id).join(NeedLine).where(NeedLine.id == SeatSponsorship.need_line_id)
    of_course = select(Course.id).where(Course.id == SeatSponsorship.course_id)
    own = SeatSponsorship.organisation_id.in_(sorted(reader.organisation_ids))
    withdrawn = (Course.status == "withdrawn", Course.disclosure.in_(("public", "members")))
    return readable(reader, SeatSponsorship).where(
        or_(of_course.where(visible_to(reader, Course)).exists(), of_course.where(own, *withdrawn).exists()),
        or_(SeatSponsorship.need_line_id.is_(None), of_line.where(visible_to(reader, Need)).exists()),
    )


def find_sponsorship(tx: Tx, reader: Actor, ref: str) -> SeatSponsorship | None:
    """The offer with that reference, if the reader may see it."""
    query = shown(reader).where(SeatSponsorship.ref == tidy_reference(ref))
    return tx.scalar(query.options(*OPTIONS))


def sponsorships_of(tx: Tx, reader: Actor, session: CourseSession) -> list[SeatSponsorship]:
    """The offers for a session that still stand and that the reader may see, the oldest first."""
    return list(tx.scalars(standing_on(reader, session).order_by(SeatSponsorship.id).options(*OPTIONS)))


def standing_on(reader: Actor, session: CourseSession) -> Select[SeatSponsorship]:
    """The offers for a session that still stand and that the reader may see."""
    return shown(reader).where(
        SeatSponsorship.session_id == session.id, SeatSponsorship.status.in_(sorted(rules.STANDING))
    )


def of_sides(reader: Actor) -> Select[SeatSponsorship]:
    """What the reader's organisations have offered to pay for, and what was offered to the centres it writes for."""
    centres = sorted(m.organisation_id for m in reader.of_kind("centre"))
    own = SeatSponsorship.organisation_id.in_(sorted(reader.organisation_ids))
    return shown(reader).where(or_(own, SeatSponsorship.centre_id.in_(centres)))


def sponsored_for(tx: Tx, reader: Actor, country: str, today: date) -> list[SeatSponsorship]:
    """The seats to come that are paid for people of a country, or for a line of one of its needs, the soonest first."""
    of_need = (
        select(Need.id)
        .join(NeedLine)
        .where(
            NeedLine.id == SeatSponsorship.need_line_id, has_code(Need, "country", [country]), visible_to(reader, Need)
        )
        .exists()
    )
    named = cast(SeatSponsorship.countries, String).contains(f'"{country}"', autoescape=True)
    query = (
        shown(reader)
        .join(CourseSession, CourseSession.id == SeatSponsorship.session_id)
        .where(
            SeatSponsorship.status == rules.ACCEPTED,
            CourseSession.status != "cancelled",
            CourseSession.ends_on >= today,
            or_(named, of_need),
        )
        .order_by(CourseSession.starts_on, SeatSponsorship.id)
    )
    return list(tx.scalars(query.options(*OPTIONS).limit(MOST)))


def to_answer(tx: Tx, reader: Actor) -> list[SeatSponsorship]:
    """The offers that wait for this person's centre, the oldest first."""
    centres = sorted(m.organisation_id for m in reader.of_kind("centre"))
    query = shown(reader).where(SeatSponsorship.status == rules.OFFERED, SeatSponsorship.centre_id.in_(centres))
    return list(tx.scalars(query.order_by(SeatSponsorship.id).options(*OPTIONS).limit(MOST)))


def room_of(tx: Tx, reader: Actor, session: CourseSession, but: int | None = None) -> Room:
    """What the session leaves to pay for beside the offer with the number `but`, as far as the reader may see.

    Accepted offers alone take seats. A sponsor is not told by a sum of offers that are hidden from it.
    """
    accepted = [one for one in sponsorships_of(tx, reader, session) if one.status == rules.ACCEPTED and one.id != but]
    course = session.course
    groupings = course.codes("grouping")
    reach = {*course.codes("country"), *(code for grouping in groupings for code in members(grouping))}
    return Room(session.seats, sum(one.seats for one in accepted), frozenset(reach))


def pledged_for(tx: Tx, session_id: int, need_line_id: int) -> list[SeatSponsorship]:
    """The accepted offers for a line in a session that have a pledge, the oldest first; for the ledger."""
    query = readable(SYSTEM, SeatSponsorship).where(
        SeatSponsorship.session_id == session_id,
        SeatSponsorship.need_line_id == need_line_id,
        SeatSponsorship.pledge_id.is_not(None),
        SeatSponsorship.status == rules.ACCEPTED,
    )
    return list(tx.scalars(query.order_by(SeatSponsorship.id)))


def sponsorship_of(tx: Tx, pledge_id: int) -> SeatSponsorship | None:
    """The offer that a pledge was made with, if it was; for reactions."""
    return tx.scalar(readable(SYSTEM, SeatSponsorship).where(SeatSponsorship.pledge_id == pledge_id))
