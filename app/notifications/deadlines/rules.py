"""How long before a day somebody is told of it: a week, and once more the day before; each once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

WEEK, DAY = 7, 1
LOOK_EVERY = timedelta(hours=1)
REMIND_AFTER = (7, 30)
"""Whoever has not confirmed a delivery is asked again so many days after it was recorded."""


def mark_before(day: date, today: date) -> int | None:
    """Which of the two words is due on this day: that of the week before, that of the day before, or none."""
    left = (day - today).days
    if left < 0 or left > WEEK:
        return None
    return DAY if left <= DAY else WEEK


def mark_after(recorded_at: datetime, now: datetime) -> int | None:
    """Which reminder of a delivery that waits is due by now: the last one that has come, or none."""
    past = (now - recorded_at).days
    return max((days for days in REMIND_AFTER if days <= past), default=None)


def last_day(today: date) -> date:
    """Up to which day one has to look."""
    return today + timedelta(days=WEEK)
