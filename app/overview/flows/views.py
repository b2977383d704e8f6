"""The page of the flow of money, and its file."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import surface
from app.foundation.filing.downloads import table_file
from app.foundation.languages import say
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, current_language, now, reading, render, route
from app.overview.choosing import Asked, asked_of, options_beside
from app.overview.flows.showing import HEAD, picture_of, rows_of
from app.overview.giving.looking import Seen, look
from app.overview.giving.words import WHY

bp = blueprint("flows")

FLOWS = surface("overview.flows", "count", "programme", "pledge", "need")
FILE = surface("overview.flows.file", "export", "programme", "pledge", "need")
MOST_ASIDE = 20
"""So many of what was set aside are listed on the page, the largest; the file has all."""


@route(bp, "/overview/flows", Permission.PUBLIC_READ, surface=FLOWS)
def index() -> Any:
    """From whom through which themes to which countries money flows."""
    asked = asked_of("flows.index")
    seen = _seen(asked)
    return render(
        "pictures/flows.html",
        asked=asked,
        options=options_beside(asked, seen.every.values(), now().year),
        seen=seen,
        picture=picture_of(seen),
        aside=seen.largest_aside[:MOST_ASIDE],
        why=WHY,
    )


@route(bp, "/overview/flows.csv", Permission.PUBLIC_READ, surface=FILE)
def file() -> Any:
    """Every part of every amount, with what was set aside and why."""
    seen = _seen(asked_of("flows.index"), as_reported=True)
    head = [say(title, current_language()) for title in HEAD]
    return table_file("money", head, list(rows_of(seen)))


def _seen(asked: Asked, *, as_reported: bool = False) -> Seen:
    today, language = now().date(), current_language()
    everything = as_reported or asked.as_reported
    with reading() as tx:
        return look(tx, actor(), asked.choice, asked.currency, language, today, as_reported=everything)
