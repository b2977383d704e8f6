"""Matches follow what happens: a need or an offer that changes is matched anew on both sides."""

from __future__ import annotations

from collections.abc import Sequence

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.outbox import Fact
from app.foundation.permissions import SYSTEM
from app.foundation.web import Site
from app.foundation.worker import Writer
from app.matching.service import find_pairs, needs_touched, store_pairs
from app.needs.models import Need
from app.search.indexer import keys_of
from app.search.reactions import engine_of


def update_matches(site: Site, facts: Sequence[Fact]) -> Writer:
    """Judge anew every need that these facts may have touched."""
    engine, now = engine_of(site), site.clock.now()
    with site.database.reading() as tx:
        ids = needs_touched(tx, engine, keys_of(facts))
        needs = list(tx.scalars(readable(SYSTEM, Need).where(Need.id.in_(ids)).order_by(Need.id)))
        found = [(need, find_pairs(tx, engine, need, now)) for need in needs]

    def write(tx: Tx) -> None:
        for need, pairs in found:
            store_pairs(tx, need, pairs, now)

    return write
