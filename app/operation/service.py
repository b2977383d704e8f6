"""What the office may do about what failed: let it be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import MOST_ATTEMPTS, OutboxRow
from app.foundation.permissions import Actor, Permission, require


@dataclass(frozen=True)
class WholeSite:
    """Stands in the record where an event is about the site itself."""

    ref: str = "-"
    record_kind: str = "site"


def try_again(tx: Tx, actor: Actor, now: datetime) -> int:
    """Let everything that was given up be tried again, from its first attempt on; how many facts that are.

    Who did it is on record, once; where nothing was given up (somebody else was quicker) nothing is written.

    Raises:
        Refused: the actor does not run the site.
    """
    require(actor, Permission.SITE_OPERATE, now)
    given_up = select(OutboxRow).where(OutboxRow.done_at.is_(None), OutboxRow.attempts >= MOST_ATTEMPTS)
    rows = tx.scalars(given_up.order_by(OutboxRow.id).with_for_update()).all()
    for row in rows:
        row.attempts, row.not_before = 0, None
    if rows:
        record_event(tx, actor, "site.tried_again", WholeSite(), now, {"facts": len(rows)})
    return len(rows)
