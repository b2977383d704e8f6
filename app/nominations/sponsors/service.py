"""What may be done with sponsored seats: offered by a donor, accepted or declined by the centre, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.courses.models import CourseSession
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, name_audience, readable
from app.foundation.messages import msg
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, require
from app.needs.models import Need, NeedLine
from app.nominations.rules import DraftRefused, MoveRefused, Problem, check_to_come
from app.nominations.seats import hold_session
from app.nominations.sponsors import rules
from app.nominations.sponsors.events import SeatsOffered, SponsorshipMoved
from app.nominations.sponsors.models import SeatSponsorship
from app.nominations.sponsors.queries import room_of
from app.nominations.sponsors.rules import Said
from app.pledges import rules as pledge_rules
from app.pledges.making import PledgeDraft, PledgeLineDraft, make_pledge
from app.pledges.models import Pledge
from app.pledges.service import PledgeRefused, withdraw_pledge


@dataclass(frozen=True)
class SponsorDraft:
    """Everything that a sponsor says: how many seats, for which States or for which line, what it pays, and a note."""

    seats: int
    countries: tuple[str, ...] = ()
    need_line: NeedLine | None = None
    pays: tuple[str, ...] = ()
    note: str = ""


def offer_seats(
    tx: Tx, actor: Actor, organisation_id: int, session: CourseSession, draft: SponsorDraft, now: datetime
) -> SeatSponsorship:  # fmt: skip
    """Offer to pay for seats. For a line of a need this is a pledge in kind on that line besides.

    Raises:
        Refused: the actor may not pledge for that organisation. MoveRefused: the session has begun or does not take
        place. DraftRefused: there are not so many seats, nobody is named whom they are for, or nothing is paid.
    """
    one = SeatSponsorship(organisation_id=organisation_id, status=rules.OFFERED, version=1)
    require(actor, Permission.PLEDGE_MAKE, now, one)
    held = hold_session(tx, session.id, now)
    check_to_come(held.window, held.today)
    said = Said(draft.seats, frozenset(draft.countries), draft.need_line is not None, frozenset(draft.pays))
    if found := rules.problems(said, room_of(tx, actor, held.session)):
        raise DraftRefused(found)
    _fill(one, held.session, draft)
    one.offered_by, one.created_at, one.changed_at = actor.account_id, now, now
    if draft.need_line is not None:
        one.pledge_id = _pledge(tx, actor, organisation_id, draft, now)
    tx.add(one)
    tx.flush()
    _name(tx, one, draft.need_line)
    record_event(tx, actor, "sponsorship.offered", one, now, {"course": session.course.ref, "seats": str(one.seats)})
    tell(tx, SeatsOffered(one.id), now)
    return one


def _fill(one: SeatSponsorship, session: CourseSession, draft: SponsorDraft) -> None:
    course, line = session.course, draft.need_line
    one.session_id, one.course_id, one.centre_id = session.id, course.id, course.organisation_id
    one.need_line_id = line.id if line else None
    one.need_organisation_id = line.need.organisation_id if line else None
    one.seats, one.countries, one.pays, one.note = draft.seats, sorted(draft.countries), sorted(draft.pays), draft.note
    one.disclosure = rules.tier_of([course.disclosure, *([line.need.disclosure] if line else [])])
    # Until the centre has accepted it, the offer is between the two sides.
    one.is_published = False


def _name(tx: Tx, one: SeatSponsorship, line: NeedLine | None) -> None:
    """Of a tier for named organisations: those alone whom both the course and the need name."""
    if one.disclosure != "named":
        return
    records = [record for record in (one.session.course, line.need if line else None) if record is not None]
    named = [set(audience_of(tx, record)) for record in records if record.disclosure == "named"]
    name_audience(tx, one, set.intersection(*named))


def _pledge(tx: Tx, actor: Actor, organisation_id: int, draft: SponsorDraft, now: datetime) -> int:
    line = draft.need_line
    assert line is not None
    need = tx.scalars(readable(actor, Need).where(Need.id == line.need_id)).one()
    promised = PledgeLineDraft(line.id, Decimal(draft.seats))
    try:
        return make_pledge(
            tx, actor, organisation_id, need, PledgeDraft(lines=(promised,), conditions=draft.note), now
        ).id
    except PledgeRefused as refused:
        raise DraftRefused([Problem("line", refused.reason)]) from refused


def accept(tx: Tx, actor: Actor, one: SeatSponsorship, now: datetime) -> None:
    """The centre accepts: everybody who may see the session reads who pays.

    Raises:
        Refused: the actor does not write for the centre. MoveRefused: it was answered already, the session has begun,
        or others pay for so many seats by now that it does not fit any more.
    """
    session = _to_answer(tx, actor, one, now, rules.ACCEPTED)
    left = room_of(tx, SYSTEM, session, one.id).left
    if one.seats > left:
        raise MoveRefused(
            msg("Others pay for so many seats that %(left)s are left. Decline it, or add seats.", left=left)
        )
    _move(tx, actor, one, rules.ACCEPTED, "", now)


def decline(tx: Tx, actor: Actor, one: SeatSponsorship, reason: str, now: datetime) -> None:
    """The centre declines, with a reason that the sponsor reads; a pledge that was made with it is withdrawn.

    Raises:
        Refused: the actor does not write for the centre. MoveRefused: it was answered already, or the session has
        begun.
    """
    _to_answer(tx, actor, one, now, rules.DECLINED)
    _end_pledge(tx, SYSTEM, one, reason, now)
    _move(tx, actor, one, rules.DECLINED, reason, now)


def _to_answer(tx: Tx, actor: Actor, one: SeatSponsorship, now: datetime, wanted: str) -> CourseSession:
    require(actor, Permission.NOMINATION_DECIDE, now, one)
    held = hold_session(tx, one.session_id, now)
    check_to_come(held.window, held.today)
    tx.refresh(one, ["status", "version"])
    rules.check_move(one.status, wanted)
    one.answered_by, one.answered_at = actor.account_id, now
    return held.session


def withdraw(tx: Tx, actor: Actor, one: SeatSponsorship, reason: str, now: datetime) -> None:
    """The sponsor withdraws, until the session begins or once it is cancelled; a pledge made with it is withdrawn too.

    Raises:
        Refused: the actor may not. MoveRefused: it has ended already, or the session has begun.
    """
    require(actor, Permission.PLEDGE_CHANGE, now, one)
    held = hold_session(tx, one.session_id, now)
    if held.session.status != "cancelled":
        check_to_come(held.window, held.today)
    tx.refresh(one, ["status", "version"])
    rules.check_move(one.status, rules.WITHDRAWN)
    _end_pledge(tx, actor, one, reason, now)
    _move(tx, actor, one, rules.WITHDRAWN, reason, now)


def _move(tx: Tx, actor: Actor, one: SeatSponsorship, to: str, reason: str, now: datetime) -> None:
    one.status, one.status_reason, one.changed_at = to, reason, now
    one.is_published = to == rules.ACCEPTED
    tx.flush()
    record_event(tx, actor, f"sponsorship.{to}", one, now, {"reason": reason} if reason else None)
    tell(tx, SponsorshipMoved(one.id, to), now)


def _end_pledge(tx: Tx, actor: Actor, one: SeatSponsorship, reason: str, now: datetime) -> None:
    pledge = tx.scalar(readable(SYSTEM, Pledge).where(Pledge.id == one.pledge_id))
    if pledge is not None and pledge.status in pledge_rules.RUNNING:
        withdraw_pledge(tx, actor, pledge, reason, now)
