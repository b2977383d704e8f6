"""How long centres take to decide on candidates: numbers alone, without anybody's name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from app.foundation.audit import AuditEvent
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM, Actor
from app.nominations.models import Nomination
from app.nominations.rules import NOMINATED

DECISIONS = ("nomination.approved", "nomination.waitlisted", "nomination.rejected")


def nominations_decided(tx: Tx, reader: Actor) -> Iterable[tuple[int, datetime, datetime | None]]:
    """From putting somebody forward to the first decision of the centre: whose it is, since when, and when it came.

    The office reads numbers of each centre, for which it is not shown any candidate; others count what they may see.
    """
    first = (
        select(AuditEvent.record_ref, func.min(AuditEvent.happened_at).label("at"))
        .where(AuditEvent.action.in_(DECISIONS))
        .group_by(AuditEvent.record_ref)
        .subquery()
    )
    query = readable(SYSTEM if reader.is_secretariat else reader, Nomination)
    joined = query.outerjoin(first, first.c.record_ref == Nomination.ref)
    wanted = joined.with_only_columns(Nomination.centre_id, Nomination.created_at, first.c.at, Nomination.status)
    for number, began, ended, status in tx.execute(wanted):
        if ended is not None or status == NOMINATED:
            yield number, began, ended
