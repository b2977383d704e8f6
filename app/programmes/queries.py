"""Reading programmes: one, several, the list with its facets, what a page shows of one; through what one may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import selectinload

from app.foundation.confirming import CONFIRMED, confirmed_in_time
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, find_readable, may_see_field, readable, visible_to
from app.foundation.kept.lists import Wanted
from app.foundation.paging import Numbers, Page, in_parts, numbers_on
from app.foundation.permissions import STATUSES_THAT_COUNT, Actor
from app.foundation.references import tidy_reference
from app.foundation.tags import has_code
from app.organisations.models import Organisation
from app.programmes import rules
from app.programmes.models import Programme, ProgrammeTag

SORTS = ("open", "deadline", "newest", "changed")
"""The orders of the list, the usual one first."""


@dataclass(frozen=True)
class ProgrammeFilters:
    """What a list is narrowed to; `words` have to stand in the title, `accepting` is yes, no or unknown."""

    words: str = ""
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    accepting: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()


def find_programme(tx: Tx, reader: Actor, ref: str) -> Programme | None:
    """The programme with that reference, if the reader may see it."""
    return find_readable(tx, reader, Programme, tidy_reference(ref))


def find_programme_to_change(tx: Tx, reader: Actor, ref: str) -> Programme | None:
    """The same, held until the transaction ends, so that two people's changes come one after the other."""
    query = readable(reader, Programme).where(Programme.ref == tidy_reference(ref))
    return tx.scalar(query.with_for_update(of=Programme).execution_options(populate_existing=True))


def find_programme_whole(tx: Tx, reader: Actor, ref: str) -> Programme | None:
    """The programme with everything that its page shows."""
    parts = (
        Programme.organisation, Programme.texts, Programme.participants, Programme.budgets, Programme.transactions,
        Programme.links,
    )  # fmt: skip
    query = readable(reader, Programme).where(Programme.ref == tidy_reference(ref))
    return tx.scalar(query.options(*[selectinload(part) for part in parts]))


def programmes_by_ids(tx: Tx, reader: Actor, ids: Sequence[int]) -> dict[int, Programme]:
    """The programmes with these numbers that the reader may see, by number."""
    query = readable(reader, Programme).options(selectinload(Programme.organisation))
    return {row.id: row for some in in_parts(ids) for row in tx.scalars(query.where(Programme.id.in_(some)))}


def open_offers(today: date) -> ColumnElement[bool]:
    """The criterion of rules.is_open_offer, for the database; a test keeps the two alike."""
    return and_(
        Programme.accepting == "yes",
        Programme.status.in_(rules.ASKABLE),
        or_(Programme.apply_by.is_(None), Programme.apply_by >= today),
        or_(Programme.ends_on.is_(None), Programme.ends_on >= today),
    )


def wanted_programmes(reader: Actor, filters: ProgrammeFilters, today: date) -> Select[Programme]:
    """All programmes that a list with these filters holds for this reader, in no order."""
    return _narrowed(readable(reader, Programme), filters, today).options(selectinload(Programme.organisation))


def list_programmes(tx: Tx, reader: Actor, wanted: Wanted[ProgrammeFilters]) -> Page[Programme]:
    """A page of the programmes that the filters leave, in one of SORTS."""
    numbers = numbers_of(tx, reader, wanted)
    return numbers.page_of(programmes_by_ids(tx, reader, numbers.on_page), wanted.size)


def numbers_of(tx: Tx, reader: Actor, wanted: Wanted[ProgrammeFilters]) -> Numbers:
    """Which programmes stand on that page."""
    query = _narrowed(readable(reader, Programme), wanted.filters, wanted.today).with_only_columns(Programme.id)
    order = [*_order(wanted.sort, wanted.today), Programme.id.desc()]
    return numbers_on(tx, query, order, wanted.page, wanted.size)


def _order(sort: str, today: date) -> list[Any]:
    offers = open_offers(today)
    if sort == "deadline":
        return [offers.desc(), Programme.apply_by.is_(None), Programme.apply_by]
    if sort == "changed":
        return [Programme.changed_at.desc()]
    return [Programme.posted_at.desc()] if sort == "newest" else [offers.desc(), Programme.posted_at.desc()]


def _narrowed(query: Select[Programme], filters: ProgrammeFilters, today: date) -> Select[Programme]:
    query = query.where(Programme.is_published)
    for word in filters.words.split():
        query = query.where(Programme.title.icontains(word, autoescape=True))
    for facet, codes in (("theme", filters.themes), ("kind", filters.kinds)):
        if codes:
            query = query.where(has_code(Programme, facet, codes))
    if filters.countries:
        here = [has_code(Programme, facet, filters.countries) for facet in ("country", "likely_country")]
        query = query.where(or_(*here))
    if filters.accepting:
        query = query.where(or_(*[_accepts(answer, today) for answer in filters.accepting]))
    if filters.confirmed:
        query = query.where(confirmed_in_time(Programme, today))
    return query


