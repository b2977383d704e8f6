"""Does the index say what the database says? Compared version by version; what differs is indexed anew."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.db import Database
from app.search.engine_types import EngineBroken, Key, SearchEngine
from app.search.indexer import expected_versions, index_anew, rebuild


@dataclass(frozen=True)
class Drift:
    """What the index lacks, what it should not have, and what it has in another version."""

    missing: tuple[Key, ...]
    surplus: tuple[Key, ...]
    outdated: tuple[Key, ...]
    is_broken: bool = False

    @property
    def is_none(self) -> bool:
        """The index says what the database says."""
        return not (self.missing or self.surplus or self.outdated or self.is_broken)

    @property
    def keys(self) -> list[Key]:
        """Everything that has to be indexed anew."""
        return [*self.missing, *self.surplus, *self.outdated]


def measure_drift(database: Database, engine: SearchEngine) -> Drift:
    """Compare the index with the database."""
    with database.reading() as tx:
        wanted = expected_versions(tx)
    try:
        there = engine.versions()
    except EngineBroken:
        return Drift((), (), (), is_broken=True)
    return Drift(
        missing=tuple(sorted(wanted.keys() - there.keys())),
        surplus=tuple(sorted(there.keys() - wanted.keys())),
        outdated=tuple(sorted(key for key in wanted.keys() & there.keys() if wanted[key] != there[key])),
    )


def repair(database: Database, engine: SearchEngine, drift: Drift) -> None:
    """Index anew what differs; a broken index is rebuilt whole."""
    if drift.is_broken:
        rebuild(database, engine)
        return
    if drift.keys:
        index_anew(database, engine, drift.keys)
