"""What was read for the radar, kept for the next one who may see exactly the same.

A radar is kept under what its reader may see (`view_of`) and under the day, with how far the audit trail reached when
it was read. Whoever asks next gets it with what has changed since read anew, by the same questions and through the same
disclosure; where too much has changed, everything is. What is quickly read is not kept at all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from datetime import date
from threading import Lock

from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.overview.changes import Mark, changed_since, mark_of
from app.overview.radar.queries import radar_of, renewed
from app.overview.radar.whole import Radar

MOST_KEPT = 4
MANY = 2000
"""With fewer rows than these the radar is read anew each time."""
ABOUT = frozenset({"need", "programme", "course", "pledge", "limit"})
"""The kinds of record that the radar is made of; somebody's sign-in changes nothing in it."""


class Memory:
    """The last few radars of one process."""

    def __init__(self, many: int = MANY) -> None:
        self.many = many
        self._kept: OrderedDict[Hashable, tuple[Mark, Radar]] = OrderedDict()
        self._lock = Lock()

    def radar(self, tx: Tx, reader: Actor, today: date) -> Radar:
        """The radar over every country, as this reader may see it at this moment."""
        key = (view_of(reader), today)
        with self._lock:
            kept = self._kept.get(key)
        # The end of the trail is read before the rows: rows that are newer than it are only read once more.
        mark = mark_of(tx)
        if kept is None:
            return self._keep(key, mark, radar_of(tx, reader, today))
        return kept[1] if mark == kept[0] else self._keep(key, mark, _brought_up(tx, reader, today, kept))

    def _keep(self, key: Hashable, mark: Mark, radar: Radar) -> Radar:
        if radar.size >= self.many:
            with self._lock:
                self._kept[key] = mark, radar
                self._kept.move_to_end(key)
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return radar

    def __len__(self) -> int:
        return len(self._kept)


def _brought_up(tx: Tx, reader: Actor, today: date, kept: tuple[Mark, Radar]) -> Radar:
    """What was kept, with what has changed since; the very same where nothing of it has."""
    mark, radar = kept
    changed = changed_since(tx, mark)
    if changed is None:
        return radar_of(tx, reader, today)
    return renewed(tx, reader, today, radar, changed) if changed.kinds & ABOUT else radar


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
