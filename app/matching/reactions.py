"""Matches follow what happens: a need or an offer that changes is matched anew on both sides."""

from __future__ import annotations

from collections.abc import Sequence

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.kept.once import remember
from app.foundation.outbox import Fact
from app.foundation.permissions import SYSTEM
from app.foundation.web import Site
from app.foundation.worker import Writer
from app.matching.semantic.comparing import near_needs
from app.matching.semantic.service import keep, learn, meanings_of
from app.matching.service import Method, find_pairs, needs_touched, store_pairs
from app.needs.models import Need
from app.search.engine_types import OFFERS
from app.search.indexer import keys_of
from app.search.reactions import engine_of


def update_matches(site: Site, facts: Sequence[Fact]) -> Writer:
    """Judge anew the needs of these facts with every offer, and their offers with every need that they touch.

    Where the site looks at meaning too, what these records mean is worked out first, and kept with the matches.
    """
    engine, now, meanings = engine_of(site), site.clock.now(), meanings_of(site)
    keys, method = keys_of(facts), Method(meanings=meanings)
    own = {number for kind, number in keys if kind == "need"}
    changed = tuple(key for key in keys if key[0] in OFFERS)
    with site.database.reading() as tx:
        remember(tx)
        ids = set(needs_touched(tx, engine, keys))
        if meanings:
            learn(tx, meanings, keys)
            ids |= near_needs(tx, meanings, keys)
        needs = list(tx.scalars(readable(SYSTEM, Need).where(Need.id.in_(ids)).order_by(Need.id)))
        only = {need.id: None if need.id in own else changed for need in needs}
        found = [(need, find_pairs(tx, engine, need, now, method, only[need.id])) for need in needs]

    def write(tx: Tx) -> None:
        if meanings:
            keep(tx, meanings, keys)
        for need, pairs in found:
            store_pairs(tx, need, pairs, now, only[need.id])

    return write
