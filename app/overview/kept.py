"""What was read of many records, kept for the next one who may see exactly the same.

It is kept with how far the audit trail reached when it was read. Whoever asks next gets it with what has changed since
read anew, by the same questions and through the same disclosure; where too much has changed, everything is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar

from app.foundation.collector import collector_resting
from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.overview.changes import Changed, Mark, changed_since, mark_of

Value = TypeVar("Value")


class Reading(Protocol[Value]):
    """How something is read for one reader: all of it, or with what has changed; and whether it is worth keeping."""

    @property
    def key(self) -> Hashable:
        """What it is kept under: what its reader may see, and everything else that it follows from."""

    def whole(self) -> Value:
        """Read all of it."""

    def renewed(self, kept: Value, changed: Changed) -> Value:
        """What was kept, with these records read anew. What was kept is left as it is: others may be reading it."""

    def is_much(self, value: Value) -> bool:
        """Whether it takes so long to read that it is worth keeping."""


class Kept(Generic[Value]):
    """The last few things that one process has read."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Hashable, tuple[Mark, Value]] = OrderedDict()
        self._lock = Lock()

    def value(self, tx: Tx, reading: Reading[Value]) -> Value:
        """What is read, as it is at this moment."""
        with self._lock:
            kept = self._kept.get(reading.key)
        # The end of the trail is read before the rows: rows that are newer than it are only read once more.
        mark = mark_of(tx)
        if kept is not None and kept[0] == mark:
            return kept[1]
        changed = changed_since(tx, kept[0]) if kept else None
        with collector_resting():
            value = reading.whole() if kept is None or changed is None else reading.renewed(kept[1], changed)
        if reading.is_much(value):
            self._keep(reading.key, mark, value)
        return value

    def _keep(self, key: Hashable, mark: Mark, value: Value) -> None:
        with self._lock:
            self._kept[key] = mark, value
            self._kept.move_to_end(key)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)

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
