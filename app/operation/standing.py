"""How all parts of the site stand at one moment, for the page of the office and for the terminal alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.foundation import migrate
from app.foundation.db import Tx
from app.foundation.messages import Message
from app.foundation.web import Site
from app.operation import queries, rules
from app.operation.measures import Backup, Index, Measured
from app.operation.queries import Failure, Kept
from app.operation.rules import Finding
from app.operation.surroundings import Surroundings
from app.search.engine_types import EngineBroken
from app.search.reactions import engine_of

ENGINES: Mapping[str, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
INDEXED, METRICS = "operation.indexed", "operation.metrics"
"""Parts of the site: the facts that the index has to know of, and what is counted."""
SECONDS_KEPT = 5.0


@dataclass(frozen=True)
class Standing:
    """The findings in the order of the page, what failed, and what people may know of the installation."""

    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    given_up: int
    version: str
    built: datetime | None
    backup: Backup
    looked_at: datetime

    @property
    def sentence(self) -> Message:
        """One sentence on all of it."""
        return rules.overall(self.findings)

    @property
    def state(self) -> str:
        """The worst state of any part."""
        return rules.worst(self.findings)

    @property
    def concerned(self) -> tuple[Finding, ...]:
        """What somebody has to do something about, the worst first."""
        bad = [one for one in self.findings if one.state != rules.WELL]
        return tuple(sorted(bad, key=lambda one: -rules.STATES.index(one.state)))


def indexed_facts(site: Site) -> Collection[str]:
    """The names of the facts that the index has to know of."""
    names: Collection[str] = site.parts.get(INDEXED, ())
    return names


def look_around(site: Site, tx: Tx, now: datetime) -> Standing:
    """How everything stands."""
    measured = queries.measure(tx, now, indexed_facts(site))
    around = Surroundings(site.files)
    index = index_of(site)
    findings = (*judged(site, measured, index, now), tables(site))
    order = list(rules.NAMES)
    return Standing(
        findings=tuple(sorted(findings, key=lambda one: order.index(one.name))),
        failures=tuple(queries.failures(tx)) if measured.facts.given_up else (),
        given_up=measured.facts.given_up,
        version=around.version,
        built=index.built,
        backup=around.backup(),
        looked_at=now,
    )


def judged(site: Site, measured: Measured, index: Index, now: datetime) -> list[Finding]:
    """What is to be said of each part that was measured, and of what the site stands on."""
    around, settings = Surroundings(site.files), site.settings
    return [
        rules.judge_facts(measured.facts, now),
        rules.judge_given_up(measured.facts),
        rules.judge_index(index, measured.facts, now),
        rules.judge_mail(measured.mails, now),
        rules.judge_jobs(measured.jobs),
        rules.judge_record(measured, now),
        rules.judge_scanner(measured.files, now, is_set=settings.clamd_url is not None),
        rules.judge_disk(around.disk()),
        rules.judge_backup(around.backup(), now, production=settings.production),
    ]


def tables(site: Site) -> Finding:
    """Which database it is, and of which revision its tables are."""
    dialect = site.database.engine.dialect
    name = ENGINES.get(dialect.name, dialect.name)
    number = ".".join(str(part) for part in dialect.server_version_info or ())
    revision, newest = migrate.current_revision(site.database), migrate.newest_revision()
    return rules.judge_tables(f"{name} {number}".strip(), revision, newest)


def index_of(site: Site) -> Index:
    """The index as it is."""
    engine = engine_of(site)
    try:
        records = len(engine.versions())
    except EngineBroken:
        return Index(is_readable=False)
    return Index(True, records, _built(site))


def _built(site: Site) -> datetime | None:
    """When the present generation took the place of the one before; an index without a folder does not tell."""
    try:
        return datetime.fromtimestamp((site.settings.search_dir / "CURRENT").stat().st_mtime, UTC)
    except OSError:
        return None


def kept_measure(site: Site) -> Kept:
    """What the database says, asked at most once in some seconds."""

    def ask() -> Measured:
        with site.database.reading() as tx:
            return queries.measure(tx, site.clock.now(), indexed_facts(site))

    return Kept(ask, SECONDS_KEPT)
