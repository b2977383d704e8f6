"""The page of the seat exchange: every session with free seats, and how many lines of needs each could serve."""

from __future__ import annotations

from typing import Any

from app.courses.queries import standing_of
from app.foundation.disclosure import surface
from app.foundation.listing import beside
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, now, reading, render, request, route
from app.nominations.exchange import counted, listing
from app.nominations.queries import seats_of

bp = blueprint("seats", "/seats")
LIST = surface("seat.list", "list", "course", "need")


@route(bp, "", Permission.PUBLIC_READ, LIST)
def index() -> Any:
    """Sessions with free seats and open registration, with the number of open lines that each could serve."""
    asked = listing.read(request.args)
    filters = listing.filters_of(asked)
    with reading() as tx:
        page = counted.page_of(tx, actor(), filters, request.args.get("page"), now())
        return render(
            "seats/index.html", asked=asked, page=page, seats=seats_of(tx, page.items), standing_of=standing_of,
            lines=counted.lines(tx, actor(), page.items), now=now(),
            **beside(asked, counted.facets(tx, actor(), filters, now()), listing.words()),
        )  # fmt: skip
