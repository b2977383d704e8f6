"""Brings the invented records in through the site's own services, in the order in which they would have happened."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from app.accounts.proof.seal import Seal
from app.courses.service import add_session, post_course
from app.demonstration.answers import enter_answers
from app.demonstration.calendar import Calendar
from app.demonstration.conversations import Conversations
from app.demonstration.drafts import (
    course_draft,
    delivery_draft,
    form_fields,
    limit_draft,
    need_draft,
    pledge_draft,
    programme_draft,
    session_drafts,
)
from app.demonstration.lessons import Lessons
from app.demonstration.meetings import Meetings
from app.demonstration.nominations import Nominations
from app.demonstration.people import People, SignIn
from app.demonstration.source import RATES, Entry, Source
from app.demonstration.subscriptions import Subscriptions
from app.demonstration.upkeep import Upkeep
from app.foundation.db import Tx
from app.foundation.drafts import save_draft
from app.foundation.permissions import SYSTEM, Actor
from app.matching.relations.queries import find_pair
from app.matching.relations.rules import AnswerDraft
from app.matching.relations.service import declare
from app.needs.limits.service import set_limit
from app.needs.service import end_need, post_need
from app.pledges.deliveries import confirm_contribution, record_contribution
from app.pledges.making import make_pledge
from app.pledges.service import accept_pledge
from app.programmes.service import post_programme
from app.reference.rates.rules import INVENTED
from app.reference.rates.service import keep_rates

ANSWERED_AFTER = timedelta(minutes=50)
FOUNDED = 75
"""Days ago on which the organisations and their people came."""

ENDINGS = {
    "en": "Met: the help that was asked for has been given, and its results are recorded here.",
    "fr": "Retiré : les moyens ont été trouvés dans le budget national.",
    "es": "Atendida: la ayuda solicitada se ha recibido y sus resultados constan aquí.",
    "pt": "Atendida: a ajuda pedida foi recebida e os seus resultados constam aqui.",
}
"""Why a need was closed or withdrawn, in the language in which it was written."""

Act = Callable[[datetime], None]


@dataclass
class Loaded:
    """What was made: how many of each, and who can sign in."""

    counts: Counter[str]
    sign_ins: list[SignIn]


@dataclass
class _Diary:
    """What is to happen when; done in the order of time, so that the site's own record reads as it would have."""

    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def at(self, when: datetime, act: Act) -> None:
        """Enter one thing."""
        self.acts.append((when, len(self.acts), act))

    def live(self) -> None:
        """Do everything."""
        for when, _turn, act in sorted(self.acts, key=lambda entry: entry[:2]):
            act(when)


def load(tx: Tx, now: datetime, password: str, seal: Seal, folder: Path) -> Loaded:
    """Bring everything in, in one open transaction: organisations, accounts, then their records.

    `seal` is the installation's own, for the secrets of the authenticator apps; `folder` is where files are kept.
    """
    source, calendar = Source(now.date()), Calendar(now)
    people = People(tx, calendar.ago(FOUNDED), seal)
    people.found(source.read("organisations", "organisation"), source.read("accounts", "account"), password)
    rates = keep_rates(tx, SYSTEM, source.rates(), INVENTED, RATES, calendar.ago(FOUNDED))
    history = _History(tx, calendar, people, folder)
    history.enter(source)
    history.diary.live()
    people.settle(calendar.ago(1))
    counts = Counter(organisations=len(people.organisations), accounts=len(people.sign_ins), rates=rates.new)
    return Loaded(counts + history.counts, people.sign_ins)


