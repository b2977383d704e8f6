"""Pledges on other pages: the ledger of a need, and what waits for a person on the desk."""

from __future__ import annotations

from collections.abc import Sequence

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_each, render_part
from app.needs.models import Need
from app.needs.queries import find_need
from app.pledges import rules
from app.pledges.queries import places_of, waiting_for
from app.pledges.showing import ledger_of

surface("need.ledger.panel", "panel", "need", "pledge")
surface("need.cards.ledger", "panel", "pledge")
surface("pledge.waiting.panel", "panel", "pledge")


def need_ledger(reader: Actor, ref: str) -> str:
    """How far each line of a need is covered, and who has pledged, as far as this reader may see."""
    with reading() as tx:
        need = find_need(tx, reader, ref)
        if need is None:
            return ""
        ledger = ledger_of(tx, reader, need)
        return render_part("pledges/_ledger.html", ledger=ledger, rules=rules)


def ledger_on_cards(reader: Actor, needs: Sequence[Need]) -> dict[int, str]:
    """For each need of a list, one bar: how many of its lines are covered, as far as this reader may see."""
    with reading() as tx:
        places = places_of(tx, reader, needs)
    return render_each("pledges/_card_ledger.html", {number: {"place": place} for number, place in places.items()})


def desk_pledges(reader: Actor, _ref: str) -> str:
    """Pledges that wait for this person's answer, and deliveries that wait for a confirmation."""
    with reading() as tx:
        waiting = waiting_for(tx, reader)
        return render_part("pledges/_waiting.html", waiting=waiting) if waiting else ""
