"""The sums of the front page as one process has last read them, for each kind of reader."""

from __future__ import annotations

from datetime import date

from app.foundation.db import Tx
from app.foundation.kept.readings import Kept, OfOneDay
from app.foundation.permissions import Actor
from app.foundation.web import site
from app.overview.changes import Changed, changed_since
from app.overview.sums.queries import parts_of
from app.overview.sums.rules import Sums, changed

MOST_KEPT = 8
MANY = 500
"""With fewer records than these the sums are read anew each time."""
ABOUT = frozenset({"need", "programme", "course", "pledge"})
"""The kinds of record that they are made of; a pledge changes what its need adds."""


class SumsReading(OfOneDay):
    """The sums as one reader may see them on one day."""

    def whole(self) -> Sums:
        """Read everything."""
        return changed(Sums(), (), parts_of(self.tx, self.reader, self.today))

    def renewed(self, kept: Sums, what: Changed) -> Sums:
        """Read what has changed; the very same sums where nothing of it has."""
        if not what.kinds & ABOUT:
            return kept
        return changed(kept, what.records, parts_of(self.tx, self.reader, self.today, what))

    def is_much(self, value: Sums) -> bool:
        """Whether they are of so many records."""
        return len(value.parts) >= self.many


class Memory:
    """The sums that one process has last read."""

    def __init__(self, many: int = MANY) -> None:
        self.many = many
        self.kept: Kept[Sums, Changed] = Kept(MOST_KEPT, changed_since)

    def sums(self, tx: Tx, reader: Actor, today: date) -> Sums:
        """The sums as this reader may see them at this moment."""
        return self.kept.value(tx, SumsReading(tx, reader, today, self.many))


def sums_now(tx: Tx, reader: Actor, today: date) -> Sums:
    """The same from the memory of this site."""
    memory: Memory = site().parts.setdefault("sums", Memory())
    return memory.sums(tx, reader, today)
