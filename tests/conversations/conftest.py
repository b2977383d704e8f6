"""A need of Senegal and three donors who may ask about it; a pledge of one, and a match with a programme of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from app.conversations.clarifications import service
from app.conversations.clarifications.models import Clarification
from app.conversations.clarifications.service import Words
from app.conversations.clarifications.subjects import Subject, subject_by_ref
from app.foundation.permissions import Actor


@dataclass
class Square:
    """Who is there, and what they talk about."""

    tx: Any
    world: Any
    now: datetime
    state: Any
    owner: Actor
    need: Any
    donors: list[Any]
    askers: list[Actor]

    def subject(self, actor: Actor, record: Any = None) -> Subject:
        """What the actor sees of a record."""
        found = subject_by_ref(self.tx, actor, (record or self.need).ref)
        assert found is not None
        return found

    def ask(self, who: int = 0, text: str = "Is a second visit paid for?", **kw: Any) -> Clarification:
        """One of the donors asks."""
        actor, record = self.askers[who], kw.pop("record", None)
        subject = self.subject(actor, record)
        return service.ask(self.tx, actor, self.donors[who].id, subject, Words(text, "en"), kw.pop("now", self.now))

    def answer(self, row: Clarification, text: str = "Yes, one each year.", now: datetime | None = None) -> None:
        """The owner answers."""
        service.answer(self.tx, self.owner, row, Words(text, "en"), now or self.now)


@pytest.fixture
def square(app, tx, world, now) -> Square:
    state = world.organisation("state")
    names = ("Nordland Agency", "Sudland Trust", "Ostland Fund")
    donors = [world.organisation("donor", name=name, acronym=name[:2].upper() + "X") for name in names]
    owner, askers = world.actor(world.account(state)), [world.actor(world.account(one)) for one in donors]
    return Square(tx, world, now, state, owner, world.need(state), donors, askers)
