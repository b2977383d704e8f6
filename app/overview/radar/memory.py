"""What was read for the radar, kept for the next one who may see exactly the same, until anything changes.

A radar is kept under what its reader may see (`view_of`), under the day, and under the last event about anything that
it is made of: every change of such data writes one in the same transaction. What is quickly read is not kept at all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from datetime import date
from threading import Lock

from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.overview.radar.findings import Radar
from app.overview.radar.queries import radar_of

MOST_KEPT = 4
ABOUT = ("need", "programme", "course", "course_session", "pledge", "limit", "organisation")
"""The kinds of record that the radar is made of; somebody's sign-in changes nothing in it."""
MANY = 2000
"""With fewer rows than these the radar is read anew each time."""


class Memory:
    """The last few radars of one process."""

    def __init__(self, many: int = MANY) -> None:
        self.many = many
        self._kept: OrderedDict[Hashable, Radar] = OrderedDict()
        self._lock = Lock()

    def radar(self, tx: Tx, reader: Actor, today: date) -> Radar:
        """The radar over every country, as this reader may see it at this moment."""
        # The event is read before the rows: rows that are newer than it are only read once more.
        key = (view_of(reader), today, last_event(tx))
        with self._lock:
            kept = self._kept.get(key)
        return kept if kept is not None else self._keep(key, radar_of(tx, reader, today))

    def _keep(self, key: Hashable, radar: Radar) -> Radar:
        if len(radar.askings) + len(radar.presences) >= self.many:
            with self._lock:
                self._kept[key] = radar
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return radar

    def __len__(self) -> int:
        return len(self._kept)


def view_of(reader: Actor) -> Hashable:
    """Everything about a reader that disclosure asks: two readers who are alike in it may see the same."""
    return (
        reader.is_system,
        reader.is_signed_in,
        reader.is_verified,
        reader.is_secretariat,
        reader.organisation_ids,
        frozenset(m.organisation_id for m in reader.memberships if m.is_verified),
    )


def last_event(tx: Tx) -> tuple[int, str] | None:
    """The number and the hash of the latest event about anything that the radar is made of."""
    query = select(AuditEvent.id, AuditEvent.hash).where(AuditEvent.record_kind.in_(ABOUT))
    row = tx.execute(query.order_by(AuditEvent.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None
