"""Matches on the pages of needs, programmes and courses, drawn for whoever reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.foundation.disclosure import readable, surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.matching.queries import (
    GATES,
    count_matches,
    hidden_on_need,
    hidden_on_offer,
    matches_of_need,
    matches_of_offer,
)
from app.needs.models import Need
from app.needs.queries import find_need
from app.search.documents import MODELS

surface("need.matches.panel", "panel", "programme", "course", "output")
surface("need.cards.matches", "panel", "programme", "course", "output")
surface("offer.matches.panel", "panel", "need")
SHOWN = 4


def matches_on_need(reader: Actor, ref: str) -> str:
    """The best matches of a need, with their reasons; near misses and related experience counted."""
    with reading() as tx:
        need = find_need(tx, reader, ref)
        if need is None:
            return ""
        found = matches_of_need(tx, reader, need)
        by_gate = {gate: [m for m in found if m.match.gate == gate] for gate in GATES}
        hidden = hidden_on_need(tx, reader, need)
        return render_part("matching/_on_need.html", need=need, by_gate=by_gate, shown=SHOWN, hidden=hidden)


def matches_on_cards(reader: Actor, needs: Sequence[Need]) -> dict[int, str]:
    """For each need of a list, how many offers fit it, as far as this reader may see."""
    with reading() as tx:
        counts = count_matches(tx, reader, [need.id for need in needs])
    refs = {need.id: need.ref for need in needs}
    return {
        number: render_part("matching/_card_matches.html", ref=refs[number], count=count)
        for number, count in counts.items()
    }


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
                "matching/_on_offer.html",
                kind=kind,
                offer=offer,
                found=found[: 2 * SHOWN],
                total=len(found),
                hidden=hidden_on_offer(tx, reader, kind, offer),
            )

    return provide
