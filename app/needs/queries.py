"""Reading needs: one, several, its versions; always through what the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.foundation.confirming import CONFIRMED, confirmed_in_time
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, find_readable, may_see_field, readable, visible_to
from app.foundation.kept.lists import Wanted
from app.foundation.paging import Numbers, Page, in_parts, numbers_on
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.needs.models import Need, NeedIndicator, NeedLine, NeedTag, NeedText, NeedVersion
from app.needs.snapshots import without


def find_need(tx: Tx, reader: Actor, ref: str) -> Need | None:
    """The need with that reference, if the reader may see it."""
    return find_readable(tx, reader, Need, ref)


def find_need_whole(tx: Tx, reader: Actor, ref: str) -> Need | None:
    """The need with everything that its page shows."""
    need = find_need(tx, reader, ref)
    if need is not None:
        query = select(NeedIndicator).where(NeedIndicator.need_id == need.id).order_by(NeedIndicator.position)
        set_committed_value(need, "indicators", tx.scalars(query.options(selectinload(NeedIndicator.results))).all())
    return need


def find_indicator(tx: Tx, reader: Actor, need_ref: str, ref: str) -> NeedIndicator | None:
    """An indicator of a need that the reader may see."""
    query = select(NeedIndicator).join(Need).where(Need.ref == need_ref, NeedIndicator.ref == ref)
    return tx.scalar(query.where(visible_to(reader, Need)))


def needs_by_ids(tx: Tx, reader: Actor, ids: Sequence[int]) -> dict[int, Need]:
    """The needs with these numbers that the reader may see, by number."""
    query = readable(reader, Need).options(selectinload(Need.organisation))
    return {need.id: need for some in in_parts(ids) for need in tx.scalars(query.where(Need.id.in_(some)))}


def needs_of(tx: Tx, reader: Actor, organisation_id: int) -> list[Need]:
    """The needs of one organisation that the reader may see, whole, the newest first."""
    query = readable(reader, Need).where(Need.organisation_id == organisation_id).order_by(Need.id.desc())
    return list(tx.scalars(query.options(selectinload(Need.organisation), selectinload(Need.indicators))))


@dataclass(frozen=True)
class NeedFilters:
    """What a list of needs is narrowed to: codes by facet (country, theme, kind), statuses, and words of the title.

    `confirmed_on` is the day on which nobody is to wait for the word of their authors.
    """

    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    statuses: Sequence[str] = ()
    words: str = ""
    confirmed_on: date | None = None

    def __hash__(self) -> int:
        codes = frozenset((facet, tuple(some)) for facet, some in self.codes.items())
        return hash((codes, tuple(self.statuses), self.words, self.confirmed_on))


CODED = ("country", "theme", "kind")
"""Facets whose codes stand on the need itself."""

SORTS: Mapping[str, Any] = {
    "newest": Need.posted_at.desc(),
    "deadline": Need.offers_due_on.asc().nulls_last(),
    "wanted": Need.ends_on.asc().nulls_last(),
    "changed": Need.changed_at.desc(),
}
"""How a list of needs may be ordered; whatever is equal stands newest first."""


def wanted_needs(reader: Actor, filters: NeedFilters) -> Select[Need]:
    """All needs that a list with these filters holds for this reader, in no order."""
    return _narrowed(readable(reader, Need), filters).options(selectinload(Need.organisation))


def list_needs(tx: Tx, reader: Actor, wanted: Wanted[NeedFilters]) -> Page[Need]:
    """A page of the needs that the filters leave, in one of SORTS."""
    numbers = numbers_of(tx, reader, wanted)
    return numbers.page_of(needs_by_ids(tx, reader, numbers.on_page), wanted.size)


def numbers_of(tx: Tx, reader: Actor, wanted: Wanted[NeedFilters]) -> Numbers:
    """Which needs stand on that page."""
    query = _narrowed(readable(reader, Need).with_only_columns(Need.id), wanted.filters)
    order = [SORTS[wanted.sort], Need.posted_at.desc(), Need.id.desc()]
    return numbers_on(tx, query, order, wanted.page, wanted.size)


def count_needs(tx: Tx, reader: Actor, filters: NeedFilters) -> int:
    """How many needs a list with these filters holds for this reader."""
    query = readable(reader, Need).with_only_columns(func.count(), maintain_column_froms=True)
    return tx.scalar(_narrowed(query, filters)) or 0


def _narrowed(query: Select[Any], filters: NeedFilters, but: str = "") -> Select[Any]:
    for facet, codes in filters.codes.items():
        if codes and facet != but:
            query = query.where(has_code(Need, facet, codes))
    if filters.statuses and but != "status":
        query = query.where(Need.status.in_(filters.statuses))
    if filters.confirmed_on and but != "confirmed":
        query = query.where(confirmed_in_time(Need, filters.confirmed_on))
    for word in filters.words.split():
        other = select(NeedText.need_id).where(NeedText.need_id == Need.id, _has_word(NeedText.title, word))
        query = query.where(or_(_has_word(Need.title, word), other.exists()))
    return query


def _has_word(column: Any, word: str) -> Any:
    return column.icontains(word, autoescape=True)


def count_facets(tx: Tx, reader: Actor, filters: NeedFilters, today: date) -> Mapping[str, Mapping[str, int]]:
    """For each facet, how many needs each of its values would leave beside the other filters."""
    confirmed = count_needs(tx, reader, replace(filters, confirmed_on=today))
    return {**count_by(tx, reader, filters, ("status", *CODED)), "confirmed": dict.fromkeys(CONFIRMED, confirmed)}


def count_by(tx: Tx, reader: Actor, filters: NeedFilters, facets: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """For each facet how many needs that a reader may see carry each of its codes, or stand in each status.

    A facet counts with all filters but its own.
    """
    found: dict[str, dict[str, int]] = {facet: {} for facet in facets}
    if "status" in found:
        query: Any = select(Need.status, func.count()).where(visible_to(reader, Need)).group_by(Need.status)
        found["status"] = {row[0]: row[1] for row in tx.execute(_narrowed(query, filters, but="status"))}
    coded = [facet for facet in facets if facet != "status"]
    # Where nothing is chosen of a facet, all filters hold for it: such ones are counted together.
    free = [facet for facet in coded if not filters.codes.get(facet)]
    for together in [free, *([facet] for facet in coded if facet not in free)]:
        if together:
            # Another name for the table: the filters ask it too, of the same need.
            tag = aliased(NeedTag)
            query = select(tag.facet, tag.value, func.count()).join(Need, Need.id == tag.record_id)
            query = query.where(tag.facet.in_(together), visible_to(reader, Need)).group_by(tag.facet, tag.value)
            for facet, code, many in tx.execute(_narrowed(query, filters, but=together[0])):
                found[facet][code] = many
    return found


@dataclass(frozen=True)
class PastVersion:
    """A version as a reader may see it: its number, when it was posted (UTC), and its words."""

    number: int
    saved_at: datetime
    snapshot: dict[str, Any]


def versions_of(tx: Tx, reader: Actor, need: Need) -> list[PastVersion]:
    """The posted versions of a need, newest first, as far as this reader could see each and may see the need now.

    A version that was written for fewer people stays theirs when the need is opened to more. A field that the reader
    may not see in one of the versions is left out of all, so that nothing follows from comparing them.
    """
    query = select(NeedVersion).where(NeedVersion.need_id == need.id).order_by(NeedVersion.number.desc())
    named = audience_of(tx, need)
    posted = [(row, _as_posted(need, row)) for row in tx.scalars(query)]
    shown = [(row, was) for row, was in posted if reader.is_secretariat or may_see_field(reader, was, "", named)]
    hidden = {
        field
        for record in [need, *(was for _row, was in shown)]
        for field in need.sensitive_fields
        if not may_see_field(reader, record, field, named)
    }
    return [PastVersion(row.number, row.saved_at, without(row.snapshot, hidden)) for row, _was in shown]


def _as_posted(need: Need, row: NeedVersion) -> Need:
    tiers = {"disclosure": row.snapshot["disclosure"], "field_disclosure": row.snapshot["field_disclosure"]}
    return Need(organisation_id=need.organisation_id, **tiers)


def visible_fields(tx: Tx, reader: Actor, need: Need) -> dict[str, bool]:
    """For each sensitive field, whether this reader may see it."""
    named = audience_of(tx, need)
    return {field: may_see_field(reader, need, field, named) for field in need.sensitive_fields}


def lines_by_ids(tx: Tx, reader: Actor, ids: Sequence[int]) -> dict[int, NeedLine]:
    """Need lines by number, of needs that the reader may see."""
    query = select(NeedLine).join(Need).where(NeedLine.id.in_(ids), visible_to(reader, Need))
    return {line.id: line for line in tx.scalars(query)}