def _accepts(answer: str, today: date) -> ColumnElement[bool]:
    # Every programme is in one of the three: an offer now, one whose source does not say, or a record.
    silent = and_(Programme.accepting == "unknown", Programme.status.in_(rules.RUNNING))
    ways = {"yes": open_offers(today), "unknown": silent}
    return ways.get(answer, and_(not_(open_offers(today)), not_(silent)))


def count_facets(tx: Tx, reader: Actor, filters: ProgrammeFilters, today: date) -> dict[str, dict[str, int]]:
    """For each facet, how many programmes each of its values would leave beside the other filters."""
    return {
        "theme": _count_codes(tx, reader, "theme", replace(filters, themes=()), today),
        "kind": _count_codes(tx, reader, "kind", replace(filters, kinds=()), today),
        "country": _count_codes(tx, reader, "country", replace(filters, countries=()), today),
        "accepting": {
            answer: _count(tx, _narrowed(readable(reader, Programme), replace(filters, accepting=(answer,)), today))
            for answer in rules.ACCEPTING
        },
        "confirmed": {
            answer: _count(tx, _narrowed(readable(reader, Programme), replace(filters, confirmed=(answer,)), today))
            for answer in CONFIRMED
        },
    }


def _count(tx: Tx, query: Select[Programme]) -> int:
    return tx.scalar(select(func.count()).select_from(query.subquery())) or 0


def _count_codes(tx: Tx, reader: Actor, facet: str, filters: ProgrammeFilters, today: date) -> dict[str, int]:
    left = _narrowed(readable(reader, Programme), filters, today).with_only_columns(Programme.id)
    query = (
        select(ProgrammeTag.value, func.count().label("number"))
        .where(ProgrammeTag.facet == facet, ProgrammeTag.record_id.in_(left))
        .group_by(ProgrammeTag.value)
    )
    return {row.value: row.number for row in tx.execute(query)}


@dataclass(frozen=True)
class Beside:
    """What a programme's page shows beside the record itself.

    `related` gives the programmes that are here and may be seen, by IATI identifier; `sees` says for each sensitive
    field whether this reader may; `named` are the organisations of tier `named`, told only to the owner's people.
    """

    standing: rules.Standing
    totals: list[rules.Total]
    related: dict[str, Programme]
    sees: dict[str, bool]
    named: list[str]


def beside(tx: Tx, reader: Actor, programme: Programme, today: date) -> Beside:
    """Gather what the page shows beside the record."""
    named = audience_of(tx, programme)
    sees = {field: may_see_field(reader, programme, field, named) for field in programme.sensitive_fields}
    is_own = programme.organisation_id in reader.organisation_ids
    return Beside(
        standing=standing_of(programme, today),
        totals=rules.sum_transactions((t.kind, t.currency, t.amount) for t in programme.transactions),
        related=programmes_by_identifier(tx, reader, [link.identifier for link in programme.links]),
        sees=sees,
        named=names_of_organisations(tx, named) if is_own else [],
    )


def standing_of(programme: Programme, today: date) -> rules.Standing:
    """What this programme is to a reader today: an offer or a record."""
    return rules.standing(programme.accepting, programme.status, programme.apply_by, programme.ends_on, today)


def programmes_by_identifier(tx: Tx, reader: Actor, identifiers: Iterable[str]) -> dict[str, Programme]:
    """The programmes with these IATI identifiers that the reader may see."""
    query = select(Programme).where(visible_to(reader, Programme), Programme.iati_identifier.in_(list(identifiers)))
    return {str(programme.iati_identifier): programme for programme in tx.scalars(query)}


def names_of_organisations(tx: Tx, ids: Iterable[int]) -> list[str]:
    """Their names, sorted."""
    return list(tx.scalars(select(Organisation.name).where(Organisation.id.in_(list(ids))).order_by(Organisation.name)))


def organisations_to_name(tx: Tx) -> list[tuple[str, str]]:
    """(number, name) of every verified organisation, for the picker of those who may see a record."""
    query = select(Organisation).where(Organisation.status.in_(STATUSES_THAT_COUNT)).order_by(Organisation.name)
    return [(str(organisation.id), organisation.name) for organisation in tx.scalars(query)]


def named_on(tx: Tx, programme: Programme) -> list[str]:
    """The numbers of the organisations that a record names, as its form shows them."""
    return [str(organisation_id) for organisation_id in audience_of(tx, programme)]
