"""Which search engine stands behind the site: the one that the settings name."""

from __future__ import annotations

from app.config import SEARCH_ENGINES, Settings
from app.foundation.db import Database
from app.search.engine import ColumnEngine, WhooshEngine
from app.search.postgres_home import PostgresHome

OLDEST = 0.05
"""Seconds for which a process takes what it has seen of an index on another machine for what there is."""


def open_engine(settings: Settings, database: Database, name: str = "") -> ColumnEngine:
    """The engine of this name, or the one of the settings; nothing is read before it is asked.

    Raises:
        ValueError: there is no engine of this name, or the database is not the one that it needs.
    """
    name = name or settings.search_engine
    if name == "whoosh":
        return WhooshEngine(settings.search_dir)
    if name != "postgresql":
        raise ValueError(f"there is no search engine {name!r}: choose {' or '.join(SEARCH_ENGINES)}")
    if database.engine.dialect.name != "postgresql":
        raise ValueError("the search engine postgresql needs a DATABASE_URL that leads to PostgreSQL")
    return ColumnEngine(PostgresHome(database.engine, settings.search_dir / "copies", seconds=OLDEST))
