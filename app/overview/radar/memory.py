"""The last radars of one process, each kept for whoever may see the same on that day."""

from __future__ import annotations

from datetime import date

from app.foundation.db import Tx
from app.foundation.kept.readings import Kept, OfOneDay
from app.foundation.permissions import Actor
from app.overview.changes import Changed, changed_since
from app.overview.radar.queries import radar_of, renewed
from app.overview.radar.whole import Radar

MOST_KEPT = 4
MANY = 2000
"""With fewer rows than these the radar is read anew each time."""
ABOUT = frozenset({"need", "programme", "course", "pledge", "limit"})
"""The kinds of record that the radar is made of; somebody's sign-in changes nothing in it."""


class RadarReading(OfOneDay):
    """The radar over every country, as one reader may see it on one day; kept if it has so many rows."""

    def whole(self) -> Radar:
        """Read everything."""
        return radar_of(self.tx, self.reader, self.today)

    def renewed(self, kept: Radar, changed: Changed) -> Radar:
        """Read what has changed; the very same radar where nothing of it has."""
        return renewed(self.tx, self.reader, self.today, kept, changed) if changed.kinds & ABOUT else kept

    def is_much(self, value: Radar) -> bool:
        """Whether it has so many rows."""
        return value.size >= self.many


class Memory:
    """The last few radars of one process."""

    def __init__(self, many: int = MANY) -> None:
        self.many = many
        self.kept: Kept[Radar, Changed] = Kept(MOST_KEPT, changed_since)

    def radar(self, tx: Tx, reader: Actor, today: date) -> Radar:
        """The radar over every country, as this reader may see it at this moment."""
        return self.kept.value(tx, RadarReading(tx, reader, today, self.many))
