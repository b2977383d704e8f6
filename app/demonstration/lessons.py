"""The invented lessons as they would have been told, put in clearer words, validated, and set beside one another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.accounts.queries import account_by_id
from app.demonstration.calendar import Calendar
from app.demonstration.drafts import lesson_draft
from app.demonstration.people import SECRETARIAT, People
from app.demonstration.source import Entry
from app.foundation.db import Tx
from app.lessons.service import record_lesson
from app.lessons.standing.queries import Pair
from app.lessons.standing.service import declare_tie
from app.lessons.validating.service import Wording, ask_reviewer, comment, validate_lesson

ANSWERED_AFTER = timedelta(minutes=50)
SUBJECTS: tuple[str, ...] = ("need", "programme", "course")
TIED = 2
"""Days ago on which lessons began to be set beside one another."""

At = Callable[[datetime, Callable[[datetime], None]], None]
Key = tuple[str, str]


class Lessons:
    """Enters lessons in the diary (`at`); `records` are what has been posted by then, `times` when, by kind and key."""

    def __init__(
        self, tx: Tx, calendar: Calendar, people: People, at: At, records: dict[Key, Any], times: dict[Key, datetime]
    ) -> None:
        self._tx = tx
        self._calendar = calendar
        self._people = people
        self._at = at
        self._records = records
        self._times = times

    def enter(self, entries: list[Entry], ties: list[Entry], withdrawn: set[Key]) -> int:
        """Enter all of them, and how they stand to one another; how many there are."""
        for entry, earliest in zip(entries, self._calendar.spread(len(entries), 55, 3), strict=True):
            named = [(kind, str(entry[kind])) for kind in SUBJECTS if kind in entry]
            taught_by = [subject for subject in named if subject not in withdrawn]
            when = self._calendar.after([self._times[key] for key in taught_by], earliest)
            self._times["lesson", entry["key"]] = when
            self._at(when, partial(self._record, entry, taught_by))
            if entry["status"] == "validated":
                self._at(when + ANSWERED_AFTER, partial(self._validate, entry))
            if "reviewer" in entry:
                self._at(when + ANSWERED_AFTER, partial(self._review, entry))
                self._at(when + 2 * ANSWERED_AFTER, partial(self._say, entry, "reviewer", "asked"))
                self._at(when + 3 * ANSWERED_AFTER, partial(self._say, entry, "organisation", "answered"))
        for turn, tie in enumerate(ties):
            self._at(self._calendar.ago(TIED, turn), partial(self._tie, tie))
        return len(entries)

    def _record(self, entry: Entry, taught_by: list[Key], when: datetime) -> None:
        taught = ((kind, self._records[kind, key]) for kind, key in taught_by)
        # A lesson that anybody reads must not name a record that not everybody may know of.
        public = ((kind, record.ref) for kind, record in taught if record.disclosure == "public")
        subject = next(public, ("", ""))
        key = entry["organisation"]
        author, organisation_id = self._people.actor(key), self._people.ids[key]
        draft = lesson_draft(entry, subject)
        self._records["lesson", entry["key"]] = record_lesson(self._tx, author, organisation_id, draft, when)

    def _validate(self, entry: Entry, when: datetime) -> None:
        lesson = self._records["lesson", entry["key"]]
        validate_lesson(self._tx, self._people.actor(SECRETARIAT), lesson, when, Wording(entry.get("clearer", {})))

    def _review(self, entry: Entry, when: datetime) -> None:
        """The secretariat asks somebody to review it."""
        lesson, reviewer = self._records["lesson", entry["key"]], self._people.actor(entry["reviewer"])
        account = account_by_id(self._tx, reviewer.account_id)
        if account is None:
            raise LookupError(entry["reviewer"])
        ask_reviewer(self._tx, self._people.actor(SECRETARIAT), lesson, account, when)

    def _say(self, entry: Entry, speaker: str, words: str, when: datetime) -> None:
        comment(self._tx, self._people.actor(entry[speaker]), self._records["lesson", entry["key"]], entry[words], when)

    def _tie(self, entry: Entry, when: datetime) -> None:
        pair = Pair(*(self._records["lesson", entry[side]] for side in ("own", "other")))
        author = self._people.actor(entry["organisation"])
        declare_tie(self._tx, author, pair, entry["kind"], entry["sentence"], when)
