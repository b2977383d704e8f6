"""What the pages of clarifications are drawn from: who may ask here, which words would tell, what has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.conversations.clarifications import queries, rules
from app.conversations.clarifications.forms import AskForm
from app.conversations.clarifications.models import Clarification
from app.conversations.clarifications.subjects import Subject, closed_because
from app.foundation.db import Tx
from app.foundation.languages import LANGUAGES, name_of
from app.foundation.messages import Message
from app.foundation.permissions import Actor, Membership, Permission, allowed
from app.organisations.models import Organisation

PREFIX = "ask-"
"""Of the fields of the form, which stands on the pages of records beside other forms."""


@dataclass(frozen=True)
class Asking:
    """Whether this reader may ask about a record: for whom, or why nobody may any more."""

    places: tuple[Membership, ...]
    closed: Message | None

    @property
    def is_open(self) -> bool:
        """Whether there is a form."""
        return bool(self.places) and self.closed is None


def asking_places(reader: Actor) -> tuple[Membership, ...]:
    """The organisations for which the reader may ask about records of others."""
    return reader.of_kind("state", "donor", "centre", "regional", "ngo")


def asking_for(reader: Actor, subject: Subject, now: datetime) -> Asking:
    """For which organisations the reader may ask; for none about a record of one's own."""
    own = reader.membership_in(subject.organisation_id) is not None
    places = () if own else asking_places(reader)
    may = allowed(reader, Permission.CLARIFICATION_ASK, now)
    return Asking(places if may else (), closed_because(subject, now))


def form_for(reader: Actor, subject: Subject, now: datetime, typed: Any = None) -> AskForm | None:
    """The form, empty or with what was `typed` there before; none for whoever may not ask."""
    asking = asking_for(reader, subject, now)
    return AskForm(places=asking.places, prefix=PREFIX, formdata=typed) if asking.is_open else None


def warnings_on(tx: Tx, asker_id: int, subject: Subject, question: str) -> list[Message]:
    """What in the words of a question may tell the owner which organisation asks it."""
    one = tx.get(Organisation, asker_id)
    if one is None:
        return []
    names = rules.names_of([one.name], (one.names or {}).values(), one.former_names or ())
    # A country that the record itself is about tells nothing.
    theirs = one.country if one.country and one.country not in subject.record.codes("country") else None
    countries = rules.names_of(name_of("country", theirs, code) for code in LANGUAGES) if theirs else ()
    return rules.betrays(question, rules.Own(names, rules.names_of([one.acronym]), countries))


@dataclass(frozen=True)
class Seen:
    """One question as a reader sees it."""

    row: Clarification
    subject: Subject
    is_asker: bool
    is_owner: bool
    is_overdue: bool

    @property
    def has_changed(self) -> bool:
        """Whether the record is another than the one that was asked, or last answered, about."""
        since = self.row.answer.about_version if self.row.answer else self.row.about_version
        return bool(self.subject.record.version > since)


def seen(reader: Actor, row: Clarification, subject: Subject, now: datetime) -> Seen:
    """The question for this reader, who may see it."""
    asks, owns = queries.is_asker(reader, row), queries.is_owner(reader, row)
    return Seen(row, subject, asks, owns, owns and rules.is_overdue(row.status, row.due_at, now))
