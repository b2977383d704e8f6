"""Action points that name a person go to a colleague, as long as they are to be done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select

from app.accounts.models import Membership
from app.coordination.models import ActionPoint
from app.foundation.db import Tx


def _points(leaver: Membership) -> Select[ActionPoint]:
    return select(ActionPoint).where(
        ActionPoint.account_id == leaver.account_id,
        ActionPoint.organisation_id == leaver.organisation_id,
        ActionPoint.status == "open",
    )


def count_points(tx: Tx, leaver: Membership) -> int:
    """How many action points would go over."""
    return tx.scalar(select(func.count()).select_from(_points(leaver).subquery())) or 0


def move_points(tx: Tx, leaver: Membership, successor: Membership, now: datetime) -> int:
    """Name the colleague; what was done under the former name keeps it."""
    points = tx.scalars(_points(leaver)).all()
    for point in points:
        point.account_id, point.changed_at = successor.account_id, now
    return len(points)
