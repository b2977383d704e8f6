"""The last radars of one process, each kept under what its reader may see and under the day. See app.overview.kept."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from app.foundation.db import Tx
from app.foundation.permissions import Actor
from app.overview.changes import Changed
from app.overview.kept import Kept, view_of
from app.overview.radar.queries import radar_of, renewed
from app.overview.radar.whole import Radar

MOST_KEPT = 4
MANY = 2000
"""With fewer rows than these the radar is read anew each time."""
ABOUT = frozenset({"need", "programme", "course", "pledge", "limit"})
"""The kinds of record that the radar is made of; somebody's sign-in changes nothing in it."""


@dataclass(frozen=True)
class RadarReading:
    """The radar over every country, as one reader may see it on one day; kept if it has so many rows."""

    tx: Tx
    reader: Actor
    today: date
    many: int

    @property
    def key(self) -> Hashable:
        """What the reader may see, and the day."""
        return view_of(self.reader), self.today

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
        self.kept: Kept[Radar] = Kept(MOST_KEPT)

    def radar(self, tx: Tx, reader: Actor, today: date) -> Radar:
        """The radar over every country, as this reader may see it at this moment."""
        return self.kept.value(tx, RadarReading(tx, reader, today, self.many))
