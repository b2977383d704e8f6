"""Finding organisations: the list that anybody may read, the secretariat's queue, and those that may be the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from app.foundation.audit import AuditEvent, history_of
from app.foundation.db import Tx
from app.foundation.messages import Message
from app.foundation.paging import PAGE_SIZE, Page, page_number
from app.foundation.permissions import STATUSES_THAT_COUNT, Actor
from app.foundation.references import tidy_reference
from app.organisations.models import Organisation
from app.organisations.rules import LISTED, PAST, Identity, flat, likeness


def organisation_by_ref(tx: Tx, ref: str) -> Organisation | None:
    """The organisation with this reference, whatever its status; pages use `readable_organisation`."""
    return tx.scalar(select(Organisation).where(Organisation.ref == ref))


def organisation_by_id(tx: Tx, organisation_id: int) -> Organisation | None:
    """The organisation with this number, whatever its status."""
    return tx.get(Organisation, organisation_id)


def organisation_with_identifier(tx: Tx, identifier: str) -> Organisation | None:
    """The organisation that has this IATI identifier, whatever its status."""
    if not identifier:
        return None
    return tx.scalar(select(Organisation).where(Organisation.iati_identifier == identifier))


def namesakes(tx: Tx, name: str) -> list[Organisation]:
    """Listed organisations one of whose names is this one, but for accents and capitals; verified ones first.

    They may be the same or not: that is for a person to say.
    """
    wanted = flat(name)
    columns = (Organisation.id, Organisation.name, Organisation.names, Organisation.former_names, Organisation.acronym)
    rows = tx.execute(select(*columns).where(Organisation.status.in_(LISTED)).order_by(Organisation.id))
    ids = [
        number
        for number, own, names, former, acronym in rows
        if wanted and wanted in {flat(each) for each in (own, *(names or {}).values(), *former, acronym) if each}
    ]
    return sorted(_in_order(tx, ids), key=lambda one: (one.status not in STATUSES_THAT_COUNT, one.id))


def readable_organisation(tx: Tx, reader: Actor, ref: str) -> Organisation | None:
    """The organisation, if it is listed or the reader is of the secretariat or of the organisation itself."""
    organisation = organisation_by_ref(tx, ref)
    if organisation is None:
        return None
    own = organisation.id in reader.organisation_ids
    may = reader.is_system or reader.is_secretariat or own or organisation.status in LISTED
    return organisation if may else None


def verified_organisations(tx: Tx) -> list[Organisation]:
    """Every verified organisation, by name, for pickers; the secretariat is not among them."""
    return list(tx.scalars(_verified()))


def verified_names(tx: Tx) -> list[tuple[int, str]]:
    """Number and name of the same: there are thousands, and a form asks no more of them."""
    query = _verified().with_only_columns(Organisation.id, Organisation.name)
    return [(number, name) for number, name in tx.execute(query)]


def _verified() -> Select[Organisation]:
    counted = select(Organisation).where(Organisation.status.in_(STATUSES_THAT_COUNT))
    return counted.where(Organisation.kind != "secretariat").order_by(Organisation.folded_name, Organisation.id)


def national_of(tx: Tx, country: str | None) -> Organisation | None:
    """The national focal point of a State (ISO 3166-1 alpha-2), if it has one that may act."""
    query = select(Organisation).where(
        Organisation.country == country, Organisation.is_national, Organisation.status.in_(STATUSES_THAT_COUNT)
    )
    return tx.scalar(query)


def passing_of(tx: Tx, countries: Iterable[str]) -> dict[str, Organisation]:
    """The national focal points that want to see needs for these States first, by ISO country code."""
    query = select(Organisation).where(
        Organisation.country.in_(list(countries)),
        Organisation.is_national,
        Organisation.passing != "none",
        Organisation.status.in_(STATUSES_THAT_COUNT),
    )
    return {str(one.country): one for one in tx.scalars(query)}


def merged_into(tx: Tx, ref: str) -> Organisation | None:
    """The organisation that took over the record with this reference, if it was merged."""
    gone = organisation_by_ref(tx, ref)
    while gone is not None and gone.merged_into_id is not None:
        gone = tx.get(Organisation, gone.merged_into_id)
    return gone if gone is not None and gone.ref != ref else None


def waiting_applications(tx: Tx) -> list[Organisation]:
    """Applications without an answer, the one that has waited longest first."""
    query = select(Organisation).where(Organisation.status == "applied").order_by(Organisation.created_at)
    return list(tx.scalars(query.order_by(Organisation.id)))


def offices(tx: Tx) -> list[Organisation]:
    """The offices that run the site: whom to write to about what only the secretariat may change."""
    query = select(Organisation).where(Organisation.kind == "secretariat", Organisation.status.in_(STATUSES_THAT_COUNT))
    return list(tx.scalars(query.order_by(Organisation.id)))


PART = 500
"""So many are read at once: databases take no list of any length."""


@dataclass(frozen=True)
class Wanted:
    """What a reader of the list asks for: kinds, ISO countries, words in any of the names."""

    kinds: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Listing:
    """One page of the list, and how many there are of each kind and country when that filter is left out."""

    page: Page[Organisation]
    kinds: Counter[str]
    countries: Counter[str]


@dataclass(frozen=True)
class _Row:
    id: int
    kind: str
    country: str | None
    status: str
    sort: str
    text: str


def list_organisations(tx: Tx, wanted: Wanted, page: str | None, size: int = PAGE_SIZE) -> Listing:
    """The organisations that anybody may see: those that are verified first, then by name."""
    rows = _with_words(tx, wanted)
    of_kind = [row for row in rows if not wanted.kinds or row.kind in wanted.kinds]
    of_country = [row for row in rows if not wanted.countries or row.country in wanted.countries]
    both = [row for row in of_kind if not wanted.countries or row.country in wanted.countries]
    both.sort(key=lambda row: (row.status not in STATUSES_THAT_COUNT, row.sort, row.id))
    number = page_number(page, len(both), size)
    shown = both[(number - 1) * size : number * size]
    return Listing(
        page=Page(_in_order(tx, [row.id for row in shown]), number, len(both), size),
        kinds=Counter(row.kind for row in of_country),
        countries=Counter(row.country for row in of_kind if row.country),
    )


def wanted_organisations(tx: Tx, wanted: Wanted) -> Select[Organisation]:
    """All organisations that a list with these filters holds, in no order."""
    query = select(Organisation).where(Organisation.status.in_(LISTED))
    query = query.where(Organisation.kind.in_(wanted.kinds)) if wanted.kinds else query
    query = query.where(Organisation.country.in_(wanted.countries)) if wanted.countries else query
    return query.where(Organisation.id.in_([row.id for row in _with_words(tx, wanted)])) if wanted.words else query


def _with_words(tx: Tx, wanted: Wanted) -> list[_Row]:
    words = flat(wanted.words).split()
    return [row for row in _rows(tx) if all(word in row.text for word in words)]


def _rows(tx: Tx) -> list[_Row]:
    # Words are compared in Python, since SQLite folds no accents; these are a few thousand short rows at most.
    columns = (
        Organisation.id,
        Organisation.kind,
        Organisation.country,
        Organisation.status,
        Organisation.folded_name,
        Organisation.names,
        Organisation.acronym,
    )
    return [
        _Row(key, kind, country, status, name, flat(" ".join([name, acronym, *(names or {}).values()])))
        for key, kind, country, status, name, names, acronym in tx.execute(
            select(*columns).where(Organisation.status.in_(LISTED))
        )
    ]


def _in_order(tx: Tx, ids: Sequence[int]) -> list[Organisation]:
    parts = (ids[start : start + PART] for start in range(0, len(ids), PART))
    found = {o.id: o for part in parts for o in tx.scalars(select(Organisation).where(Organisation.id.in_(part)))}
    return [found[key] for key in ids]


@dataclass(frozen=True)
class Likely:
    """An organisation that may be the one applied for, and why."""

    organisation: Organisation
    why: Message

    @property
    def is_listed(self) -> bool:
        """Whether the applicant may be told which one it is; of another's application only that there is one."""
        return self.organisation.status in LISTED


