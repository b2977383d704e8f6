"""The search page: one box over needs, programmes, courses, lessons and outputs."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.disclosure import reader_tokens, surface
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, current_language, now, reading, render, request, route, site
from app.organisations.queries import names_by_ref
from app.search import saved
from app.search.engine_types import KINDS, EngineBroken
from app.search.forms import Namer, facet_boxes, filter_tags, name_for, sort_options
from app.search.noting import note
from app.search.query import SearchResults, offers_alike, search
from app.search.reactions import engine_of
from app.search.records import load_records
from app.search.request import SearchRequest
from app.search.showing import Shown

bp = blueprint("search")

RESULTS = surface("search.results", "list", *KINDS)
ALIKE = surface("search.alike", "panel", *KINDS)
surface("search.counts", "facet", *KINDS)
surface("search.correction", "suggestion", *KINDS)

COMPARED = frozenset({"need", "programme", "course"})
LONGEST_TEXT = 4000
FEWEST_WORDS = 4
MOST_ALIKE = 5
NEAR_ENOUGH = 0.4


@route(bp, "/search", Permission.PUBLIC_READ, surface=RESULTS)
def index() -> Any:
    """Everything that answers a question, best first, with facets."""
    asked = SearchRequest.from_address(request.args)
    language = current_language()
    with reading() as tx:
        results = search(tx, actor(), engine_of(site()), asked, language, now().date())
        namer = _namer(tx, results, language)
        page = render(
            "search/index.html",
            results=results,
            boxes=facet_boxes(results, namer, actor()),
            tags=filter_tags(results.request, namer),
            sorts=sort_options(),
            shown=Shown(results, namer),
            own=_own_searches(tx, results, namer),
        )
    # Beside the looks of the office the one thing that a reading page writes, and only for the reader herself.
    note(site().database, actor(), results.request, name_for(results.request, namer), now())
    return page


def _namer(tx: Tx, results: SearchResults, language: str) -> Namer:
    refs = {*results.counts.get("donor", {}), *results.request.filters.get("donor", ())}
    return Namer(language, names_by_ref(tx, refs))


def _own_searches(tx: Tx, results: SearchResults, namer: Namer) -> dict[str, Any]:
    """What the reader keeps: this search, if it is followed, with a name for it, and the last ones for an empty box."""
    reader, asked = actor(), results.request
    if not reader.is_signed_in:
        return {}
    if not asked.asks_something:
        return {"past": saved.past_searches(tx, reader)}
    return {"saved": saved.saved_at_address(tx, reader, asked.address()), "name": name_for(asked, namer)}


@route(bp, "/search/alike", Permission.PUBLIC_READ, surface=ALIKE, methods=("POST",))
def alike() -> Any:
    """The records that speak of the same as what somebody is writing, as a part of that page."""
    text = " ".join(
        request.form.get(name, "")[:LONGEST_TEXT] for name in ("title", "summary", "problem", "description")
    )
    ref = request.form.get("ref", "")
    with reading() as tx:
        items = []
        if len(text.split()) >= FEWEST_WORDS:
            try:
                answer = offers_alike(engine_of(site()), text, reader_tokens(actor()), COMPARED, MOST_ALIKE)
            except EngineBroken:
                return render("search/_alike.html", items=[])
            near = [hit.key for hit in answer.hits if hit.score > NEAR_ENOUGH * answer.hits[0].score]
            items = [found for found in load_records(tx, actor(), near) if found.record.ref != ref]
        return render("search/_alike.html", items=items)
