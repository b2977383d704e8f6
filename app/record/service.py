"""Taking the record along: every time is on record itself, however few events there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor, Permission, require
from app.record import queries
from app.record.queries import Filters, Row
from app.record.rules import MOST_EXPORTED, NO_REFERENCE


@dataclass(frozen=True)
class Record:
    """Stands in the record where an event is about the record itself."""

    ref: str = NO_REFERENCE
    record_kind: str = "record"


class TooMany(ValueError):
    """More events answer than fit into one file; `message` says how many, and what to do."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self.message: Message = msg(
            "%(total)s events are more than fit into one file. Choose fewer days, so that it is %(most)s at most.",
            total=total,
            most=MOST_EXPORTED,
        )


def export(tx: Tx, actor: Actor, filters: Filters, now: datetime) -> list[Row]:
    """The events that answer, for a file; that somebody took them along is put on record.

    Raises:
        Refused: the actor may not read the record.
        TooMany: they do not fit into one file.
    """
    require(actor, Permission.AUDIT_READ, now)
    total = queries.count_events(tx, filters)
    if total > MOST_EXPORTED:
        raise TooMany(total)
    rows = queries.all_rows(tx, filters)
    record_event(tx, actor, "audit.exported", Record(), now, {"rows": len(rows)})
    return rows
