"""A 3W table on its way: kept as it was typed until somebody says to save it, and then saved whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.exchange.hxl.asking import NOTHING_ASKED, Said
from app.exchange.hxl.drafts import CHANGED, FAULTY, HELD, NEW, UNCHANGED, Outcome, outcomes
from app.exchange.hxl.judging import Owner, told_in
from app.exchange.hxl.lists import lists_in
from app.exchange.hxl.reading import HEAD_CURRENCY, WISHES, Line
from app.foundation.db import Tx
from app.foundation.drafts import find_draft, save_draft
from app.foundation.messages import msg
from app.foundation.permissions import Actor, Membership
from app.foundation.spreadsheets.sent import SheetRefused
from app.foundation.text import fold
from app.matching.guard.holding import note_held
from app.matching.guard.looks import keep_answers
from app.organisations.models import Organisation
from app.organisations.queries import organisation_by_id
from app.programmes.service import amend_programme, post_programme

FORM = "three_w"
"""What the drafts of such tables are called."""
WORDY = msg("This table holds more text than can be taken at once. Divide it into two.")


@dataclass(frozen=True)
class Sent:
    """What was sent: for which organisation, in which language it is written (ISO 639-1), and its rows."""

    key: str
    organisation_ref: str
    language: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Read:
    """A table as it stands today."""

    sent: Sent
    outcomes: Sequence[Outcome]

    def of(self, *kinds: str) -> list[Outcome]:
        """What becomes of the activities, of these kinds alone."""
        return [one for one in self.outcomes if one.kind in kinds]

    @property
    def to_save(self) -> list[Outcome]:
        """What would be written, with what is held back until somebody answers."""
        return self.of(NEW, HELD, CHANGED)

    @property
    def sound(self) -> list[Outcome]:
        """What would be written and needs no answer."""
        return self.of(NEW, CHANGED)

    @property
    def held(self) -> list[Outcome]:
        """What is new and seems to be here already."""
        return self.of(HELD)

    @property
    def faulty(self) -> list[Outcome]:
        """What has to be mended first."""
        return self.of(FAULTY)

    @property
    def unchanged(self) -> list[Outcome]:
        """What stands here already as the table says."""
        return self.of(UNCHANGED)


def keep(tx: Tx, actor: Actor, sent: Sent, title: str, now: datetime) -> None:
    """Keep a table as a draft of this person's.

    Raises:
        SheetRefused: it holds more text than a draft may.
    """
    fields = [("title", title), ("organisation", sent.organisation_ref), ("language", sent.language)]
    fields += [(f"{line.number}.{column}", text) for line in sent.lines for column, text in line.cells.items()]
    try:
        save_draft(tx, actor, FORM, sent.key, fields, now)
    except ValueError as error:
        raise SheetRefused(WORDY) from error


def kept(tx: Tx, actor: Actor, key: str) -> Sent | None:
    """The table that this person has sent under that key."""
    draft = find_draft(tx, actor, key) if key else None
    if draft is None or draft.form != FORM:
        return None
    named: dict[str, str] = {}
    rows: dict[int, dict[str, str]] = {}
    for name, text in draft.fields:
        number, _dot, column = str(name).partition(".")
        if (column in WISHES or column == HEAD_CURRENCY) and number.isdecimal():
            rows.setdefault(int(number), {})[column] = str(text)
        else:
            named[str(name)] = str(text)
    lines = tuple(Line(number, cells) for number, cells in sorted(rows.items()))
    return Sent(key, named.get("organisation", ""), named.get("language", "en"), lines)


def read(tx: Tx, actor: Actor, owner: Membership, sent: Sent, shown_in: str, now: datetime) -> Read:
    """Hold the table against what is known today; faults are worded for a reader of the language `shown_in`."""
    organisation = organisation_by_id(tx, owner.organisation_id)
    who = owner_of(organisation, owner)
    activities = told_in(sent.lines, lists_in(shown_in), who)
    return Read(sent, outcomes(tx, actor, owner.organisation_id, sent.language, activities, now.date()))


def owner_of(organisation: Organisation | None, owner: Membership) -> Owner:
    """By which names and references the organisation goes."""
    if organisation is None:
        return Owner(owner.organisation_name, frozenset(), frozenset())
    names = [organisation.name, organisation.acronym, *map(str, (organisation.names or {}).values())]
    references = [organisation.ref, organisation.iati_identifier or ""]
    folded = (frozenset(fold(one) for one in some if one) for some in (references, names))
    return Owner(organisation.name, *folded)


def save(tx: Tx, actor: Actor, owner: Membership, read: Read, said: Mapping[int, Said], now: datetime) -> None:
    """Post what is new and amend what has changed: all of it, or nothing; `said` are the answers by first row.

    What is said to be here already is left out. What has an open question is posted held back, as an import's is.

    Raises:
        Refused, StaleVersion, DraftRefused, MoveRefused: as the service of programmes says.
    """
    for one in read.to_save:
        answered = said.get(one.told.first, NOTHING_ASKED)
        if one.draft is None or answered.is_there:
            continue
        if one.programme is not None:
            amend_programme(tx, actor, one.programme, one.draft, one.programme.version, now)
            continue
        made = post_programme(tx, actor, owner.organisation_id, one.draft, now, hold=bool(answered.open))
        if answered.open:
            note_held(tx, actor, made, answered.open, now)
        keep_answers(owner.organisation_id, answered.answers, tx, made)
