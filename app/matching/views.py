"""All matches of one need, and one pair side by side, requirement by requirement."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, found, now, reading, render, route, site
from app.matching.looks import note_looks
from app.matching.queries import GATES, find_pair, hidden_on_need, matches_of_need
from app.matching.side_by_side import pair_page
from app.needs.queries import find_need

bp = blueprint("matching")

LIST = surface("need.matches", "list", "need", "programme", "course", "output")
PAIR = surface("match.page", "page", "need", "programme", "course", "output")


@route(bp, "/needs/<ref>/matches", Permission.PUBLIC_READ, surface=LIST)
def index(ref: str) -> Any:
    """Everything that fits a need, nearly fits it, or tells of experience with the same."""
    with reading() as tx:
        need = found(find_need(tx, actor(), ref))
        matches = matches_of_need(tx, actor(), need, limit=60)
        by_gate = {gate: [m for m in matches if m.match.gate == gate] for gate in GATES}
        return render("matching/index.html", need=need, by_gate=by_gate, hidden=hidden_on_need(tx, actor(), need))


@route(bp, "/needs/<ref>/matches/<kind>/<offer_ref>", Permission.PUBLIC_READ, surface=PAIR)
def page(ref: str, kind: str, offer_ref: str) -> Any:
    """A need and an offer side by side."""
    with reading() as tx:
        need = found(find_need(tx, actor(), ref))
        shown = found(find_pair(tx, actor(), need, kind, offer_ref))
        answer = pair_page(tx, shown)
    note_looks(site().database, actor(), (shown.need, shown.offer), now())
    return answer
