"""Whoever passes on a sponsored seat is a delivery on the sponsor's pledge, and covers the line of the need once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.nominations.models import Nomination
from app.nominations.sponsors.models import SeatUse
from app.nominations.sponsors.queries import pledged_for
from app.pledges.covers import uncover_line
from app.pledges.deliveries import ContributionDraft, attest_contribution, has_left, take_back_contribution
from app.pledges.models import Contribution, Pledge, PledgeLine
from app.pledges.service import hold_need

ONE = Decimal(1)


def deliver_pass(tx: Tx, nomination: Nomination, day: date, now: datetime, *, is_confirmed: bool) -> bool:
    """Enter a pass as delivered on the pledge that pays the seat; whether there is one that has a seat left."""
    part = _entered(tx, nomination)
    if part is not None:
        draft = ContributionDraft(part.pledge_line_id, day, ONE)
        attest_contribution(tx, part.line.pledge, draft, now, is_confirmed=is_confirmed, part=part)
        return True
    line = next((line for line in _pledged(tx, nomination) if has_left(line.pledge, line, ONE)), None)
    if line is None or nomination.need_line is None:
        return False
    # First out, then in: at no instant it counts twice.
    uncover_line(tx, nomination.need_line, nomination.record_kind, nomination.ref, now)
    part = attest_contribution(tx, line.pledge, ContributionDraft(line.id, day, ONE), now, is_confirmed=is_confirmed)
    if part is not None:
        tx.add(SeatUse(nomination_id=nomination.id, contribution_id=part.id))
        tx.flush()
    return part is not None


def take_back_pass(tx: Tx, nomination: Nomination, now: datetime) -> None:
    """The candidate has not passed after all: what was delivered on the pledge is taken back."""
    part = _entered(tx, nomination)
    if part is not None:
        tx.delete(tx.get_one(SeatUse, nomination.id))
        tx.flush()
        take_back_contribution(tx, part.line.pledge, part, now)


def _entered(tx: Tx, nomination: Nomination) -> Contribution | None:
    used = select(SeatUse.contribution_id).where(SeatUse.nomination_id == nomination.id)
    return tx.scalar(select(Contribution).where(Contribution.id.in_(used)))


def _pledged(tx: Tx, nomination: Nomination) -> list[PledgeLine]:
    if nomination.need_line_id is None:
        return []
    assert nomination.need_line is not None
    hold_need(tx, nomination.need_line.need_id)
    pledges = [one.pledge_id for one in pledged_for(tx, nomination.session_id, nomination.need_line_id)]
    query = readable(SYSTEM, Pledge).where(Pledge.id.in_(pledges)).order_by(Pledge.id)
    held = tx.scalars(query.execution_options(populate_existing=True))
    lines = (line for pledge in held for line in pledge.lines)
    return [line for line in lines if line.need_line_id == nomination.need_line_id]
