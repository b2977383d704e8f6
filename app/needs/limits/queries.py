"""Reading limits: one, a State's, a country's; always through what the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.paging import Page, page_number
from app.foundation.permissions import Actor
from app.foundation.references import tidy_reference
from app.needs.limits.models import Limit

SIZE = 20


def find_limit(tx: Tx, reader: Actor, ref: str) -> Limit | None:
    """The limit with that reference, if the reader may see it."""
    query = readable(reader, Limit).where(Limit.ref == tidy_reference(ref))
    return tx.scalar(query.options(joinedload(Limit.organisation)))


def wanted_limits(reader: Actor, countries: Collection[str]) -> Select[Limit]:
    """The limits that the reader may see, of these countries if any are named."""
    query = readable(reader, Limit)
    return query.where(Limit.country.in_(countries)) if countries else query


def list_limits(tx: Tx, reader: Actor, country: str, page: str | None) -> Page[Limit]:
    """A page of the limits that the reader may see, those in force first; of one country, if one is named."""
    query = wanted_limits(reader, [country] if country else [])
    total = tx.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = page_number(page, total, SIZE)
    ordered = query.order_by(Limit.status.desc(), Limit.starts_on.desc(), Limit.id.desc())
    shown = ordered.options(joinedload(Limit.organisation)).offset((number - 1) * SIZE).limit(SIZE)
    return Page(list(tx.scalars(shown)), number, total, SIZE)


def countries_with_limits(tx: Tx, reader: Actor) -> list[str]:
    """The countries that have limits which the reader may see, by code."""
    return sorted(tx.scalars(select(Limit.country).where(visible_to(reader, Limit)).distinct()))


def limits_of(tx: Tx, reader: Actor, organisation_id: int) -> list[Limit]:
    """The limits of one State's organisation that stand, the latest first."""
    query = readable(reader, Limit).where(Limit.organisation_id == organisation_id, Limit.status == "standing")
    return list(tx.scalars(query.order_by(Limit.starts_on.desc(), Limit.id.desc()).limit(SIZE)))


def standing_limits(
    tx: Tx, reader: Actor, first: date, last: date, countries: Iterable[str] | None = None
) -> list[Limit]:
    """The limits that hold on some day of a stretch, everywhere or in some countries, oldest first."""
    query = readable(reader, Limit).where(
        Limit.status == "standing",
        Limit.starts_on <= last,
        or_(Limit.ends_on.is_(None), Limit.ends_on >= first),
    )
    if countries is not None:
        query = query.where(Limit.country.in_(sorted(countries)))
    return list(tx.scalars(query.order_by(Limit.id).options(joinedload(Limit.organisation))))
