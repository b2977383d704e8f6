"""Overlaps follow what happens: a programme that is posted, amended, closed or imported is compared anew."""

from __future__ import annotations

from collections.abc import Sequence

from app.foundation.db import Tx
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.foundation.worker import Writer
from app.matching.overlaps.service import find_alike, programmes_of, store_alike
from app.search.indexer import keys_of
from app.search.reactions import engine_of


def update_overlaps(site: Site, facts: Sequence[Fact]) -> Writer:
    """Compare the programmes that these facts speak of with the others; one that is hidden now overlaps with none."""
    engine, now = engine_of(site), site.clock.now()
    ids = [number for kind, number in keys_of(facts) if kind == "programme"]
    with site.database.reading() as tx:
        found = {row.id: (row.version, find_alike(tx, engine, row)) for row in programmes_of(tx, ids)}

    def write(tx: Tx) -> None:
        for number in ids:
            version, alike = found.get(number, (0, []))
            store_alike(tx, number, version, alike, now)
            # Two of one batch may name each other: the second has to find the row of the first.
            tx.flush()

    return write
