"""When the invented things happened: in office hours of the sixty days before the demonstration, none later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_HOUR, HOURS = 7, 9
ODD_MINUTES = 17


@dataclass(frozen=True)
class Calendar:
    """The days before `now` (UTC)."""

    now: datetime

    def ago(self, days: float, turn: int = 0) -> datetime:
        """An hour of the day so many days ago, another one at each turn; never less than an hour ago."""
        day = self.now - timedelta(days=days)
        hour = FIRST_HOUR + turn % HOURS
        minute = turn * ODD_MINUTES % 60
        moment = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return min(moment, self.now - timedelta(hours=1))

    def spread(self, number: int, first: float, last: float) -> list[datetime]:
        """So many moments, evenly from `first` days ago to `last` days ago."""
        step = (first - last) / max(number - 1, 1)
        return [self.ago(first - at * step, at) for at in range(number)]

    def after(self, moments: Sequence[datetime], earliest: datetime, days: float = 1) -> datetime:
        """The earliest moment that is so many days after each of the others; never less than an hour ago."""
        wanted = max([earliest, *(moment + timedelta(days=days) for moment in moments)])
        return min(wanted, self.now - timedelta(hours=1))
