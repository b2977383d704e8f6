"""Reading needs: one, several, its versions; always through what the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, may_see_field, readable, visible_to
from app.foundation.paging import Page
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.needs.models import Need, NeedIndicator, NeedLine, NeedTag, NeedVersion
from app.needs.snapshots import without


def find_need(tx: Tx, reader: Actor, ref: str) -> Need | None:
    """The need with that reference, if the reader may see it."""
    return tx.scalar(readable(reader, Need).where(Need.ref == ref))


def find_need_whole(tx: Tx, reader: Actor, ref: str) -> Need | None:
    """The need with everything that its page shows."""
    query = readable(reader, Need).where(Need.ref == ref)
    return tx.scalar(
        query.options(
            selectinload(Need.organisation),
            selectinload(Need.indicators).selectinload(NeedIndicator.results),
        )
    )


def find_indicator(tx: Tx, reader: Actor, need_ref: str, ref: str) -> NeedIndicator | None:
    """An indicator of a need that the reader may see."""
    query = select(NeedIndicator).join(Need).where(Need.ref == need_ref, NeedIndicator.ref == ref)
    return tx.scalar(query.where(visible_to(reader, Need)))


def needs_by_ids(tx: Tx, reader: Actor, ids: Sequence[int]) -> dict[int, Need]:
    """The needs with these numbers that the reader may see, by number."""
    rows = tx.scalars(readable(reader, Need).where(Need.id.in_(ids)).options(selectinload(Need.organisation)))
    return {need.id: need for need in rows}


def list_needs(tx: Tx, reader: Actor, filters: Mapping[str, Any], page: int, size: int) -> Page[Need]:
    """Needs by country, theme, kind (one code or several), organisation_id or statuses, newest first."""
    query = readable(reader, Need)
    for facet in ("country", "theme", "kind"):
        if filters.get(facet):
            codes = [filters[facet]] if isinstance(filters[facet], str) else filters[facet]
            query = query.where(has_code(Need, facet, codes))
    if filters.get("organisation_id"):
        query = query.where(Need.organisation_id == filters["organisation_id"])
    if filters.get("statuses"):
        query = query.where(Need.status.in_(filters["statuses"]))
    total = tx.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Need.posted_at.desc(), Need.id.desc()).options(selectinload(Need.organisation))
    return Page(list(tx.scalars(ordered.offset((page - 1) * size).limit(size))), page, total, size)


def codes_in_use(tx: Tx, reader: Actor, facet: str) -> list[str]:
    """The codes of one list that needs carry which the reader may see."""
    query = select(NeedTag.value).join(Need, Need.id == NeedTag.record_id).where(NeedTag.facet == facet)
    return list(tx.scalars(query.where(visible_to(reader, Need)).distinct().order_by(NeedTag.value)))


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
