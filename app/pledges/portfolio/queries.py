"""Reading a portfolio: the pledges that an organisation gives or receives, or all, as far as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select
from sqlalchemy.orm import selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import Actor
from app.needs.models import Need
from app.pledges.models import Pledge
from app.pledges.portfolio.rules import Standing, state_of, warnings_of
from app.pledges.queries import WHOLE, Sight, is_confirmed, money_of, shown, sight_of
from app.pledges.showing import due_day, overdue_of

SIDES = ("given", "received", "all")


@dataclass(frozen=True)
class Row:
    """One pledge of a portfolio, as its reader may see it."""

    pledge: Pledge
    sight: Sight
    need: Need | None
    standing: Standing
    state: str
    warnings: tuple[str, ...]


def sides_of(reader: Actor) -> list[str]:
    """Which portfolios this reader has: of those that pledge, of those that ask, and for the office all of them."""
    kinds = {membership.organisation_kind for membership in reader.memberships}
    found = ["given"] if kinds - {"secretariat", "ngo"} else []
    found += ["received"] if kinds & {"state", "regional", "centre"} else []
    return [*found, "all"] if reader.is_secretariat or not found else found


def portfolio(tx: Tx, reader: Actor, side: str, today: date) -> list[Row]:
    """The pledges of one side, the latest first."""
    pledges = list(tx.scalars(of_side(reader, side).order_by(Pledge.id.desc()).options(*WHOLE)))
    ids = {pledge.need_id for pledge in pledges}
    query = readable(reader, Need).where(Need.id.in_(ids)).options(selectinload(Need.organisation))
    needs = {need.id: need for need in tx.scalars(query)}
    return [_row(tx, reader, pledge, needs.get(pledge.need_id), today) for pledge in pledges]


def of_side(reader: Actor, side: str) -> Select[Pledge]:
    """The pledges of one side that this reader may see, in no order."""
    ids = list(reader.organisation_ids)
    query = shown(reader)
    if side == "given":
        return query.where(Pledge.organisation_id.in_(ids))
    return query.where(Pledge.need_organisation_id.in_(ids)) if side == "received" else query


def _row(tx: Tx, reader: Actor, pledge: Pledge, need: Need | None, today: date) -> Row:
    sight = sight_of(tx, reader, pledge)
    standing = standing_of(pledge, need, sight, today)
    return Row(pledge, sight, need, standing, state_of(standing), warnings_of(standing, today))


def standing_of(pledge: Pledge, need: Need | None, sight: Sight, today: date) -> Standing:
    """A pledge as the rules of the portfolio see it; without its amounts where the reader may not see them."""
    if not sight.amount:
        return Standing(pledge.status, pledge.accepted_at is not None, expires_on=pledge.expires_on)
    parts = [part for line in pledge.lines for part in line.contributions]
    arrived = [money_of(part) for part in parts if is_confirmed(part)]
    return Standing(
        status=pledge.status,
        is_accepted=pledge.accepted_at is not None,
        promised=tuple(line.money for line in pledge.lines if line.money),
        arrived=tuple(money for money in arrived if money),
        expires_on=pledge.expires_on,
        due_on=_due_on(pledge, need),
        overdue=tuple(overdue_of(pledge, today)),
        is_disputed=any(part.is_disputed for part in parts),
    )


def _due_on(pledge: Pledge, need: Need | None) -> date | None:
    lines = {line.id: line for line in need.lines} if need else {}
    days = [
        due_day(pledge, lines[line.need_line_id], need) for line in pledge.lines if need and line.need_line_id in lines
    ]
    return max((day for day in days if day), default=None)


def only(rows: Sequence[Row], wanted: str) -> list[Row]:
    """The rows that one filter holds; all of them without one."""
    return [row for row in rows if not wanted or wanted == row.state or wanted in row.warnings]


def standings(rows: Iterable[Row]) -> list[Standing]:
    """What is summed up."""
    return [row.standing for row in rows]
