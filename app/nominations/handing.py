"""Candidates who still wait for something are looked after by a colleague of whoever put them forward."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select

from app.accounts.models import Membership
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.nominations.models import Nomination
from app.nominations.rules import TO_COME


def _candidates(leaver: Membership) -> Select[Nomination]:
    return readable(SYSTEM, Nomination).where(
        Nomination.nominated_by == leaver.account_id,
        Nomination.organisation_id == leaver.organisation_id,
        Nomination.status.in_(sorted(TO_COME)),
    )


def count_candidates(tx: Tx, leaver: Membership) -> int:
    """How many candidates would go over."""
    return tx.scalar(select(func.count()).select_from(_candidates(leaver).subquery())) or 0


def move_candidates(tx: Tx, leaver: Membership, successor: Membership, _now: datetime) -> int:
    """Let the colleague stand for them; the record keeps who put them forward."""
    found = tx.scalars(_candidates(leaver)).all()
    for one in found:
        one.nominated_by = successor.account_id
    return len(found)
