"""The invented meetings as they would have been convened, held and followed up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from app.coordination import points, service
from app.coordination.findings import findings_on, widest
from app.coordination.models import ActionPoint, Meeting
from app.coordination.service import MeetingDraft, PointDraft
from app.demonstration.calendar import Calendar
from app.demonstration.people import People
from app.demonstration.source import Entry
from app.foundation.db import Tx

CONVENED, WRITTEN, DONE = 48, 26, 18
"""Days ago: when the meeting that is over was convened, its minutes written, and something agreed there done."""
CONVENED_LATELY = 9
AFTER = timedelta(minutes=20)
COLUMNS = ("country", "language", "title", "forum", "held_on", "time_zone", "place", "agenda", "disclosure")

At = Callable[[datetime, Callable[[datetime], None]], None]


class Meetings:
    """Enters meetings in the diary (`at`); `records` are what has been posted by then, by kind and key."""

    def __init__(
        self, tx: Tx, calendar: Calendar, people: People, at: At, records: Mapping[tuple[str, str], Any]
    ) -> None:
        self._tx = tx
        self._calendar = calendar
        self._people = people
        self._at = at
        self._records = records
        self._made: dict[str, Meeting] = {}

    def enter(self, entries: list[Entry]) -> int:
        """Enter all of them; how many there are."""
        for turn, entry in enumerate(entries):
            is_over = "minutes" in entry
            when = self._calendar.ago(CONVENED if is_over else CONVENED_LATELY, turn)
            self._at(when, partial(self._convene, entry))
            self._at(when + AFTER, partial(self._fill, entry))
            if is_over:
                held = self._calendar.ago(WRITTEN, turn)
                self._at(held, partial(self._hold, entry))
                self._enter_points(entry, held)
        return len(entries)

    def _enter_points(self, entry: Entry, held: datetime) -> None:
        for number, point in enumerate(entry.get("point", ()), start=1):
            made: list[ActionPoint] = []
            self._at(held + number * AFTER, partial(self._set_point, entry, point, made))
            if point["status"] != "open":
                self._at(self._calendar.ago(DONE, number), partial(self._close, point, made))

    def _convene(self, entry: Entry, when: datetime) -> None:
        draft = MeetingDraft(
            **{name: entry[name] for name in COLUMNS},
            begins_at=time.fromisoformat(entry["begins_at"]),
            link=entry.get("link", ""),
            minutes_for=entry["minutes_for"],
            invited=tuple(self._people.ids[key] for key in entry["invited"]),
        )
        key = entry["organisation"]
        self._made[entry["key"]] = service.convene(
            self._tx, self._people.actor(key), self._people.ids[key], draft, when
        )

    def _fill(self, entry: Entry, when: datetime) -> None:
        actor, meeting = self._people.actor(entry["organisation"]), self._made[entry["key"]]
        found = widest(findings_on(self._tx, actor, entry["country"], when.date()))[: entry.get("found", 0)]
        first, *others = entry["items"]
        service.fill_agenda(self._tx, actor, meeting, first, found, when)
        for text in others:
            service.fill_agenda(self._tx, actor, meeting, text, (), when)

    def _hold(self, entry: Entry, when: datetime) -> None:
        actor = self._people.actor(entry["organisation"])
        service.hold(self._tx, actor, self._made[entry["key"]], entry["minutes"], when)

    def _set_point(self, entry: Entry, point: Entry, made: list[ActionPoint], when: datetime) -> None:
        need = self._records["need", point["need"]]
        draft = PointDraft(
            text=point["text"],
            organisation_id=self._people.ids[point["organisation"]],
            due_on=point["due_on"],
            records=(("need", need.ref),),
        )
        actor = self._people.actor(entry["organisation"])
        made.append(service.set_point(self._tx, actor, self._made[entry["key"]], draft, when))

    def _close(self, point: Entry, made: list[ActionPoint], when: datetime) -> None:
        actor = self._people.actor(point["organisation"])
        points.close_point(self._tx, actor, made[0], point["status"], point["note"], when)
