"""What the terminal asks of the database: whether it keeps what it has acknowledged, and stands as it should."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text

from app.foundation.audit.verify import verify_day
from app.foundation.db import Tx
from app.foundation.web import Site
from app.operation import queries
from app.operation.rules import WARNING, WELL, WRONG, Finding
from app.search.reactions import engine_of
from app.search.verify import measure_drift

OLDEST_POSTGRESQL = 150_000
LONGEST_DRIFT = 2.0
"""Seconds by which two clocks may differ."""
SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}


def settings_of_engine(tx: Tx) -> list[Finding]:
    """Whether the database writes to the disk what it says that it has kept, and has what the site uses of it."""
    return _sqlite(tx) if tx.get_bind().dialect.name == "sqlite" else _postgresql(tx)


def _sqlite(tx: Tx) -> list[Finding]:
    mode = str(tx.scalar(text("PRAGMA journal_mode"))).upper()
    synchronous = SYNCHRONOUS.get(int(tx.scalar(text("PRAGMA synchronous")) or 0), "?")
    seen = f"journal_mode {mode}, synchronous {synchronous}"
    if mode == "WAL" and synchronous in {"FULL", "EXTRA"}:
        return [Finding("durability", WELL, f"{seen}: what was acknowledged outlives a power cut.")]
    mend = "Put the database on a local disk (no network share), where SQLite can keep its write-ahead log."
    return [Finding("durability", WRONG, f"{seen}: what was acknowledged may be lost.", mend)]


def _postgresql(tx: Tx) -> list[Finding]:
    names = ("synchronous_commit", "fsync", "full_page_writes")
    values = {name: str(tx.scalar(text(f"SHOW {name}"))) for name in names}
    version = int(tx.scalar(text("SHOW server_version_num")) or 0)
    trigrams = tx.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"))
    return [_durable(values), _recent(version), _trigrams(bool(trigrams))]


def _durable(values: Mapping[str, str]) -> Finding:
    off = [name for name, value in values.items() if value == "off"]
    seen = ", ".join(f"{name} {value}" for name, value in values.items())
    if not off:
        return Finding("durability", WELL, f"{seen}: what was acknowledged outlives a power cut.")
    mend = f"In postgresql.conf set {', '.join(f'{name} = on' for name in off)}, then reload."
    return Finding("durability", WRONG, f"{seen}: what was acknowledged may be lost.", mend)


def _recent(version: int) -> Finding:
    seen = f"PostgreSQL {version // 10_000}.{version % 10_000}."
    if version >= OLDEST_POSTGRESQL:
        return Finding("version", WELL, seen)
    return Finding("version", WRONG, seen, "The site needs PostgreSQL 15 or newer.")


def _trigrams(is_there: bool) -> Finding:  # noqa: FBT001 - the one thing that is asked
    if is_there:
        return Finding("trigrams", WELL, "pg_trgm is available.")
    return Finding("trigrams", WARNING, "pg_trgm is not available.", "Install the package postgresql-contrib.")


def clocks(site: Site, tx: Tx) -> list[Finding]:
    """Whether this machine and the one of the database have the same time; a file has no clock of its own."""
    if tx.get_bind().dialect.name == "sqlite":
        return []
    there = tx.scalar(text("SELECT clock_timestamp()"))
    assert isinstance(there, datetime)
    apart = abs((site.clock.wall() - there).total_seconds())
    seen = f"this machine and the database are {apart:.1f} s apart."
    if apart <= LONGEST_DRIFT:
        return [Finding("clock", WELL, seen)]
    return [
        Finding("clock", WARNING, seen, "Let NTP keep the clocks of both machines (timedatectl, chronyc tracking).")
    ]


def drift(site: Site) -> list[Finding]:
    """Whether the index says what the database says."""
    found = measure_drift(site.database, engine_of(site))
    counts = {"missing": found.missing, "surplus": found.surplus, "outdated": found.outdated}
    if found.is_none:
        return [Finding("drift", WELL, "the index says what the database says.")]
    if found.is_broken:
        mend = "A running worker builds it anew by itself; else: flask --app app reindex"
        return [Finding("drift", WRONG, "the index cannot be compared with the database.", mend)]
    seen = ", ".join(f"{len(keys)} {name}" for name, keys in counts.items())
    mend = "If nothing waits for the worker: flask --app app verify-index"
    return [Finding("drift", WARNING, f"records in the index: {seen}.", mend)]


def chain(tx: Tx) -> list[Finding]:
    """Whether the newest day of the record of events is whole."""
    day = queries.newest_day(tx)
    if day is None:
        return [Finding("chain", WELL, "there is no event yet.")]
    verdict = verify_day(tx, day)
    if verdict.is_whole:
        return [Finding("chain", WELL, f"the {verdict.events} events of {day} are whole.")]
    seen = f"{len(verdict.faults)} faults on {day}, the first: {verdict.faults[0]}."
    return [
        Finding("chain", WRONG, seen, "Look at all of it: flask --app app audit verify; then see docs/security.md.")
    ]
