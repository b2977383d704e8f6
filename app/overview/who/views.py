"""The page of who does what, and its file."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import surface
from app.foundation.filing.downloads import table_file
from app.foundation.paging import Page, page_number
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, current_language, now, reading, render, request, route
from app.overview.choosing import Asked, asked_of, options_beside
from app.overview.giving.looking import Seen, look
from app.overview.giving.words import WHY
from app.overview.who.rules import MOST_COLUMNS, Heat, heat
from app.overview.who.showing import column_name, facet_of, head_of, rows_of

bp = blueprint("who")

WHO = surface("overview.who", "count", "programme", "pledge", "need")
FILE = surface("overview.who.file", "export", "programme", "pledge", "need")
MOST_ASIDE = 20


@route(bp, "/overview/who", Permission.PUBLIC_READ, surface=WHO)
def index() -> Any:
    """Donors by themes, or by countries where a theme is chosen."""
    asked = asked_of("who.index")
    seen, table = _table(asked, MOST_COLUMNS)
    number = page_number(request.args.get("page"), len(table.rows))
    page = Page(table.rows, number, len(table.rows))
    return render(
        "pictures/who.html",
        asked=asked,
        options=options_beside(asked, seen.every.values(), now().year),
        seen=seen,
        table=table,
        facet=facet_of(asked.choice),
        columns=[column_name(column, table, asked.choice, seen.names) for column in table.columns],
        page=page,
        rows=table.rows[page.first - 1 : page.last] if table.rows else [],
        aside=seen.largest_aside[:MOST_ASIDE],
        why=WHY,
    )


@route(bp, "/overview/who.csv", Permission.PUBLIC_READ, surface=FILE)
def file() -> Any:
    """Every cell of the table, with all columns."""
    asked = asked_of("who.index")
    seen, table = _table(asked, None)
    rows = list(rows_of(table, seen, asked.choice))
    return table_file("who", head_of(asked.choice, current_language()), rows)


def _table(asked: Asked, most: int | None) -> tuple[Seen, Heat]:
    today, language = now().date(), current_language()
    with reading() as tx:
        seen = look(tx, actor(), asked.choice, asked.currency, language, today, as_reported=asked.as_reported)
    return seen, heat(seen.wanted, seen.chosen.parts, asked.choice, most)