def near_duplicates(tx: Tx, identity: Identity) -> list[Likely]:
    """Organisations that look like this one, refused applications left out; at most ten."""
    columns = (
        Organisation.id,
        Organisation.name,
        Organisation.names,
        Organisation.country,
        Organisation.email_domain,
        Organisation.iati_identifier,
        Organisation.former_names,
    )
    reasons: dict[int, Message] = {}
    for key, name, names, country, domain, identifier, former in tx.execute(
        select(*columns).where(Organisation.status.not_in(("refused", "merged"))).order_by(Organisation.id)
    ):
        other = Identity((name, *(names or {}).values(), *former), country, domain, identifier)
        why = likeness(identity, other)
        if why is not None:
            reasons[key] = why
    ids = list(reasons)[:10]
    return [Likely(organisation, reasons[organisation.id]) for organisation in _in_order(tx, ids)]


def history(tx: Tx, organisation: Organisation) -> list[tuple[AuditEvent, Message]]:
    """What has happened to the organisation itself, newest first, each with its words."""
    gone = select(Organisation.ref).where(Organisation.merged_into_id == organisation.id)
    events = [event for ref in (organisation.ref, *tx.scalars(gone)) for event in history_of(tx, ref)]
    events.sort(key=lambda event: event.id, reverse=True)
    return [(event, PAST[event.action]) for event in events if event.action in PAST]


def names_by_ref(tx: Tx, refs: Iterable[str]) -> dict[str, str]:
    """Names of organisations by reference; an organisation's name is public."""
    query = select(Organisation.ref, Organisation.name).where(Organisation.ref.in_(list(refs)))
    return {ref: name for ref, name in tx.execute(query)}  # noqa: C416 - dict() takes a result for a mapping


def organisations_called(tx: Tx, reader: Actor, typed: str) -> list[str]:
    """References of the organisations that this reader may see and that have this reference, name or acronym.

    Where none has it whole, those whose names have its words.
    """
    listed = or_(Organisation.status.in_(LISTED), Organisation.id.in_(reader.organisation_ids))
    query = select(Organisation.ref, Organisation.name, Organisation.names, Organisation.acronym).where(listed)
    named = {ref: [flat(text) for text in (name, acronym, *(names or {}).values()) if text]
             for ref, name, names, acronym in tx.execute(query.order_by(Organisation.id))}  # fmt: skip
    if (ref := tidy_reference(typed)) in named:
        return [ref]
    words = flat(typed)
    whole = [ref for ref, names in named.items() if words in names]
    return whole or [ref for ref, names in named.items() if words and any(f" {words} " in f" {n} " for n in names)]
