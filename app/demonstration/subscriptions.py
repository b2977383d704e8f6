"""What the invented people follow. The index is built after them, so that the worker notes what was known before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from app.demonstration.calendar import Calendar
from app.demonstration.meetings import At
from app.demonstration.people import People
from app.demonstration.source import Entry
from app.foundation.db import Tx
from app.notifications.following import service as following
from app.search import service as searches


class Subscriptions:
    """Enters them in the diary (`at`); `records` are what has been posted by then, by kind and key."""

    def __init__(
        self, tx: Tx, calendar: Calendar, people: People, at: At, records: Mapping[tuple[str, str], Any]
    ) -> None:
        self._tx = tx
        self._calendar = calendar
        self._people = people
        self._at = at
        self._records = records

    def enter(self, asked: list[Entry], followed: list[Entry]) -> int:
        """Enter all of them; how many there are."""
        for act, entries in ((self._ask, asked), (self._follow, followed)):
            for turn, entry in enumerate(entries):
                self._at(self._calendar.ago(entry["days"], turn), partial(act, entry))
        return len(asked) + len(followed)

    def _ask(self, entry: Entry, when: datetime) -> None:
        actor = self._people.actor(entry["organisation"])
        searches.follow(self._tx, actor, entry["name"], entry["address"], when)

    def _follow(self, entry: Entry, when: datetime) -> None:
        record = self._records[entry["kind"], entry["key"]]
        following.follow(self._tx, self._people.actor(entry["organisation"]), entry["kind"], record.ref, when)
