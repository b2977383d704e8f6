"""The page of the map of needs and coverage, and its file."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import surface
from app.foundation.filing.downloads import table_file
from app.foundation.languages import say
from app.foundation.paging import Page, page_number
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, current_language, now, reading, render, request, route
from app.overview import counted, queries
from app.overview.choosing import Asked, asked_of, options_of
from app.overview.pictures import map_of
from app.overview.rules import Gap
from app.overview.world.showing import HEAD, STANDINGS, Row, cells_of, rows_of

bp = blueprint("world")

WORLD = surface("overview.map", "count", "need", "programme", "course", "pledge")
FILE = surface("overview.map.file", "export", "need", "programme", "course", "pledge")
ROWS = 20


@route(bp, "/overview/map", Permission.PUBLIC_READ, surface=WORLD)
def index() -> Any:
    """What is asked, covered and offered, by country, on a map and in a table."""
    asked = asked_of("world.index")
    gaps, rows = _seen(asked)
    place = _place(asked)
    page = Page(rows, page_number(request.args.get("page"), len(rows), ROWS), len(rows), ROWS)
    return render(
        "pictures/map.html",
        asked=asked,
        options=options_of(asked, set(), now().year),
        picture=map_of(gaps, place.countries if place else None),
        rows=rows[max(0, page.first - 1) : page.last],
        page=page,
        standings=STANDINGS,
    )


@route(bp, "/overview/map.csv", Permission.PUBLIC_READ, surface=FILE)
def file() -> Any:
    """The same by country, all of them."""
    _gaps, rows = _seen(asked_of("world.index"))
    return table_file("map", [say(title, current_language()) for title in HEAD], cells_of(rows, current_language()))


def _place(asked: Asked) -> queries.Place | None:
    return queries.place_of_grouping(asked.choice.grouping) if asked.choice.grouping else None


def _seen(asked: Asked) -> tuple[dict[str, Gap], list[Row]]:
    """By country; what is on offer for one does not depend on which of its groupings one looks at."""
    theme, place = asked.choice.theme, _place(asked)
    with reading() as tx:
        gaps = counted.gaps_by(tx, actor(), "country", now().date(), theme=theme)
        running = counted.running_by_country(tx, actor(), theme)
    here = {code: gap for code, gap in gaps.items() if place is None or code in place.countries}
    return here, rows_of(here.values(), running, current_language())
