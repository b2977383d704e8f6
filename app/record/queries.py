"""Searching the record: which events answer, newest first, and the names of everybody and everything in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from ipaddress import ip_address
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, func, or_, select

from app.accounts.models import Account, Membership
from app.foundation.audit import AuditEvent, AuditOrigin
from app.foundation.db import Tx
from app.foundation.disclosure import model_of, visible_to
from app.foundation.messages import Message
from app.foundation.paging import PAGE_SIZE, Page, page_number
from app.foundation.permissions import Actor
from app.foundation.references import tidy_reference
from app.foundation.text import fold
from app.organisations.models import Organisation
from app.organisations.rules import flat
from app.pledges.models import Pledge
from app.pledges.queries import is_shown as is_pledge_shown
from app.record.details import PEOPLE_IN, details_in_words, people_in
from app.record.kinds import KINDS
from app.record.rules import is_reference, words_of

OWNED = ("course", "lesson", "limit", "meeting", "need", "output", "pledge", "programme", "sponsorship")
"""The kinds of records that belong to an organisation, a meeting of a feature above this one among them."""
SPEAK_OF_PEOPLE = frozenset(
    {*KINDS["roles"].words, "organisation.handed_over", "account.second_steps_cleared", "account.sign_ins_ended"}
)
"""Actions whose details say whom they concern."""
PART_OF: Mapping[str, tuple[str, str]] = {
    "course_session": ("course", "course"), "action_point": ("meeting", "meeting"),
}  # fmt: skip
"""Records that stand on the page of another one: of which kind that is, and which detail of an event names it."""
LOT = 1000
"""So many events are given their names at once."""
MOST_SHOWN = 50
"""A record's page tells at most so many events, the latest."""


