"""When a need, a pledge, a programme or a session has ended, both sides are asked for a lesson."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.closing.queries import wanted_for_need, wanted_for_nomination, wanted_for_pledge, wanted_for_programme
from app.closing.rules import Wanted
from app.closing.service import ask_for
from app.foundation.db import Tx
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.foundation.worker import Writer

ENDED: Mapping[str, Callable[[Tx, Any], list[Wanted]]] = {
    "NeedClosed": lambda tx, fact: wanted_for_need(tx, fact.need_id),
    "ContributionConfirmed": lambda tx, fact: wanted_for_pledge(tx, fact.pledge_id),
    "ProgrammeClosed": lambda tx, fact: wanted_for_programme(tx, fact.programme_id),
    "ResultAgreed": lambda tx, fact: wanted_for_nomination(tx, fact.nomination_id),
}
"""Which fact tells that something has ended, by its name, and whom to ask then."""


def ask_lessons(site: Site, facts: Sequence[Fact]) -> Writer:
    """Ask whoever is to be asked; who was asked before is found in the same transaction: nobody is asked twice."""
    now = site.clock.now()

    def write(tx: Tx) -> None:
        for fact in facts:
            if fact.name in ENDED:
                ask_for(tx, ENDED[fact.name](tx, fact), now)

    return write
