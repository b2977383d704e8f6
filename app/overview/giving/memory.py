"""What was last read of all that is given, kept under what its reader may see, the day and the period.

See app.foundation.kept.readings.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from app.foundation.db import Tx
from app.foundation.kept.readings import Kept, view_of
from app.foundation.permissions import Actor
from app.foundation.web import site
from app.overview.changes import Changed, changed_since
from app.overview.giving.queries import givings, renewed
from app.overview.giving.rules import Giving, Period

MOST_KEPT = 6
MANY = 1000
"""With fewer programmes and pledges than these they are read anew each time."""
ABOUT = frozenset({"need", "programme", "pledge"})


@dataclass(frozen=True)
class GivingReading:
    """What runs today, or ran in a period, as one reader may see it."""

    tx: Tx
    reader: Actor
    today: date
    period: Period | None
    many: int

    @property
    def key(self) -> Hashable:
        """What the reader may see, the day, and the period."""
        return view_of(self.reader), self.today, self.period

    def whole(self) -> Sequence[Giving]:
        """Read everything."""
        return givings(self.tx, self.reader, self.today, self.period)

    def renewed(self, kept: Sequence[Giving], changed: Changed) -> Sequence[Giving]:
        """Read what has changed."""
        if changed.kinds & ABOUT:
            return renewed(self.tx, self.reader, self.today, self.period, kept, changed)
        return kept

    def is_much(self, value: Sequence[Giving]) -> bool:
        """Whether there are so many."""
        return len(value) >= self.many


class Memory:
    """What one process has last read of all that is given."""

    def __init__(self, many: int = MANY) -> None:
        self.many = many
        self.kept: Kept[Sequence[Giving], Changed] = Kept(MOST_KEPT, changed_since)

    def givings(self, tx: Tx, reader: Actor, today: date, period: Period | None = None) -> Sequence[Giving]:
        """What runs today, or ran in a period, as this reader may see it at this moment."""
        return self.kept.value(tx, GivingReading(tx, reader, today, period, self.many))


def given(tx: Tx, reader: Actor, today: date, period: Period | None = None) -> Sequence[Giving]:
    """The same from the memory of this site."""
    memory: Memory = site().parts.setdefault("givings", Memory())
    return memory.givings(tx, reader, today, period)
