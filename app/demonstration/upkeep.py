"""How the invented records are kept alive: some are due or overdue, an owner has answered, needs are acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.demonstration.calendar import Calendar
from app.demonstration.people import SECRETARIAT, People
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.permissions import SYSTEM
from app.upkeep.asking.links import Link, open_asking
from app.upkeep.asking.models import Asking
from app.upkeep.asking.service import answer, note_due, write_due
from app.upkeep.clocks.models import NeedMoment
from app.upkeep.clocks.rules import CIRCULATED, MATCH
from app.upkeep.clocks.service import acknowledge

At = Callable[[datetime, Callable[[datetime], None]], None]
DUE: tuple[tuple[str, int, int], ...] = (
    ("need", 0, 9), ("need", 1, 2), ("need", 2, -12), ("programme", 0, 11), ("programme", 1, -20), ("course", 0, -6),
)  # fmt: skip
"""Kind, which one of its kind, and in how many days it is to be confirmed; minus for days that have passed."""
WORDS = ("Read, and sent to the members of the Mini-Dublin group in your capital.", "", "Thank you: this is clear.")
"""With which word the secretariat acknowledged the first needs; they had waited from two to ten days."""
ACKNOWLEDGED_AFTER = (2, 3, 10)
READ, NOT_YET = 12, 3
"""So many needs were acknowledged, and so many of the latest were not circulated yet."""
HOST = "localhost"


class Upkeep:
    """Enters what was asked and answered in the diary (`at`); `records` are what has been posted by then."""

    def __init__(
        self, tx: Tx, calendar: Calendar, people: People, at: At, records: Mapping[tuple[str, str], Any]
    ) -> None:
        self._tx = tx
        self._calendar = calendar
        self._people = people
        self._at = at
        self._records = records

    def enter(self) -> None:
        """Enter all of it."""
        self._at(self._calendar.ago(2), self._age)
        self._at(self._calendar.ago(2), self._read)
        self._at(self._calendar.ago(1), self._ask)

    def _of(self, kind: str) -> list[Any]:
        rows = [record for (its_kind, _key), record in self._records.items() if its_kind == kind]
        return [row for row in rows if row.is_going_on and row.disclosure == "public"]

    def _age(self, when: datetime) -> None:
        """Let some days of confirmation be near or gone by, and the first needs be acknowledged when they were read."""
        for kind, place, days in DUE:
            self._of(kind)[place].verify_by = when.date() + timedelta(days=days)
        donor = next(o for o in self._people.organisations.values() if o.kind == "donor")
        donor.verify_by = when.date() - timedelta(days=30)
        self._tx.flush()

    def _read(self, when: datetime) -> None:
        """The first needs were acknowledged when they were read, and most were circulated before that."""
        needs = self._of("need")
        for need in needs[:-NOT_YET]:
            self._circulated(need, when)
        for place, need in enumerate(needs[:READ]):
            acknowledge(self._tx, self._people.actor(SECRETARIAT), need, WORDS[place % len(WORDS)], when)
        self._tx.flush()
        for moment in self._tx.scalars(select(NeedMoment)):
            self._date_back(moment)

    def _date_back(self, moment: NeedMoment) -> None:
        # What is in the record of events stands at the hour of the diary; the clocks show how long each need waited.
        needs = {need.id: (place, need) for place, need in enumerate(self._of("need"))}
        place, need = needs[moment.need_id]
        waited = timedelta(days=ACKNOWLEDGED_AFTER[place % len(ACKNOWLEDGED_AFTER)])
        told = need.posted_at + (timedelta(hours=1) if moment.what == CIRCULATED else waited)
        moment.happened_at = min(told, moment.happened_at)

    def _circulated(self, need: Any, when: datetime) -> None:
        # Matching begins with the site; those invented needs would all have been told of at once, and late.
        moment = NeedMoment(need_id=need.id, what=CIRCULATED, how=MATCH, happened_at=when, told=[])
        self._tx.add(moment)
        record_event(self._tx, SYSTEM, "need.circulated", need, when)

    def _ask(self, when: datetime) -> None:
        """The mails go out, and the owner of one need answers that it needs a change."""
        note_due(self._tx, when)
        write_due(self._tx, HOST, when)
        need = self._of("need")[1]
        query = select(Asking).where(Asking.record_kind == "need", Asking.record_id == need.id, Asking.batch != "")
        asking = self._tx.scalars(query.order_by(Asking.id)).first()
        link = open_asking(self._tx, asking, when) if asking else None
        if isinstance(link, Link):
            answer(self._tx, link, "change", "", when)
