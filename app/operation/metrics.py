"""The figures of the site as Prometheus reads them: what this process counts, and what the database says when asked.

Every application has a registry of its own, so that two in one process do not count for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from app.operation.measures import Measured
from app.operation.rules import age
from app.operation.surroundings import Surroundings

TYPE = CONTENT_TYPE_PLAIN_0_0_4
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""In seconds: a page takes some hundredths, a file that is sent some seconds."""
CONFLICTS = ("over_pledge", "envelope", "stale_version", "sent_twice")

Figure = Callable[[Measured, datetime], float]
# Ages are in seconds, nought where nothing waits, so that a rule for alerts has a figure to look at.
FIGURES: Mapping[str, tuple[str, Figure]] = {
    "facts_waiting": ("What happened and is still to be reacted to.", lambda m, _now: m.facts.waiting),
    "facts_given_up": ("Facts that failed eight times and wait for a person.", lambda m, _now: m.facts.given_up),
    "facts_oldest_waiting_seconds": ("Age of the oldest fact that waits.", lambda m, now: age(m.facts.oldest, now)),
    "index_lag_seconds": (
        "Age of the oldest fact that the search index does not know of.", lambda m, now: age(m.facts.unindexed, now),
    ),
    "mails_waiting": ("Mails that are to be sent, or sent again.", lambda m, _now: m.mails.waiting),
    "mails_oldest_waiting_seconds": ("Age of the oldest mail that waits.", lambda m, now: age(m.mails.oldest, now)),
    "mails_given_up": ("Mails that could not be sent in eight tries.", lambda m, _now: m.mails.given_up),
    "jobs_waiting": ("Work in the background that waits.", lambda m, _now: m.jobs.waiting),
    "jobs_running": ("Work in the background under way.", lambda m, _now: m.jobs.running),
    "jobs_failed_day": ("Work in the background that failed within the last day.", lambda m, _now: m.jobs.failed),
    "files_unscanned": ("Files that wait for the scanner.", lambda m, _now: m.files.waiting),
    "files_oldest_unscanned_seconds": (
        "Age of the oldest file that waits for the scanner.", lambda m, now: age(m.files.oldest, now),
    ),
    "files_never_scanned": (
        "Files that were sent before there was a scanner, and are given out.", lambda m, _now: m.files.unscanned,
    ),
    "audit_unsigned_seconds": (
        "Age of the oldest event of the record that no signature covers yet.", lambda m, now: age(m.unsigned, now),
    ),
}  # fmt: skip
"""What is read from the database: name without `counterpart_`, what it says, and how it is told."""


class Metrics:
    """What one application counts, and how it is written down."""

    def __init__(self, measure: Callable[[], Measured | None], now: Callable[[], datetime], around: Surroundings):
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.latency = Histogram(
            "counterpart_request_duration_seconds", "Time from the head of a request to its answer.",
            ["route", "method", "status"], buckets=BUCKETS, registry=registry,
        )  # fmt: skip
        self.in_flight = Gauge("counterpart_requests_in_flight", "Requests that are answered now.", registry=registry)
        self.conflicts = Counter(
            "counterpart_conflicts", "Changes refused since somebody else was first, by kind.", ["kind"],
            registry=registry,
        )  # fmt: skip
        self.forged = _counter(registry, "forms_refused", "Forms that came without a good token.")
        self.limited = _counter(registry, "requests_limited", "Requests refused as too many.")
        self.searched = _counter(
            registry, "searches_from_database", "Searches answered without the index, which could not be read."
        )
        for kind in CONFLICTS:
            # A counter that begins with nought: the first conflict is a rise that an alert can see.
            self.conflicts.labels(kind)
        self.of_site = OfSite(measure, now, around)
        registry.register(self.of_site)

    def note_answer(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self.latency.labels(route, method, f"{status // 100}xx").observe(seconds)

    def note_tally(self, counted: Mapping[str, int]) -> None:
        """What was counted while a request was answered (foundation.tally)."""
        own = {"forged_form": self.forged, "limited": self.limited, "search_from_database": self.searched}
        for kind, number in counted.items():
            (own.get(kind) or self.conflicts.labels(kind)).inc(number)

    def written(self) -> bytes:
        """Everything, in the text form of Prometheus."""
        return generate_latest(self.registry)


def _counter(registry: CollectorRegistry, name: str, says: str) -> Counter:
    return Counter(f"counterpart_{name}", says, registry=registry)


class OfSite(Collector):
    """What is not counted but looked up whenever somebody asks: the database, the disk, the last backup."""

    def __init__(self, measure: Callable[[], Measured | None], now: Callable[[], datetime], around: Surroundings):
        self.measure, self.now, self.around = measure, now, around

    def collect(self) -> Iterable[Metric]:
        """The figures of this moment; those of the database are left out where it does not answer."""
        now, measured = self.now(), self.measure()
        yield _gauge("database_up", "Whether the database answers and has its tables.", measured is not None)
        if measured is not None:
            yield from (_gauge(name, says, figure(measured, now)) for name, (says, figure) in FIGURES.items())
        disk, backup = self.around.disk(), self.around.backup()
        if disk is not None:
            yield _gauge("disk_free_bytes", "Bytes free where the site keeps its data.", disk.free)
            yield _gauge("disk_size_bytes", "Bytes in all where the site keeps its data.", disk.size)
        if backup.at is not None:
            yield _gauge("backup_age_seconds", "Age of the last backup that is known.", age(backup.at, now))
        built = GaugeMetricFamily("counterpart_build_info", "The version of the site, as a label.", labels=["version"])
        built.add_metric([self.around.version], 1)
        yield built


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"counterpart_{name}", says, value=float(value))
