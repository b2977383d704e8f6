"""What the table of who does what where is made of, as far as one reader may see it: programmes and pledges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import selectinload

from app.exchange.hxl.rules import ALL_YEARS, Activity, Place, Wanted, with_areas
from app.exchange.iati_out.names import OTHER, TYPE_OF_KIND
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, may_see_field, readable
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.needs.models import Need
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.pledges.queries import WHOLE, shown, sight_of
from app.pledges.rules import RUNNING as RUNNING_PLEDGES
from app.programmes.models import Programme
from app.programmes.rules import CANCELLED, CLOSED, IMPLEMENTATION, RUNNING, SUSPENDED

LOT = 200
"""So many records are held at once."""
DELIVERED = "delivered"
ADM1 = "adm1"


@dataclass(frozen=True)
class Asking:
    """Who asks for what, on which day, and how addresses are made."""

    reader: Actor
    wanted: Wanted
    today: date
    address: Callable[[str, str], str]


def activities(tx: Tx, asking: Asking) -> Iterator[Activity]:
    """The programmes and then the accepted pledges that this reader may see, in the order in which they came."""
    yield from _programmes(tx, asking)
    yield from _pledges(tx, asking)


def _days(asking: Asking) -> tuple[date, date] | None:
    """The days that are wanted; None for all."""
    if asking.wanted.year == ALL_YEARS:
        return None
    year = asking.wanted.year
    return (date(int(year), 1, 1), date(int(year), 12, 31)) if year else (asking.today, asking.today)


def _programmes(tx: Tx, asking: Asking) -> Iterator[Activity]:
    query = readable(asking.reader, Programme).where(Programme.is_published, *_lives(asking))
    if asking.wanted.theme:
        query = query.where(has_code(Programme, "theme", [asking.wanted.theme]))
    ids = list(tx.scalars(query.with_only_columns(Programme.id).order_by(Programme.id)))
    for begin in range(0, len(ids), LOT):
        some = readable(asking.reader, Programme).where(Programme.id.in_(ids[begin : begin + LOT]))
        for row in tx.scalars(some.options(selectinload(Programme.organisation)).order_by(Programme.id)):
            yield _of_programme(tx, row, asking)


def _lives(asking: Asking) -> list[ColumnElement[bool]]:
    if (days := _days(asking)) is None:
        return []
    ended = or_(Programme.ends_on.is_(None), Programme.ends_on >= days[0])
    if not asking.wanted.year:
        return [Programme.status.in_(RUNNING), ended]
    begun = or_(Programme.starts_on.is_(None), Programme.starts_on <= days[1])
    return [Programme.status.not_in((CANCELLED, SUSPENDED)), and_(begun, ended)]


def _of_programme(tx: Tx, row: Programme, asking: Asking) -> Activity:
    sees_budget = may_see_field(asking.reader, row, "budget", audience_of(tx, row) if row.field_disclosure else ())
    return Activity(
        **_owner(row.organisation), kind="programme", ref=row.ref, title=row.title,
        address=asking.address("programmes.page", row.ref), status=row.status, themes=_coded(row, "theme"),
        places=_places(row), kinds=row.codes("kind"), starts_on=row.starts_on, ends_on=row.ends_on,
        amount=row.budget_amount if sees_budget and row.currency else None,
        currency=row.currency if sees_budget and row.budget_amount is not None else "",
    )  # fmt: skip


def _owner(owner: Organisation) -> dict[str, Any]:
    return {
        "organisation": owner.name,
        "organisation_ref": owner.ref,
        "organisation_iati": owner.iati_identifier or "",
        "organisation_type": owner.iati_type or TYPE_OF_KIND.get(owner.kind, OTHER),
    }


def _coded(row: Any, facet: str) -> list[tuple[str, Decimal | None]]:
    return sorted((tag.value, tag.share) for tag in row.tags if tag.facet == facet)


def _places(row: Programme) -> list[tuple[Place, Decimal | None]]:
    countries = with_areas(_coded(row, "country"), row.codes(ADM1))
    groupings = [(Place(grouping=code), share) for code, share in _coded(row, "grouping")]
    return [*countries, *groupings] or with_areas(_coded(row, "likely_country"), ())


def _pledges(tx: Tx, asking: Asking) -> Iterator[Activity]:
    statuses = {*RUNNING_PLEDGES, DELIVERED} if asking.wanted.year else RUNNING_PLEDGES
    query = shown(asking.reader).where(Pledge.accepted_at.is_not(None), Pledge.status.in_(statuses))
    ids = list(tx.scalars(query.with_only_columns(Pledge.id).order_by(Pledge.id)))
    for begin in range(0, len(ids), LOT):
        some = shown(asking.reader).where(Pledge.id.in_(ids[begin : begin + LOT])).options(*WHOLE).order_by(Pledge.id)
        rows = list(tx.scalars(some))
        numbers = [row.need_id for row in rows]
        needs = {need.id: need for need in tx.scalars(readable(asking.reader, Need).where(Need.id.in_(numbers)))}
        for row in rows:
            if row.need_id in needs:
                yield from _of_pledge(tx, row, needs[row.need_id], asking)


def _of_pledge(tx: Tx, row: Pledge, need: Need, asking: Asking) -> Iterator[Activity]:
    """A pledge whose donor the reader may see, or nothing."""
    sight, accepted = sight_of(tx, asking.reader, row), row.accepted_at
    starts_on = need.starts_on or (accepted.date() if accepted else None)
    ends_on, days = need.ends_on or row.expires_on, _days(asking)
    meets = days is None or ((starts_on or days[1]) <= days[1] and (ends_on or days[0]) >= days[0])
    if not sight.donor or (asking.wanted.year and not meets):
        return
    money = {line.currency: Decimal(0) for line in row.lines if line.amount} if sight.amount else {}
    whole = sum((line.amount for line in row.lines if line.amount), Decimal(0)) if len(money) == 1 else None
    sees_place = bool(need.place) and may_see_field(asking.reader, need, "place", audience_of(tx, need))
    countries = [(Place(code, area=need.place if sees_place else ""), share) for code, share in _coded(need, "country")]
    lines = {line.id: line.kind for line in need.lines}
    yield Activity(
        **_owner(row.organisation), kind="pledge", ref=row.ref, title=need.title,
        address=asking.address("needs.page", need.ref), status=CLOSED if row.status == DELIVERED else IMPLEMENTATION,
        themes=_coded(need, "theme"), places=countries,
        kinds=sorted({lines[line.need_line_id] for line in row.lines if line.need_line_id in lines}),
        starts_on=starts_on, ends_on=ends_on, amount=whole, currency=next(iter(money)) if whole is not None else "",
    )  # fmt: skip
