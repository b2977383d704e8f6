"""What was read of many records, kept for the next one who may see exactly the same.

It is kept with how far the audit trail reached when it was read. Whoever asks next gets it with what has changed since
read anew, by the same questions and through the same disclosure; where too much has changed, everything is.
A trail is chained by days, and the end of a day's chain is locked while an event is added to it. So whoever has seen an
event has seen all those before it of its day; at midnight the chains of two days may grow side by side.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Generic, Protocol, TypeVar

from sqlalchemy import and_, or_, select

from app.foundation.audit.chain import AuditEvent, AuditHead
from app.foundation.collector import collector_resting
from app.foundation.db import Tx
from app.foundation.kept.once import read_once
from app.foundation.permissions import Actor

Value = TypeVar("Value")
Change_contra = TypeVar("Change_contra", contravariant=True)

DAYS = 2
Mark = tuple[tuple[date, int, str], ...]
"""How far the trail reached: for each of its last days the number and the hash of its last event."""


def mark_of(tx: Tx) -> Mark:
    """How far the trail reaches now."""
    query = select(AuditHead.day, AuditHead.sequence, AuditHead.hash).order_by(AuditHead.day.desc()).limit(DAYS)
    return tuple((day, sequence, digest) for day, sequence, digest in tx.execute(query))


class Untouched:
    """Nothing has changed that one asks about."""


def untouched_since(kinds: Collection[str]) -> Callable[[Tx, Mark], Untouched | None]:
    """What tells whether no record of these kinds has changed since the trail reached a mark; None if one may have.

    So it is too where the trail is not the one that it was: from a backup, say.
    """

    def told(tx: Tx, mark: Mark) -> Untouched | None:
        if not mark:
            return None
        last, later = [], [AuditEvent.day > max(day for day, _sequence, _digest in mark)]
        for day, sequence, _digest in mark:
            last.append(and_(AuditEvent.day == day, AuditEvent.sequence == sequence))
            later.append(and_(AuditEvent.day == day, AuditEvent.sequence > sequence))
        ends = select(AuditEvent.day, AuditEvent.sequence, AuditEvent.hash).where(or_(*last))
        if {tuple(row) for row in tx.execute(ends)} != set(mark):
            return None
        touched = select(AuditEvent.id).where(or_(*later), AuditEvent.record_kind.in_(kinds)).limit(1)
        return Untouched() if tx.scalar(touched) is None else None

    return told


class Reading(Protocol[Value, Change_contra]):
    """How something is read for one reader: all of it, or with what has changed; and whether it is worth keeping."""

    @property
    def key(self) -> Hashable:
        """What it is kept under: what its reader may see, and everything else that it follows from."""

    def whole(self) -> Value:
        """Read all of it."""

    def renewed(self, kept: Value, changed: Change_contra) -> Value:
        """What was kept, with these records read anew. What was kept is left as it is: others may be reading it."""

    def is_much(self, value: Value) -> bool:
        """Whether it takes so long to read that it is worth keeping."""


@dataclass(frozen=True)
class Unchanging(Generic[Value]):
    """What is read for one reader and stays as it is until a record of some kinds changes: see `untouched_since`.

    `what` holds everything that it follows from but those records and the reader.
    """

    reader: Actor
    what: Hashable
    read: Callable[[], Value]
    is_worth_it: Callable[[Value], bool]

    @property
    def key(self) -> Hashable:
        """What the reader may see, and what was asked for."""
        return view_of(self.reader), self.what

    def whole(self) -> Value:
        """Read it."""
        return self.read()

    def renewed(self, kept: Value, changed: Untouched) -> Value:  # noqa: ARG002 - nothing has changed
        """The very same."""
        return kept

    def is_much(self, value: Value) -> bool:
        """Whether it is worth keeping."""
        return self.is_worth_it(value)


@dataclass(frozen=True)
class OfOneDay:
    """What is read for one reader on one day; it is kept if it is made of so many parts."""

    tx: Tx
    reader: Actor
    today: date
    many: int

    @property
    def key(self) -> Hashable:
        """What the reader may see, and the day."""
        return view_of(self.reader), self.today


class Kept(Generic[Value, Change_contra]):
    """The last few things that one process has read; `changed_since` tells what has changed, None for too much."""

    def __init__(self, most: int, changed_since: Callable[[Tx, Mark], Change_contra | None]) -> None:
        self.most, self._changed_since = most, changed_since
        self._kept: OrderedDict[Hashable, tuple[Mark, Value]] = OrderedDict()
        self._lock = Lock()

    def value(self, tx: Tx, reading: Reading[Value, Change_contra]) -> Value:
        """What is read, as it is at this moment."""
        with self._lock:
            kept = self._kept.get(reading.key)
        # The end of the trail is read before the rows: rows that are newer than it are only read once more.
        mark = read_once(tx, "mark of the trail", lambda: mark_of(tx))
        if kept is not None and kept[0] == mark:
            return kept[1]
        changed = self._changed_since(tx, kept[0]) if kept else None
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
