"""Once a need's side accepts the pledge of a sponsor, those who passed before are delivered on it, and counted once."""

from __future__ import annotations

from collections.abc import Sequence

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.outbox import Fact
from app.foundation.permissions import SYSTEM
from app.foundation.web import Site
from app.foundation.worker import Writer
from app.nominations import rules
from app.nominations.models import Nomination
from app.nominations.results import cover
from app.nominations.sponsors.queries import sponsorship_of


def settle_passes(site: Site, facts: Sequence[Fact]) -> Writer:
    """Enter anew what those who passed on sponsored seats cover."""
    now = site.clock.now()
    pledges = {number for fact in facts if (number := getattr(fact, "pledge_id", None)) is not None}

    def write(tx: Tx) -> None:
        for number in sorted(pledges):
            for nomination in _passed(tx, number):
                cover(tx, nomination, now, is_confirmed=nomination.agreed_at is not None)

    return write


def _passed(tx: Tx, pledge_id: int) -> list[Nomination]:
    one = sponsorship_of(tx, pledge_id)
    if one is None:
        return []
    query = readable(SYSTEM, Nomination).where(
        Nomination.session_id == one.session_id,
        Nomination.need_line_id == one.need_line_id,
        Nomination.status == rules.PASSED,
    )
    return list(tx.scalars(query.order_by(Nomination.id)))
