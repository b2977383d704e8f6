"""Reading what a programme has to give, and what pledges draw from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.money import Money
from app.foundation.permissions import SYSTEM
from app.needs.models import NeedLine
from app.pledges.drawing import Capacity, Draw, Envelope, Free, free
from app.pledges.models import Contribution, Pledge, PledgeLine
from app.pledges.queries import is_confirmed, money_of
from app.pledges.rules import RUNNING
from app.programmes.models import Programme
from app.reference.rates.queries import rates_on

TAKING = RUNNING | {"delivered"}


def held_programme(tx: Tx, programme_id: int) -> Programme:
    """Hold the programme's row until the transaction ends, and read it as it stands now.

    Whoever holds a need's row too holds that one first, so that no two wait for each other.
    """
    held = readable(SYSTEM, Programme).where(Programme.id == programme_id).with_for_update(of=Programme)
    return tx.scalars(held.execution_options(populate_existing=True)).one()


def envelope_of(programme: Programme) -> Envelope:
    """What the programme says it has to give."""
    capacity: dict[Capacity, Decimal] = defaultdict(Decimal)
    for offer in programme.offers:
        if offer.quantity is not None and offer.unit:
            capacity[offer.kind, offer.unit] += offer.quantity
    return Envelope(programme.budget, dict(capacity))


def drawn_from(tx: Tx, programme_id: int) -> list[Draw]:
    """What accepted pledges take from the programme: what they promise while they run, afterwards what arrived."""
    query = (
        readable(SYSTEM, Pledge)
        .where(Pledge.programme_id == programme_id, Pledge.accepted_at.is_not(None))
        .options(selectinload(Pledge.lines).selectinload(PledgeLine.contributions))
    )
    pledges = list(tx.scalars(query.order_by(Pledge.id)))
    return [draw for pledge in pledges for draw in draws_of(tx, pledge)]


def draws_of(tx: Tx, pledge: Pledge) -> list[Draw]:
    """What one pledge takes from its programme."""
    ids = [line.need_line_id for line in pledge.lines]
    # disclosure: kind and unit alone, to reckon with; whoever is shown a figure of a programme owns it.
    lines = {line.id: line for line in tx.scalars(select(NeedLine).where(NeedLine.id.in_(ids)))}
    takes_whole = pledge.status in TAKING or pledge.accepted_at is None
    found: list[Draw] = []
    for line in pledge.lines:
        need_line = lines[line.need_line_id]
        parts = [(line.quantity, line.money)] if takes_whole else _arrived(line.contributions)
        found += [Draw(need_line.kind, need_line.unit, quantity, money) for quantity, money in parts]
    return found


def _arrived(contributions: Iterable[Contribution]) -> list[tuple[Decimal | None, Money | None]]:
    return [(part.quantity, money_of(part)) for part in contributions if is_confirmed(part)]


def still_free(tx: Tx, programme: Programme, today: date, besides: Iterable[Draw] = ()) -> Free:
    """What is left of the programme once every accepted pledge, and `besides`, has drawn from it."""
    return free(envelope_of(programme), [*drawn_from(tx, programme.id), *besides], converter(tx, today))


def converter(tx: Tx, today: date) -> Callable[[Money, str], Money | None]:
    """Gives an amount in another currency at the rates of the day, or none where there is no rate."""
    table = rates_on(tx, today)

    def convert(money: Money, currency: str) -> Money | None:
        converted = table.convert(money, currency)
        return converted.money if converted else None

    return convert
