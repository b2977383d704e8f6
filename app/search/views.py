"""The search page: one box over needs, programmes, courses, lessons and outputs."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import reader_tokens, surface
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, current_language, reading, render, request, route, site
from app.organisations.queries import names_by_ref
from app.search.documents import TEXTS
from app.search.engine_types import KINDS, EngineBroken
from app.search.forms import TYPES, facet_boxes, filter_tags, sort_options
from app.search.highlight import marked, snippet
from app.search.query import Found, SearchRequest, SearchResults, load_records, offers_alike, search
from app.search.reactions import engine_of

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
    with reading() as tx:
        results = search(tx, actor(), engine_of(site()), asked)
        refs = {*results.counts.get("donor", {}), *asked.filters.get("donor", ())}
        donors = names_by_ref(tx, refs)
        return render(
            "search/index.html",
            results=results,
            boxes=facet_boxes(results, current_language(), donors),
            tags=filter_tags(asked, current_language(), donors),
            sorts=sort_options(),
            types=TYPES,
            title_of=lambda found: marked(found.record.title, results.stems),
            text_of=lambda found: _snippet_of(found, results),
            page_address=lambda number: asked.address(page=number),
        )


def _snippet_of(found: Found, results: SearchResults) -> Any:
    body = TEXTS[found.kind](found.record)[1][0].strip()
    return snippet(body, results.stems) if body and body != found.record.title else None


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
