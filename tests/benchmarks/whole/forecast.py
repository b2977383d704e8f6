"""What so many accounts and records ask of the machines, reckoned from what was measured: pure functions.

A figure that was measured at two sizes grows between and beyond them by a power of the number of records; the power is
what the two measurements give, and never below 0. What people do is assumed, and all assumptions stand in one place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.whole.queues import mean_response, response_quantile

SECONDS_OF_AN_HOUR = 3600
WORKING_DAYS = 21
MOST_BUSY = 0.7
"""A part that works for more than seven tenths of the busy hour is called full: beyond that, waits grow quickly."""
PATIENCE_S = 1.0


MIX: Mapping[str, float] = {
    "home": 8, "list": 12, "list_filtered": 10, "need": 34, "matches": 6, "search": 20, "desk_official": 5,
    "desk_donor": 5,
}  # fmt: skip
"""Of a hundred pages, how many are which."""


@dataclass(frozen=True)
class Assumptions:
    """What people do. Counts are for each account; `mix` tells how many of a hundred pages are which."""

    records: float = 100.0
    visits_a_day: float = 0.25
    pages_of_a_visit: float = 12.0
    visits_of_others_a_day: float = 0.5
    pages_of_others: float = 5.0
    posts_a_month: float = 1.0
    changes_of_a_post: float = 3.0
    busy_hour: float = 0.2
    mix: Mapping[str, float] = field(default_factory=lambda: dict(MIX))


@dataclass(frozen=True)
class Demand:
    """What comes in the busiest hour, each second: pages, posts (a form fetched and sent), facts for the worker."""

    pages: float
    posts: float
    facts: float

    @property
    def requests(self) -> float:
        """Everything that a web process has to answer."""
        return self.pages + 2 * self.posts


def demand(accounts: float, said: Assumptions) -> Demand:
    """What so many accounts ask for in the busiest hour of a working day."""
    pages = said.visits_a_day * said.pages_of_a_visit + said.visits_of_others_a_day * said.pages_of_others
    posts = said.posts_a_month / WORKING_DAYS
    hourly = accounts * said.busy_hour / SECONDS_OF_AN_HOUR
    return Demand(pages * hourly, posts * hourly, posts * (1 + said.changes_of_a_post) * hourly)


@dataclass(frozen=True)
class Growth:
    """A figure that grows by a power of the number of records: `at` records it is `value`."""

    at: float
    value: float
    power: float

    def __call__(self, records: float) -> float:
        """The figure at so many records."""
        return self.value * (max(records, 1.0) / self.at) ** self.power


def fitted(small: tuple[float, float], large: tuple[float, float]) -> Growth:
    """The growth through two measurements (records, figure); what grew smaller is taken not to grow.

    Raises:
        ValueError: both are of the same size, or a figure is not positive.
    """
    (few, before), (many, after) = small, large
    if not 0 < few < many or before <= 0 or after <= 0:
        raise ValueError("a growth needs two sizes and two positive figures")
    power = max(0.0, math.log(after / before) / math.log(many / few))
    return Growth(many, max(after, before) if power == 0 else after, power)


@dataclass(frozen=True)
class Line:
    """A figure that is so much to begin with and so much more for each record."""

    start: float
    each: float

    def __call__(self, records: float) -> float:
        """The figure at so many records."""
        return self.start + self.each * records


def straight(small: tuple[float, float], large: tuple[float, float]) -> Line:
    """The line through two measurements; nothing shrinks with more records."""
    (few, before), (many, after) = small, large
    each = max(0.0, (after - before) / (many - few))
    return Line(after - each * many, each)


@dataclass(frozen=True)
class Site:
    """One engine as it was measured: milliseconds of the processor by page, bytes and megabytes."""

    engine: str
    web: Mapping[str, Growth]
    database: Mapping[str, Growth]
    fact: Growth
    database_bytes: Line
    index_bytes: Line
    memory: Line
    worker_memory: Line


def site_from(rows: list[dict[str, Any]], engine: str) -> Site | None:
    """The engine's figures of one web process, each from the two largest sizes at which it was measured.

    Nothing, where a figure was not measured at two sizes.
    """
    own = sorted((r for r in rows if r["engine"] == engine and r["processes"] == 1), key=lambda r: int(r["records"]))
    names = (*MIX, "post_form", "post_sent")
    wanted = [("pages", name, "cpu_ms") for name in names] + [("worker", "cpu_ms"), ("bytes", "index")]
    if any(len(_measured(own, path)) < 2 for path in wanted):
        return None

    def line(*path: str) -> Line:
        return straight(*_measured(own, path)[-2:])

    return Site(
        engine=engine,
        web={name: fitted(*_measured(own, ("pages", name, "cpu_ms"))[-2:]) for name in names},
        database={name: _beside(own, name) for name in names},
        fact=fitted(*_measured(own, ("worker", "cpu_ms"))[-2:]),
        database_bytes=line("bytes", "database"),
        index_bytes=line("bytes", "index"),
        memory=line("memory_mb"),
        worker_memory=line("worker", "memory_mb"),
    )


def _measured(rows: list[dict[str, Any]], path: tuple[str, ...]) -> list[tuple[float, float]]:
    """A figure at every size at which it was measured, the smallest first; nothing counts as not measured."""
    found = []
    for row in rows:
        value: Any = row
        for name in path:
            value = value.get(name, {}) if isinstance(value, dict) else {}
        # Of the memory of several processes that of the largest counts: the others only pass on signals.
        number = float((max(value, default=0) if isinstance(value, list) else value) or 0)
        if number > 0:
            found.append((float(row["records"]), number))
    return found


def _beside(rows: list[dict[str, Any]], name: str) -> Growth:
    """The database's own part of a page, which is nothing where it works inside the web process."""
    found = _measured(rows, ("pages", name, "database_ms"))
    return fitted(*found[-2:]) if len(found) > 1 else Growth(1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Service:
    """Mean seconds of the processor for a request, how varied they are, and the same of the database."""

    mean: float
    variation: float
    database: float


def service(site: Site, accounts: float, said: Assumptions) -> Service:
    """What a request costs in the mean, at the records that so many accounts have."""
    records, asked = accounts * said.records, demand(accounts, said)
    hundred = sum(said.mix.values())
    rates = {name: asked.pages * share / hundred for name, share in said.mix.items()}
    rates |= {"post_form": asked.posts, "post_sent": asked.posts}
    total = sum(rates.values())
    costs = {name: site.web[name](records) / 1000 for name in rates}
    mean = sum(rates[name] * costs[name] for name in rates) / total
    # Each kind of page varies by chance around its own mean: exponential, so that its square is twice its mean's.
    square = sum(rates[name] * 2 * costs[name] ** 2 for name in rates) / total
    database = sum(rates[name] * site.database[name](records) / 1000 for name in rates) / total
    return Service(mean, square / mean**2 - 1, database)


def page_times(site: Site, accounts: float, processes: int, said: Assumptions) -> tuple[float, float]:
    """Mean and 95th percentile of an answer in the busy hour, in seconds; endless where it cannot be done."""
    one, rate = service(site, accounts, said), demand(accounts, said).requests
    # Whoever waits for the database holds the process's thread, not its lock: the time is added, not queued for.
    mean = mean_response(processes, rate, one.mean, one.variation) + one.database
    return mean, response_quantile(processes, rate, one.mean, 0.95, one.variation) + one.database


def processes_for(site: Site, accounts: float, said: Assumptions) -> int | None:
    """How many web processes are not full and answer 95 of 100 requests within a second; nothing where none would."""
    one, rate = service(site, accounts, said), demand(accounts, said).requests
    if response_quantile(10**6, rate, one.mean, 0.95, one.variation) + one.database > PATIENCE_S:
        return None
    count = max(1, math.ceil(rate * one.mean / MOST_BUSY))
    while response_quantile(count, rate, one.mean, 0.95, one.variation) + one.database > PATIENCE_S:
        count += 1
    return count


@dataclass(frozen=True)
class Needs:
    """What so many accounts need: cores by part, and gigabytes."""

    web_cores: float
    database_cores: float
    worker_cores: float
    database_gb: float
    index_gb: float
    memory_gb: float


def needs(site: Site, accounts: float, said: Assumptions) -> Needs:
    """What the busy hour needs; memory is that of one web process."""
    asked, one, records = demand(accounts, said), service(site, accounts, said), accounts * said.records
    return Needs(
        web_cores=asked.requests * one.mean,
        database_cores=asked.requests * one.database,
        worker_cores=asked.facts * site.fact(records) / 1000,
        database_gb=site.database_bytes(records) / 1e9,
        index_gb=site.index_bytes(records) / 1e9,
        memory_gb=site.memory(records) / 1024,
    )


LIMITS: Mapping[str, tuple[str, float]] = {
    "one web process": ("web_cores", MOST_BUSY),
    "sixteen web processes": ("web_cores", 16 * MOST_BUSY),
    "one worker": ("worker_cores", MOST_BUSY),
    "a database of eight cores": ("database_cores", 8 * MOST_BUSY),
    "a disk of 1,000 GB for the database": ("database_gb", 1000.0),
    "8 GB of memory for one web process": ("memory_gb", 8.0),
}
"""Each part with the figure that fills it, and at how much it is full."""
MOST_ACCOUNTS = 10_000_000.0


def full_at(site: Site, part: str, said: Assumptions) -> float:
    """At how many accounts, with the records that they have, this part is full; endless where ten million fit."""
    name, most = LIMITS[part]
    low, high = 1.0, MOST_ACCOUNTS
    if getattr(needs(site, high, said), name) <= most:
        return math.inf
    for _step in range(60):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if getattr(needs(site, middle, said), name) <= most else (low, middle)
    return low
