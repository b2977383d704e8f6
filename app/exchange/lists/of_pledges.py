"""Pledges and what was delivered of them as a table: one row for each line, as far as the reader sees it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.exchange.lists import columns as c
from app.exchange.lists.columns import Column
from app.foundation.languages import name_of, say
from app.foundation.messages import Message, msg
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import current_language, site, url_for
from app.needs.models import NeedLine
from app.pledges.models import Contribution, PledgeLine
from app.pledges.portfolio.queries import Row
from app.pledges.portfolio.rules import STATES, WARNINGS
from app.pledges.queries import is_confirmed
from app.pledges.rules import STATUS_NAMES


@dataclass(frozen=True)
class LineOfPledge:
    """One line of a pledge, with the row of the portfolio that it is of."""

    row: Row
    line: PledgeLine
    need_line: NeedLine | None
    is_first: bool


def lines_of(rows: Sequence[Row]) -> list[LineOfPledge]:
    """Every line of these pledges; a pledge without lines that one may see has one row all the same."""
    found = []
    for row in rows:
        asked = {line.id: line for line in row.need.lines} if row.need else {}
        for number, line in enumerate(row.pledge.lines):
            found.append(LineOfPledge(row, line, asked.get(line.need_line_id), number == 0))
    return found


def _of_pledge(head: Message, name: str) -> Column:
    return Column(head, lambda one: c.plain(getattr(one.row.pledge, name)))


def _amount(head: Message, read: Callable[[LineOfPledge], Any]) -> Column:
    """Something that tells how much, for readers who may know it."""
    return Column(head, lambda one: c.plain(read(one)) if one.row.sight.amount else None)


def _donor(head: Message, read: Callable[[Any], str]) -> Column:
    return Column(head, lambda one: read(one.row.pledge.organisation) if one.row.sight.donor else None)


def _need(head: Message, read: Callable[[Any], Cell]) -> Column:
    return Column(head, lambda one: read(one.row.need) if one.row.need else None)


def _line(head: Message, read: Callable[[NeedLine], Cell]) -> Column:
    return Column(head, lambda one: read(one.need_line) if one.need_line else None)


def _arrived(measure: str, *, both: bool) -> Callable[[LineOfPledge], Decimal | None]:
    """What was delivered of a line: what both sides confirm, or what only one of them has said."""

    def value(one: LineOfPledge) -> Decimal | None:
        if getattr(one.line, measure) is None:
            return None
        parts = [part for part in one.line.contributions if is_confirmed(part) is both]
        return sum((getattr(part, measure) or Decimal(0) for part in parts), Decimal(0))

    return value


def _last_day(one: LineOfPledge) -> Any:
    parts: list[Contribution] = one.line.contributions
    return max((part.delivered_on for part in parts), default=None)


def _warnings(one: LineOfPledge) -> str:
    return c.AMONG.join(say(WARNINGS[name][0], current_language()) for name in one.row.warnings)


PLEDGES = [
    _of_pledge(msg("Pledge, reference"), "ref"),
    _need(msg("Need, reference"), lambda need: need.ref), _need(msg("Need"), lambda need: need.title),
    _donor(msg("Donor, reference"), lambda one: one.ref),
    _donor(msg("Donor"), lambda one: one.named(current_language())),
    _need(msg("Recipient, reference"), lambda need: need.organisation.ref),
    _need(msg("Recipient"), lambda need: need.organisation.named(current_language())),
    _of_pledge(msg("Status, code"), "status"),
    Column(msg("Status"), lambda one: say(STATUS_NAMES[one.row.pledge.status][0], current_language())),
    Column(msg("State"), lambda one: say(STATES[one.row.state][0], current_language())),
    Column(msg("What calls for somebody"), _warnings),
    _line(msg("Line, reference"), lambda line: line.ref),
    _line(msg("Kind of assistance, code"), lambda line: line.kind),
    _line(msg("Kind of assistance"), lambda line: name_of("kind", line.kind, current_language())),
    _line(msg("What exactly"), lambda line: line.description),
    _amount(msg("Quantity promised"), lambda one: one.line.quantity),
    _line(msg("Unit, code"), lambda line: line.unit),
    _line(msg("Unit"), lambda line: name_of("unit", line.unit, current_language())),
    _amount(msg("Money promised"), lambda one: one.line.amount),
    _amount(msg("Currency"), lambda one: one.line.currency if one.line.amount is not None else None),
    _amount(msg("Quantity delivered, confirmed by both sides"), _arrived("quantity", both=True)),
    _amount(msg("Money delivered, confirmed by both sides"), _arrived("amount", both=True)),
    _amount(msg("Quantity delivered, not yet confirmed"), _arrived("quantity", both=False)),
    _amount(msg("Money delivered, not yet confirmed"), _arrived("amount", both=False)),
    _amount(msg("Last delivered on"), _last_day),
    _of_pledge(msg("Accepted on"), "accepted_at"), _of_pledge(msg("It stands until"), "expires_on"),
    _of_pledge(msg("Posted on"), "posted_at"),
    Column(
        msg("Address"),
        lambda one: site().settings.public_url + url_for("pledges.page", ref=one.row.pledge.ref),
    ),
]  # fmt: skip


def pledge_columns(rows: Sequence[LineOfPledge]) -> list[Column]:
    """The columns of pledges, and the planned disbursements of each year, which stand in a pledge's first row."""
    planned: dict[int, dict[tuple[int, str], Decimal]] = {}
    for one in rows:
        if one.is_first and one.row.sight.amount:
            sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
            for tranche in one.row.pledge.tranches:
                sums[tranche.due_on.year, tranche.currency] += tranche.amount
            planned[one.line.id] = dict(sums)
    places = sorted({place for found in planned.values() for place in found})

    def column(place: tuple[int, str]) -> Column:
        head = msg("Planned %(year)s, %(currency)s", year=str(place[0]), currency=place[1])
        return Column(head, lambda one: c.plain(planned.get(one.line.id, {}).get(place)) if one.is_first else None)

    return [*PLEDGES, *(column(place) for place in places)]
