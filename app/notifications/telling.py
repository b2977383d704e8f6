"""One round of telling people: who is told what, each only what this person may see at this moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from app.accounts.models import Account
from app.accounts.queries import accounts_of, actor_of
from app.config import Settings
from app.foundation.db import Tx
from app.foundation.kept.once import read_once
from app.foundation.messages import Message
from app.foundation.permissions import ANONYMOUS, ROLES_THAT_EDIT
from app.notifications.queries import may_be_told
from app.notifications.service import MailDraft, NoticeDraft, put_mails, put_notices


@dataclass
class Telling:
    """Gathers notices and letters while facts are read; they are written afterwards, in one transaction.

    A notice may be carried by a mail, at the pace that its reader wishes; `mails` are letters to addresses.
    """

    tx: Tx
    settings: Settings
    notices: list[NoticeDraft] = field(default_factory=list)
    mails: list[MailDraft] = field(default_factory=list)

    @property
    def host(self) -> str:
        """The site's own name, for senders and Message-IDs."""
        return urlsplit(self.settings.public_url).hostname or "localhost"

    def people_of(self, *organisation_ids: int) -> list[Account]:
        """The editors and focal points of these organisations."""
        asked = ("people to be told", organisation_ids)
        return read_once(self.tx, asked, lambda: accounts_of(self.tx, organisation_ids, ROLES_THAT_EDIT))

    def tell(
        self, people: Iterable[Account], cause: str, message: Message, about: Any, *, by_mail: bool = True
    ) -> None:
        """Put a notice before each of these people who may see everything that it gives away; a mail may carry it."""
        people = list(people)
        # What anybody may see, each of them may: then nobody has to be asked about one by one.
        is_public = bool(people) and may_be_told(self.tx, ANONYMOUS, cause)
        for person in people:
            if not (is_public or may_be_told(self.tx, actor_of(person), cause)):
                continue
            self.notices.append(NoticeDraft(person.id, cause, message, about.record_kind, about.ref, by_mail))

    def write(self, tx: Tx, now: datetime) -> None:
        """Put everything that was gathered on desks and on its way, in the transaction that decides on it."""
        put_notices(tx, self.notices, now)
        put_mails(tx, self.mails, self.host, now)
