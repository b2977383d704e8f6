"""The invented candidates as they would have been put forward, decided on, and as they would have answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from app.courses.models import CourseSession
from app.demonstration.calendar import Calendar
from app.demonstration.people import People
from app.demonstration.source import Entry
from app.foundation.db import Tx
from app.needs.models import NeedLine
from app.nominations import service
from app.nominations.certificates.service import issue
from app.nominations.exchange.rules import PEOPLE_UNITS
from app.nominations.models import Nomination
from app.nominations.results import write_result
from app.nominations.rules import PASSED, Candidate
from app.nominations.seating import Quota
from app.nominations.service import IntakeDraft, NominationDraft
from app.nominations.sponsors.models import SeatSponsorship
from app.nominations.sponsors.service import SponsorDraft, accept, offer_seats

SET, SPONSORED, MADE = 12, 10, 9
"""Days ago: when the centre said how seats are given, who pays for some, and when candidates were first put forward."""
WRITTEN, AFTERWARDS = 8, frozenset({"pass", "certify"})
"""Days ago: when results were written down and certificates issued, and which moves these are."""
LATER = timedelta(hours=7)
MARK = Decimal(78)
PERSON = ("name", "email", "post", "unit", "sex", "language")

At = Callable[[datetime, Callable[[datetime], None]], None]


class Nominations:
    """Enters candidates in the diary (`at`); `records` are what has been posted by then, by kind and key."""

    def __init__(
        self, tx: Tx, calendar: Calendar, people: People, at: At, records: Mapping[tuple[str, str], Any]
    ) -> None:
        self._tx = tx
        self._calendar = calendar
        self._people = people
        self._at = at
        self._records = records
        self._made: dict[str, Nomination] = {}
        self._offers: dict[str, SeatSponsorship] = {}

    def enter(self, intakes: list[Entry], entries: list[Entry]) -> int:
        """Enter all of them; how many candidates there are."""
        for turn, entry in enumerate(intakes):
            self._at(self._calendar.ago(SET, turn), partial(self._set, entry))
        for turn, entry in enumerate(entries):
            when = self._calendar.ago(entry.get("ago", MADE), turn)
            self._at(when, partial(self._put_forward, entry))
            for step, move in enumerate(entry["moves"], start=1):
                after = self._calendar.ago(WRITTEN, turn) if move in AFTERWARDS else when
                moment = min(after + step * LATER, self._calendar.ago(1, turn))
                self._at(moment, partial(self._move, move, entry))
        return len(entries)

    def sponsor(self, entries: list[Entry]) -> int:
        """Enter who offers to pay for seats, and what the centre answers; how many offers there are."""
        for turn, entry in enumerate(entries):
            when = self._calendar.ago(SPONSORED, turn)
            self._at(when, partial(self._offer, entry))
            if entry["is_accepted"]:
                self._at(when + LATER, partial(self._take, entry))
        return len(entries)

    def _offer(self, entry: Entry, when: datetime) -> None:
        key = entry["organisation"]
        draft = SponsorDraft(entry["seats"], tuple(entry["countries"]), None, tuple(entry["pays"]), entry["note"])
        actor = self._people.actor(key)
        made = offer_seats(self._tx, actor, self._people.ids[key], self._session(entry), draft, when)
        self._offers[key] = made

    def _take(self, entry: Entry, when: datetime) -> None:
        accept(self._tx, self._centre(entry), self._offers[entry["organisation"]], when)

    def _session(self, entry: Entry) -> CourseSession:
        sessions: list[CourseSession] = self._records["course", entry["course"]].sessions
        return sorted(sessions, key=lambda one: one.starts_on)[entry["session"]]

    def _set(self, entry: Entry, when: datetime) -> None:
        session = self._session(entry)
        terms = {name: entry[name] for name in ("reserve", "answer_days", "instructors")}
        draft = IntakeDraft(**terms, quotas=tuple(Quota(**row) for row in entry["quota"]))
        service.set_intake(self._tx, self._centre(entry), session, draft, when)

    def _put_forward(self, entry: Entry, when: datetime) -> None:
        key = entry["organisation"]
        candidate = Candidate(**{name: entry[name] for name in PERSON})
        draft = NominationDraft(candidate, entry["motivation"], entry["rank"], self._line(entry))
        actor = self._people.speaker(key)
        made = service.nominate(self._tx, actor, self._people.ids[key], self._session(entry), draft, when)
        self._made[entry["email"]] = made

    def _line(self, entry: Entry) -> NeedLine | None:
        if "need" not in entry:
            return None
        lines: list[NeedLine] = self._records["need", entry["need"]].lines
        return next(line for line in lines if line.kind == "training" and line.unit in PEOPLE_UNITS)

    def _move(self, move: str, entry: Entry, when: datetime) -> None:
        one = self._made[entry["email"]]
        if move == "accept":
            service.accept(self._tx, self._centre(entry), {one.id}, one.session, when)
        elif move == "confirm":
            service.confirm(self._tx, one, when)
        elif move == "pass":
            write_result(self._tx, self._centre(entry), one, PASSED, MARK, when)
        elif move == "certify":
            issue(self._tx, self._centre(entry), [one], when)
        else:
            service.decline(self._tx, one, "", when)

    def _centre(self, entry: Entry) -> Any:
        owner = self._records["course", entry["course"]].organisation_id
        key = next(key for key, number in self._people.ids.items() if number == owner)
        return self._people.actor(key)