@dataclass(frozen=True)
class Filters:
    """What is looked for: words (a reference, person, organisation or network address), a kind of rules.KINDS, days.

    Days are UTC, as the record's hours are; both are included.
    """

    words: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for."""
        return self != Filters()


@dataclass(frozen=True)
class Named:
    """A person or an organisation: reference and name; a person whose account is closed has none."""

    ref: str
    name: str
    language: str = ""


@dataclass(frozen=True)
class Row:
    """One event with everything that it names.

    `about` is whose account the event is about; `opens` tells whether the reader may open the record's page. `person`
    is empty where the site itself acted. `address` is empty where none was kept; `is_erased` if it has been since.
    """

    event: AuditEvent
    what: Message
    details: Sequence[Message]
    person: Named | None
    organisation: Named | None
    about: Named | None
    opens: bool
    address: str
    is_erased: bool


Found = tuple[AuditEvent, str | None]


# --- which events ---


def search(tx: Tx, reader: Actor, filters: Filters, page: str | None) -> Page[Row]:
    """The events that answer, the newest first."""
    where = _where(tx, filters)
    total = tx.scalar(select(func.count(AuditEvent.id)).where(*where)) or 0
    number = page_number(page, total)
    query = _newest_first(where).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    found = _read(tx, query)
    return Page(_rows(tx, found, _openable(tx, reader, [event for event, _address in found])), number, total)


def count_events(tx: Tx, filters: Filters) -> int:
    """How many events answer."""
    return tx.scalar(select(func.count(AuditEvent.id)).where(*_where(tx, filters))) or 0


def all_rows(tx: Tx, filters: Filters) -> list[Row]:
    """Every event that answers, the newest first; whether their records can be opened is not asked."""
    found = _read(tx, _newest_first(_where(tx, filters)))
    return [row for first in range(0, len(found), LOT) for row in _rows(tx, found[first : first + LOT], frozenset())]


def history(tx: Tx, reader: Actor, kind: str, ref: str) -> list[Row]:
    """What happened to one record, for its own people and the secretariat; nothing for anybody else.

    Its own people are told the names of their colleagues alone.
    """
    model = model_of(kind)
    if model is None:
        return []
    owner = tx.scalar(select(model.organisation_id).where(model.ref == ref, visible_to(reader, model)))
    if owner is None or not (reader.is_secretariat or owner in reader.organisation_ids):
        return []
    colleagues = select(Membership.account_id).where(Membership.organisation_id.in_(reader.organisation_ids))
    known = None if reader.is_secretariat else set(tx.scalars(colleagues))
    found = _read(tx, _newest_first([AuditEvent.record_ref == ref]).limit(MOST_SHOWN))
    return _rows(tx, found, frozenset(), known)


def _read(tx: Tx, query: Select[AuditEvent, str]) -> list[Found]:
    return [(event, address) for event, address in tx.execute(query)]


def _newest_first(where: Iterable[ColumnElement[bool]]) -> Select[AuditEvent, str]:
    """In the order of the chain, which has an index."""
    query = select(AuditEvent, AuditOrigin.address).outerjoin(AuditOrigin, AuditOrigin.event_id == AuditEvent.id)
    return query.where(*where).order_by(AuditEvent.day.desc(), AuditEvent.sequence.desc())


def _where(tx: Tx, filters: Filters) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if filters.kind:
        where.append(AuditEvent.action.in_(sorted(KINDS[filters.kind].words)))
    if filters.since:
        where.append(AuditEvent.happened_at >= _midnight(filters.since))
    if filters.until:
        where.append(AuditEvent.happened_at < _midnight(filters.until + timedelta(days=1)))
    if filters.words:
        where.append(_about(tx, filters.words))
    return where


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _about(tx: Tx, words: str) -> ColumnElement[bool]:
    """Events of records with that reference, by or about such people, of such organisations, or from that address."""
    people = _people_called(tx, words)
    ways = [
        _among(AuditEvent.account_id, people),
        _among(AuditEvent.record_ref, people.values()),
        _among(AuditEvent.organisation_id, _organisations_called(tx, words)),
        and_(
            AuditEvent.action.in_(sorted(SPEAK_OF_PEOPLE)),
            or_(*(_among(cast(AuditEvent.details[key].as_string(), String), map(str, people)) for key in PEOPLE_IN)),
        ),
    ]
    reference = tidy_reference(words)
    if is_reference(reference):
        ways.append(AuditEvent.record_ref.startswith(reference, autoescape=True))
    if _is_address(words):
        from_there = select(AuditOrigin.event_id).where(AuditOrigin.address == words.strip())
        ways.append(AuditEvent.id.in_(from_there))
    return or_(*ways)


def _among(column: ColumnElement[Any] | Any, values: Iterable[Any]) -> ColumnElement[bool]:
    # Written out, since a common name may be that of more people than a statement may have parameters.
    found: ColumnElement[bool] = column.in_(bindparam(None, list(values), expanding=True, literal_execute=True))
    return found


def _people_called(tx: Tx, words: str) -> dict[int, str]:
    """References by number of the accounts with that name, e-mail address or reference."""
    # Words are compared in Python, since SQLite folds no accents; these are a few thousand short rows at most.
    wanted, reference = fold(words).split(), tidy_reference(words)
    rows = tx.execute(select(Account.id, Account.ref, Account.name, Account.email))
    return {
        key: ref
        for key, ref, name, email in rows
        if ref == reference or (wanted and all(word in f"{fold(name)} {email.casefold()}" for word in wanted))
    }


def _organisations_called(tx: Tx, words: str) -> list[int]:
    """Numbers of the organisations with that name in any language, acronym or reference, whatever their status."""
    wanted, reference = flat(words).split(), tidy_reference(words)
    columns = (Organisation.id, Organisation.ref, Organisation.name, Organisation.acronym, Organisation.names)
    return [
        key
        for key, ref, name, acronym, names in tx.execute(select(*columns))
        if ref == reference or (wanted and _has_all(flat(" ".join([name, acronym, *(names or {}).values()])), wanted))
    ]


def _has_all(text: str, wanted: Iterable[str]) -> bool:
    return all(word in text for word in wanted)


def _is_address(words: str) -> bool:
    try:
        ip_address(words.strip())
    except ValueError:
        return False
    return True


# --- what they name ---


def _rows(
    tx: Tx, found: Sequence[Found], opens: Collection[tuple[str, str]], known: Collection[int] | None = None
) -> list[Row]:
    """The events with their names, in one question for all people and one for all organisations."""
    events = [event for event, _address in found]
    people = _people(tx, events)
    by_id = {key: named for key, named in people.items() if isinstance(key, int) and (known is None or key in known)}
    names = {key: named.name for key, named in by_id.items()}
    organisations = _organisations(tx, {event.organisation_id for event in events if event.organisation_id})
    return [
        Row(
            event=event,
            what=words_of(event.action),
            details=details_in_words(event.details, names),
            person=by_id.get(event.account_id) if event.account_id else None,
            organisation=organisations.get(event.organisation_id) if event.organisation_id else None,
            about=people.get(event.record_ref) if event.record_kind == "account" else None,
            opens=(event.record_kind, page_ref(event)) in opens,
            address=address or "",
            is_erased=bool(event.origin) and address is None,
        )
        for event, address in found
    ]


def _people(tx: Tx, events: Iterable[AuditEvent]) -> dict[int | str, Named]:
    """The people that the events name, by the number of their account and by its reference."""
    numbers: set[int] = set()
    refs: set[str] = set()
    for event in events:
        numbers.update(people_in(event.details), [event.account_id] if event.account_id else [])
        refs.update([event.record_ref] if event.record_kind == "account" else [])
    query = select(Account.id, Account.ref, Account.name).where(or_(_among(Account.id, numbers), Account.ref.in_(refs)))
    found: dict[int | str, Named] = {}
    for key, ref, name in tx.execute(query):
        found[key] = found[ref] = Named(ref, name)
    return found


def _organisations(tx: Tx, numbers: Collection[int]) -> dict[int, Named]:
    columns = (Organisation.id, Organisation.ref, Organisation.name, Organisation.language)
    rows = tx.execute(select(*columns).where(_among(Organisation.id, numbers)))
    return {key: Named(ref, name, language) for key, ref, name, language in rows}


def page_ref(event: AuditEvent) -> str:
    """The reference in the address of the page on which the record stands: a session's is its course's."""
    if event.record_kind not in PART_OF:
        return event.record_ref
    return str(event.details.get(PART_OF[event.record_kind][1], ""))


def _openable(tx: Tx, reader: Actor, events: Iterable[AuditEvent]) -> set[tuple[str, str]]:
    """Those of the records whose page this reader may open at this moment, in one question for each kind."""
    wanted: dict[str, set[str]] = {}
    for event in events:
        wanted.setdefault(event.record_kind, set()).add(page_ref(event))
    found = {("organisation", ref) for ref in wanted.get("organisation", ())}
    for kind, refs in wanted.items():
        model = model_of(PART_OF.get(kind, (kind, ""))[0])
        if model is not None:
            query = select(model.ref).where(model.ref.in_(refs), _visible(reader, model))
            found |= {(kind, ref) for ref in tx.scalars(query)}
    return found


def _visible(reader: Actor, model: type[Any]) -> ColumnElement[bool]:
    if model is Pledge:
        return is_pledge_shown(reader)
    return visible_to(reader, model)