class _History:
    """Who posted what when; records are known by the keys of the files."""

    def __init__(self, tx: Tx, calendar: Calendar, people: People, folder: Path) -> None:
        self._tx = tx
        self._calendar = calendar
        self._people = people
        self._folder = folder
        self.diary = _Diary()
        self.counts: Counter[str] = Counter()
        self._records: dict[tuple[str, str], Any] = {}
        self._times: dict[tuple[str, str], datetime] = {}

    def enter(self, source: Source) -> None:
        """Enter everything in the diary."""
        needs = source.needs()
        posted = [entry for entry in needs if entry["status"] != "draft"]
        self._spread("programme", source.read("programmes", "programme"), (60, 30), self._post_programme)
        self._spread("course", source.read("courses", "course"), (59, 33), self._post_course)
        self._spread("need", posted, (58, 4), self._post_need)
        self._spread("limit", source.read("limits", "limit"), (45, 20), self._set_limit)
        self._enter_endings(posted)
        self._enter_drafts([entry for entry in needs if entry["status"] == "draft"])
        withdrawn = {("need", entry["key"]) for entry in posted if entry["status"] == "withdrawn"}
        lessons = Lessons(self._tx, self._calendar, self._people, self.diary.at, self._records, self._times)
        told, ties = source.read("lessons", "lesson"), source.read("lessons", "tie")
        self.counts["lessons"] = lessons.enter(told, ties, withdrawn)
        self._enter_pledges(source.read("pledges", "pledge"))
        meetings = Meetings(self._tx, self._calendar, self._people, self.diary.at, self._records)
        self.counts["meetings"] = meetings.enter(source.read("meetings", "meeting"))
        nominations = Nominations(self._tx, self._calendar, self._people, self.diary.at, self._records)
        self.counts["sponsorships"] = nominations.sponsor(source.read("nominations", "sponsorship"))
        entries = source.read("nominations", "nomination")
        self.counts["nominations"] = nominations.enter(source.read("nominations", "intake"), entries)
        self._enter_relations(source.read("relations", "relation"))
        Upkeep(self._tx, self._calendar, self._people, self.diary.at, self._records).enter()
        talks = Conversations(self._tx, self._calendar, self._people, self.diary.at, self._records, self._folder)
        questions, threads = source.read("conversations", "question"), source.read("conversations", "thread")
        self.counts["questions"], self.counts["threads"] = talks.enter(questions, threads)
        answers = source.read("answers", "answer")
        self.counts["answers"] = enter_answers(
            self._tx, self._people, self.diary.at, self._records, self._times, answers
        )  # fmt: skip
        kept = Subscriptions(self._tx, self._calendar, self._people, self.diary.at, self._records)
        asked, followed = (source.read("subscriptions", kind) for kind in ("search", "follow"))
        self.counts["subscriptions"] = kept.enter(asked, followed)

    def _spread(
        self, kind: str, entries: list[Entry], days: tuple[float, float], post: Callable[[Entry, datetime], Any]
    ) -> None:
        for entry, when in zip(entries, self._calendar.spread(len(entries), *days), strict=True):
            self._times[kind, entry["key"]] = when
            self.diary.at(when, partial(self._keep, kind, post, entry))

    def _keep(self, kind: str, post: Callable[[Entry, datetime], Any], entry: Entry, when: datetime) -> None:
        self._records[kind, entry["key"]] = post(entry, when)
        self.counts[f"{kind}s"] += 1

    def _author(self, entry: Entry) -> tuple[Any, int]:
        key = entry["organisation"]
        return self._people.actor(key), self._people.ids[key]

    # --- programmes, courses, needs ---

    def _post_programme(self, entry: Entry, when: datetime) -> Any:
        return post_programme(self._tx, *self._author(entry), programme_draft(entry), when)

    def _post_course(self, entry: Entry, when: datetime) -> Any:
        actor, organisation_id = self._author(entry)
        course = post_course(self._tx, actor, organisation_id, course_draft(entry), when)
        for draft in session_drafts(entry):
            add_session(self._tx, actor, course, draft, when)
            self.counts["sessions"] += 1
        return course

    def _post_need(self, entry: Entry, when: datetime) -> Any:
        return post_need(self._tx, *self._author(entry), need_draft(entry, self._people.ids), when)

    def _set_limit(self, entry: Entry, when: datetime) -> Any:
        return set_limit(self._tx, *self._author(entry), limit_draft(entry), when)

    def _enter_endings(self, entries: list[Entry]) -> None:
        for entry in entries:
            if entry["status"] != "posted":
                when = self._calendar.after([self._times["need", entry["key"]]], self._calendar.ago(2), days=2)
                self.diary.at(when, partial(self._end_need, entry))

    def _end_need(self, entry: Entry, when: datetime) -> None:
        need = self._records["need", entry["key"]]
        actor, _organisation_id = self._author(entry)
        end_need(self._tx, actor, need, entry["status"], ENDINGS[entry["language"]], when)

    def _enter_drafts(self, entries: list[Entry]) -> None:
        for entry, when in zip(entries, self._calendar.spread(len(entries), 4, 1), strict=True):
            self.diary.at(when, partial(self._save_draft, entry))

    def _save_draft(self, entry: Entry, when: datetime) -> None:
        key = secrets.token_urlsafe(16)
        fields = form_fields(need_draft(entry, self._people.ids), key)
        actor, _organisation_id = self._author(entry)
        save_draft(self._tx, actor, "need", key, fields, when)
        self.counts["drafts"] += 1

    # --- pledges ---

    def _enter_pledges(self, entries: list[Entry]) -> None:
        for entry, earliest in zip(entries, self._calendar.spread(len(entries), 25, 2), strict=True):
            stands_on = [("need", entry["need"])]
            stands_on += [("programme", entry["programme"])] if "programme" in entry else []
            when = self._calendar.after([self._times[key] for key in stands_on], earliest)
            key = str(len(self.diary.acts))
            self.diary.at(when, partial(self._make_pledge, entry, key))
            if entry["accepted"]:
                self.diary.at(when + ANSWERED_AFTER, partial(self._accept_pledge, key))
            for number, part in enumerate(entry.get("delivery", ()), start=2):
                self.diary.at(when + number * ANSWERED_AFTER, partial(self._deliver, key, part))

    def _make_pledge(self, entry: Entry, key: str, when: datetime) -> None:
        need = self._records["need", entry["need"]]
        programme = self._records["programme", entry["programme"]] if "programme" in entry else None
        draft = pledge_draft(entry, [line.id for line in need.lines], programme.id if programme else None)
        self._records["pledge", key] = make_pledge(self._tx, *self._author(entry), need, draft, when)
        self.counts["pledges"] += 1

    def _accept_pledge(self, key: str, when: datetime) -> None:
        pledge = self._records["pledge", key]
        # A State's own share of its own need was accepted as it was made.
        if pledge.accepted_at is None:
            accept_pledge(self._tx, self._side(pledge.need_organisation_id), pledge, when)

    def _deliver(self, key: str, entry: Entry, when: datetime) -> None:
        """The donor says what arrived; the recipient confirms it, with a figure of its own where one is given."""
        pledge = self._records["pledge", key]
        draft = delivery_draft(entry, pledge, when.date())
        part = record_contribution(self._tx, self._side(pledge.organisation_id), pledge, draft, when)
        if "recipient" in entry:
            figure = Decimal(str(entry["recipient"]))
            confirm_contribution(self._tx, self._side(pledge.need_organisation_id), pledge, part, when, figure)

    def _side(self, organisation_id: int) -> Actor:
        ids = self._people.ids
        return self._people.actor(next(key for key in ids if ids[key] == organisation_id))

    # --- how programmes stand to each other ---

    def _enter_relations(self, entries: list[Entry]) -> None:
        for entry in entries:
            posted = max(self._times["programme", entry[side]] for side in ("own", "other"))
            self.diary.at(posted + timedelta(days=entry["days"]), partial(self._declare, entry))

    def _declare(self, entry: Entry, when: datetime) -> None:
        actor, organisation_id = self._author(entry)
        own, other = (self._records["programme", entry[side]] for side in ("own", "other"))
        pair = find_pair(self._tx, actor, own.ref, other.ref)
        if pair is None:
            raise LookupError(f"{entry['organisation']} may not see {entry['other']}")
        declare(self._tx, actor, pair, organisation_id, AnswerDraft(entry["says"], entry["sentence"]), when)
        self.counts["relations"] += 1
