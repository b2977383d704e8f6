"""The index follows what happens."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from app.foundation.db import Tx
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.foundation.worker import Writer
from app.organisations.events import OrganisationMerged
from app.search.choosing import open_engine
from app.search.engine_types import EngineBroken, SearchEngine
from app.search.indexer import index_anew, keys_of, keys_of_files, keys_of_organisation, rebuild
from app.search.verify import measure_drift, repair

log = structlog.get_logger()


def engine_of(site: Site) -> SearchEngine:
    """The site's search engine, opened at its first use."""
    engine: SearchEngine | None = site.parts.get("search")
    if engine is None:
        engine = site.parts["search"] = open_engine(site.settings, site.database)
    return engine


def update_index(site: Site, facts: Sequence[Fact]) -> Writer:
    """Index anew what these facts speak of. The index itself is no transaction, but doing it twice changes nothing."""
    engine = engine_of(site)
    if not engine.is_there():
        # An index of these records alone would be whole by its looks, and lack everything else.
        rebuild(site.database, engine)
        return nothing_to_write
    with site.database.reading() as tx:
        keys = dict.fromkeys([*keys_of(facts), *keys_of_files(tx, facts)])
        for fact in facts:
            if isinstance(fact, OrganisationMerged):
                keys.update(dict.fromkeys(keys_of_organisation(tx, fact.organisation_id)))
    index_anew(site.database, engine, list(keys))
    return nothing_to_write


def tend_index(site: Site) -> None:
    """Keep the index in shape: few segments, whole columns, and built anew where it cannot be read."""
    engine = engine_of(site)
    try:
        engine.tend()
    except EngineBroken:
        log.exception("the index cannot be read and is built anew")
        rebuild(site.database, engine)


def catch_up(site: Site) -> None:
    """What a worker does first: the index may come from another engine, an older copy or a restored database."""
    engine = engine_of(site)
    drift = measure_drift(site.database, engine)
    if not drift.is_none:
        log.warning("the index is behind the database and catches up", records=len(drift.keys), broken=drift.is_broken)
        repair(site.database, engine, drift)


def nothing_to_write(_tx: Tx) -> None:
    """The reaction has no writes in the database."""
