"""The page of a portfolio: sums by state, what calls for somebody, and the list."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import surface
from app.foundation.money import is_currency
from app.foundation.paging import Page, page_number
from app.foundation.permissions import Permission
from app.foundation.web import actor, now, reading, render, request, route, url_for
from app.pledges import rules
from app.pledges.portfolio import queries
from app.pledges.portfolio.rules import FILTERS, STATES, WARNINGS, sums
from app.pledges.surfaces import bp
from app.reference.rates.queries import rates_on

LIST = surface("pledge.portfolio", "list", "pledge", "need")
CURRENCY = "EUR"
SIZE = 25


@route(bp, "/pledges", Permission.DESK_READ, LIST)
def portfolio() -> Any:
    """The pledges that one's organisations give or receive."""
    today = now().date()
    sides = queries.sides_of(actor())
    side = request.args.get("side", "")
    side = side if side in sides else sides[0]
    wanted = request.args.get("state", "")
    wanted = wanted if wanted in FILTERS else ""
    currency = request.args.get("currency", CURRENCY).strip().upper()
    is_known = is_currency(currency)
    with reading() as tx:
        rows = queries.portfolio(tx, actor(), side, today)
        found = queries.only(rows, wanted)
        number = page_number(request.args.get("page"), len(found), SIZE)
        kept: dict[str, Any] = {
            "side": side,
            "state": wanted or None,
            "currency": currency if currency != CURRENCY else None,
        }
        return render(
            "pledges/portfolio.html",
            sides=sides,
            side=side,
            wanted=wanted,
            currency=currency if is_known else CURRENCY,
            unknown_currency="" if is_known else currency[:10],
            sums=sums(queries.standings(rows), today),
            rates=rates_on(tx, today),
            total=len(rows),
            page=Page(found[(number - 1) * SIZE : number * SIZE], number, len(found), SIZE),
            url_for_page=lambda n: url_for("pledges.portfolio", page=n, **kept),
            kept=kept,
            rules=rules,
            STATES=STATES,
            WARNINGS=WARNINGS,
        )
