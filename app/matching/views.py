"""All matches of one need, and one pair side by side, requirement by requirement."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.foundation.disclosure import surface
from app.foundation.languages import word
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, current_language, found, now, reading, render, route
from app.matching.facts import need_facts, offer_facts, shown_by
from app.matching.queries import find_pair, matches_of_need
from app.matching.requirements import requirements
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
        by_gate = {gate: [m for m in matches if m.match.gate == gate] for gate in ("match", "near_miss", "related")}
        return render("matching/index.html", need=need, by_gate=by_gate)


@route(bp, "/needs/<ref>/matches/<kind>/<offer_ref>", Permission.PUBLIC_READ, surface=PAIR)
def page(ref: str, kind: str, offer_ref: str) -> Any:
    """A need and an offer side by side."""
    with reading() as tx:
        need = found(find_need(tx, actor(), ref))
        shown = found(find_pair(tx, actor(), need, kind, offer_ref))
        today = now().date()
        lines = {line.ref: line for line in need.lines}
        verdicts = [(lines[v["ref"]], v) for v in shown.match.lines if v["ref"] in lines]
        asked = requirements(need_facts(need), offer_facts(kind, shown.offer, today), today)
        return render(
            "matching/page.html",
            need=need,
            shown=shown,
            kind=kind,
            verdicts=[(line, verdict, shown_by(kind, shown.offer, line.kind, today)) for line, verdict in verdicts],
            requirements=asked,
            totals=Counter([*(v["verdict"] for _line, v in verdicts), *(each.verdict for each in asked)]),
            worded=lambda value: word(value, current_language()),
        )
