"""An organisation whose records are due, and the mails that it gets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.config import Settings
from app.foundation.db import Tx
from app.notifications.finishing import letter_to_send
from app.notifications.models import Mail
from app.upkeep.asking.service import note_due, write_due
from tests.factories import World

LINKS = re.compile(r"(/upkeep/[\w.~-]+/\w+)")


@dataclass
class Owner:
    """A State with an editor and a focal point; `ask` is what the worker does."""

    tx: Tx
    world: World
    settings: Settings
    now: datetime
    organisation: Any
    editor: Any
    focal: Any

    def need(self, days: int = 10, **kw: Any) -> Any:
        """A need that is to be confirmed in so many days."""
        return self.world.need(self.organisation, verify_by=self.now.date() + timedelta(days=days), **kw)

    def ask(self, **later: float) -> int:
        """Ask whoever is to be asked, so much later; how many mails."""
        when = self.now + timedelta(**later)
        note_due(self.tx, when)
        return write_due(self.tx, "localhost", when)

    def mails(self, person: Any = None) -> list[Mail]:
        """The mails to this person, the oldest first."""
        to = (person or self.editor).email
        return list(self.tx.scalars(select(Mail).where(Mail.recipient == to).order_by(Mail.id)))

    def body(self, mail: Mail, **later: float) -> str | None:
        """What is sent, if it is sent now."""
        letter = letter_to_send(self.tx, self.settings, mail, self.now + timedelta(**later)).letter
        return letter.text if letter is not None else None

    def links(self, person: Any = None, which: int = -1) -> dict[str, str]:
        """The paths in a mail to this person, by their answers; of the first record."""
        body = self.body(self.mails(person)[which]) or ""
        found: dict[str, str] = {}
        for path in LINKS.findall(body):
            found.setdefault(path.rpartition("/")[2], path)
        return found

    def token(self, person: Any = None) -> str:
        """The signed word of the last mail to this person."""
        return self.links(person)["true"].split("/")[2]


@pytest.fixture
def owner(app: Any, world: World, tx: Tx, settings: Settings, now: datetime) -> Owner:
    organisation = world.organisation("state", verify_by=now.date() + timedelta(days=300))
    editor, focal = world.account(organisation, "editor", language="en"), world.account(organisation, "focal_point")
    world.account(organisation, "member")
    tx.flush()
    return Owner(tx, world, settings, now, organisation, editor, focal)
