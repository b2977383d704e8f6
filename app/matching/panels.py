"""Matches on the pages of needs, programmes and courses, drawn for whoever reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.foundation.disclosure import find_readable, surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_each, render_part
from app.matching.queries import (
    count_matches,
    hidden_on_need,
    hidden_on_offer,
    matches_of_offer,
    seen_of_need,
    shown_matches,
)
from app.needs.models import Need
from app.needs.queries import find_need
from app.search.documents import MODELS

surface("need.matches.panel", "panel", "programme", "course", "output")
surface("need.cards.matches", "panel", "programme", "course", "output")
surface("offer.matches.panel", "panel", "need")
SHOWN = 4
OFFERED = ("match", "near_miss")
"""Of which gate the best are shown: of the first that has any."""


def matches_on_need(reader: Actor, ref: str) -> str:
    """The best matches of a need, with their reasons; near misses and related experience counted."""
    with reading() as tx:
        need = find_need(tx, reader, ref)
        if need is None:
            return ""
        rows = seen_of_need(tx, reader, need)
        counts = Counter(row.gate for row in rows)
        first = next((gate for gate in OFFERED if counts[gate]), "")
        best = [row for row in rows if row.gate == first][:SHOWN]
        return render_part(
            "matching/_on_need.html",
            need=need,
            counts=counts,
            best=shown_matches(tx, reader, best, [need]),
            hidden=hidden_on_need(tx, reader, need),
        )


def matches_on_cards(reader: Actor, needs: Sequence[Need]) -> dict[int, str]:
    """For each need of a list, how many offers fit it, as far as this reader may see."""
    with reading() as tx:
        counts = count_matches(tx, reader, [need.id for need in needs])
    refs = {need.id: need.ref for need in needs}
    shown = {number: {"ref": refs[number], "count": count} for number, count in counts.items()}
    return render_each("matching/_card_matches.html", shown)


def matches_on_offer(kind: str) -> Any:
    """A provider that draws the needs which a programme or a course fits."""

    def provide(reader: Actor, ref: str) -> str:
        model = MODELS[kind]
        with reading() as tx:
            offer = find_readable(tx, reader, model, ref)
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
