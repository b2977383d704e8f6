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
from app.search.engine_types import OFFERS
from app.search.indexer import keys_of
from app.search.reactions import engine_of


def update_matches(site: Site, facts: Sequence[Fact]) -> Writer:
    """Judge anew the needs of these facts with every offer, and their offers with every need that they touch."""
    engine, now = engine_of(site), site.clock.now()
    keys = keys_of(facts)
    own = {number for kind, number in keys if kind == "need"}
    changed = tuple(key for key in keys if key[0] in OFFERS)
    with site.database.reading() as tx:
        ids = needs_touched(tx, engine, keys)
        needs = list(tx.scalars(readable(SYSTEM, Need).where(Need.id.in_(ids)).order_by(Need.id)))
        only = {need.id: None if need.id in own else changed for need in needs}
        found = [(need, find_pairs(tx, engine, need, now, only=only[need.id])) for need in needs]

    def write(tx: Tx) -> None:
        for need, pairs in found:
            store_pairs(tx, need, pairs, now, only[need.id])

    return write
