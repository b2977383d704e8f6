"""The page of who is where when, and its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.foundation.disclosure import surface
from app.foundation.filing.downloads import table_file
from app.foundation.languages import say
from app.foundation.paging import Page, page_number
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, current_language, now, reading, render, request, route
from app.overview.choosing import Asked, asked_of, options_of
from app.overview.giving.queries import donors_of
from app.overview.giving.words import KINDS, Names
from app.overview.quarters import Quarter
from app.overview.timeline import queries, rules, showing

bp = blueprint("timeline")

TIMELINE = surface("overview.timeline", "page", "programme", "pledge", "need", "course")
FILE = surface("overview.timeline.file", "export", "programme", "pledge", "need", "course")
LINES = 20
"""So many things are on one page of the picture, and of its table."""


@dataclass(frozen=True)
class Seen:
    """What the picture shows: from which quarter, put together by what, all its lines in their order."""

    begin: Quarter
    by: str
    spans: Sequence[rules.Span]
    undated: int
    names: Names
    places: set[str]


@route(bp, "/overview/timeline", Permission.PUBLIC_READ, surface=TIMELINE)
def index() -> Any:
    """Who is in a country, or works on a theme, when."""
    asked = _asked()
    seen = _seen(asked)
    page = Page(seen.spans, page_number(request.args.get("page"), len(seen.spans), LINES), len(seen.spans), LINES)
    shown = seen.spans[max(0, page.first - 1) : page.last]
    return render(
        "pictures/timeline.html",
        asked=asked,
        options=options_of(asked, seen.places, now().year),
        seen=seen,
        page=page,
        spans=shown,
        drawing=rules.drawn(shown, seen.begin, seen.by, now().date()),
        showing=showing,
        kinds=KINDS,
        earlier=str(seen.begin.plus(-rules.STEP)),
        later=str(seen.begin.plus(rules.STEP)),
    )


@route(bp, "/overview/timeline.csv", Permission.PUBLIC_READ, surface=FILE)
def file() -> Any:
    """Every line of the picture, those of other pages too."""
    seen = _seen(_asked())
    head = [say(title, current_language()) for title in showing.HEAD]
    return table_file("timeline", head, list(showing.rows_of(seen.spans, seen.names)))


def _asked() -> Asked:
    """What the address asks for; without a word about it, the country of a reader who is of its authorities."""
    by, begin = request.args.get("by", ""), request.args.get("from", "")
    more = {"by": by if by == rules.THEME else "", "from": begin if rules.asked_quarter(begin) else ""}
    asked = asked_of("timeline.index", **more)
    main = actor().main
    if not {"country", "theme", "grouping"} & set(request.args) and main and main.organisation_kind == "state":
        return replace(asked, choice=replace(asked.choice, country=main.country or ""))
    return asked


def _seen(asked: Asked) -> Seen:
    begin = rules.asked_quarter(asked.more["from"]) or rules.first_shown(now().date())
    by, period = asked.more["by"] or rules.ORGANISATION, rules.shown_period(begin)
    with reading() as tx:
        found, undated, places = queries.spans_in(tx, actor(), asked.choice, period, now().date())
        names = Names(current_language(), donors_of(tx, {span.organisation for span in found}))
    if not (asked.choice.country or asked.choice.theme or asked.choice.grouping):
        found, undated = [], 0
    called = {number: organisation.folded_name for number, organisation in names.donors.items()}
    return Seen(begin, by, rules.ordered(found, by, called), undated, names, places)
