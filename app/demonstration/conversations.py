"""The invented questions and messages as they would have been asked, answered and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from app.conversations.clarifications import service
from app.conversations.clarifications.models import Clarification
from app.conversations.clarifications.service import Words
from app.conversations.clarifications.subjects import Subject
from app.conversations.messages.rules import MATCH, PLEDGE, key_of_match, key_of_pledge
from app.conversations.messages.service import MessageDraft, send
from app.conversations.messages.talks import Talk
from app.demonstration.calendar import Calendar
from app.demonstration.people import People
from app.demonstration.source import Entry
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.filing.store import FileStore
from app.foundation.permissions import SYSTEM
from app.pledges.models import Pledge

KINDS = ("need", "programme", "course")

At = Callable[[datetime, Callable[[datetime], None]], None]


class Conversations:
    """Enters questions and messages in the diary (`at`); `records` are what has been posted, by kind and key."""

    def __init__(
        self,
        tx: Tx,
        calendar: Calendar,
        people: People,
        at: At,
        records: Mapping[tuple[str, str], Any],
        folder: Path,
    ) -> None:
        self._tx = tx
        self._calendar = calendar
        self._people = people
        self._at = at
        self._records = records
        self._folder = folder

    def enter(self, questions: list[Entry], threads: list[Entry]) -> tuple[int, int]:
        """Enter all of them; how many questions and threads there are."""
        for turn, entry in enumerate(questions):
            self._enter_question(entry, turn)
        for entry in threads:
            kept: list[Talk] = []
            for turn, message in enumerate(entry["message"]):
                self._at(self._calendar.ago(message["ago"], turn), partial(self._write, entry, message, kept))
        return len(questions), len(threads)

    def _enter_question(self, entry: Entry, turn: int) -> None:
        made: list[Clarification] = []
        steps = {"answered": self._answer, "amended": self._amend, "declined": self._decline}
        self._at(self._calendar.ago(entry["ago"], turn), partial(self._ask, entry, made))
        for step, act in steps.items():
            if step in entry:
                self._at(self._calendar.ago(entry[step], turn), partial(act, entry, made))

    def _subject(self, entry: Entry) -> Subject:
        kind = next(one for one in KINDS if one in entry)
        return Subject(kind, self._records[kind, entry[kind]])

    def _owner(self, entry: Entry) -> Any:
        return self._writer(self._subject(entry).organisation_id)

    def _writer(self, organisation_id: int) -> Any:
        return self._people.actor(next(key for key, number in self._people.ids.items() if number == organisation_id))

    def _ask(self, entry: Entry, made: list[Clarification], when: datetime) -> None:
        key = entry["organisation"]
        words = Words(entry["question"], entry["language"])
        actor, asker_id = self._people.actor(key), self._people.ids[key]
        made.append(service.ask(self._tx, actor, asker_id, self._subject(entry), words, when))

    def _answer(self, entry: Entry, made: list[Clarification], when: datetime) -> None:
        service.answer(self._tx, self._owner(entry), made[0], Words(entry["answer"], entry["language"]), when)

    def _amend(self, entry: Entry, made: list[Clarification], when: datetime) -> None:
        words = Words(entry["amendment"], entry["language"])
        service.amend(self._tx, self._owner(entry), made[0], words, None, when)

    def _decline(self, entry: Entry, made: list[Clarification], when: datetime) -> None:
        service.decline(self._tx, self._owner(entry), made[0], entry["reason"], when)

    def _write(self, entry: Entry, message: Entry, kept: list[Talk], when: datetime) -> None:
        actor, organisation_id = self._people.actor(message["organisation"]), self._people.ids[message["organisation"]]
        talk = kept[0] if kept else self._talk(entry)
        files = [(message["file"], message["content"].encode())] if "file" in message else []
        draft = MessageDraft(message["text"], message["language"], files)
        sent = send(self._tx, actor, organisation_id, talk, draft, FileStore(self._folder), when)
        kept[:] = [replace(talk, thread=sent.thread)]

    def _talk(self, entry: Entry) -> Talk:
        need = self._records["need", entry["need"]]
        if "pledge" in entry:
            donor = Pledge.organisation_id == self._people.ids[entry["pledge"]]
            found = self._tx.scalars(readable(SYSTEM, Pledge).where(Pledge.need_id == need.id, donor)).one()
            owners = (need.organisation_id, found.organisation_id)
            return Talk(PLEDGE, key_of_pledge(found.id), need.id, *owners, need=need, pledge_id=found.id, pledge=found)
        # The worker has not matched anything yet: the pair is the one that it will find.
        offer = self._records["programme", entry["programme"]]
        key = key_of_match(need.id, "programme", offer.id)
        owners = (need.organisation_id, offer.organisation_id)
        return Talk(MATCH, key, need.id, *owners, need=need, offer_kind="programme", offer_id=offer.id, offer=offer)
