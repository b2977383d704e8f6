"""The front page: one search box, what is asked, covered and open, what is on offer, and where the gaps are."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, now, reading, render, route
from app.overview import queries
from app.overview.rules import longest_bar, widest_first

bp = blueprint("home")

PAGE = surface("home.page", "page", "need", "programme", "course")
LATEST = 4
NEXT = 3
WIDEST = 8


@route(bp, "/", Permission.PUBLIC_READ, surface=PAGE)
def index() -> Any:
    """The whole site at a glance, as far as this reader may see it."""
    today = now().date()
    with reading() as tx:
        gaps = widest_first(queries.gaps_by(tx, actor(), "theme", today).values())
        return render(
            "home/index.html",
            numbers=queries.numbers(tx, actor()),
            needs=queries.latest_needs(tx, actor(), LATEST),
            offers=queries.open_programmes(tx, actor(), today, NEXT),
            sessions=queries.next_sessions(tx, actor(), today, NEXT),
            gaps=gaps[:WIDEST],
            more_gaps=len(gaps) > WIDEST,
            longest=longest_bar(gaps[:WIDEST]),
        )
