"""Matches on the pages of needs, programmes and courses, drawn for whoever reads."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import readable, surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.matching.queries import matches_of_need, matches_of_offer
from app.needs.queries import find_need
from app.search.documents import MODELS

surface("need.matches.panel", "panel", "programme", "course", "output")
surface("offer.matches.panel", "panel", "need")
SHOWN = 4


def matches_on_need(reader: Actor, ref: str) -> str:
    """The best matches of a need, with their reasons; near misses and related experience counted."""
    with reading() as tx:
        need = find_need(tx, reader, ref)
        if need is None:
            return ""
        found = matches_of_need(tx, reader, need)
        by_gate = {gate: [m for m in found if m.match.gate == gate] for gate in ("match", "near_miss", "related")}
        return render_part("matching/_on_need.html", need=need, by_gate=by_gate, shown=SHOWN)


def matches_on_offer(kind: str) -> Any:
    """A provider that draws the needs which a programme or a course fits."""

    def provide(reader: Actor, ref: str) -> str:
        model = MODELS[kind]
        with reading() as tx:
            offer = tx.scalar(readable(reader, model).where(model.ref == ref))
            if offer is None:
                return ""
            found = matches_of_offer(tx, reader, kind, offer)
            return render_part(
                "matching/_on_offer.html", kind=kind, offer=offer, found=found[: 2 * SHOWN], total=len(found)
            )

    return provide
