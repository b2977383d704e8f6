"""One site of one size on one engine with so many web processes: what each page costs, beside the bare page.

Page and yardstick take turns, batch by batch, so that whatever else the machine does hits both; of each the median of
the batches counts, and of the ratio the median of the pairs.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.benchmarks.whole import bare, store
from tests.benchmarks.whole.pages import AGAIN, FEW, NAMES, Caller, Measured, measured_pages
from tests.benchmarks.whole.processes import Server, bare_command, free_port, of_family, serving, site_command
from tests.benchmarks.whole.working import worked_off
from tests.servers import with_database

BATCH_S, FEWEST, MOST = 0.3, 3, 300
"""A batch goes on until the server has worked so long, so that the kernel's hundredths of a second tell something."""


@dataclass(frozen=True)
class Plan:
    """How many batches of each page, after how many requests that do not count, and of which pages: all, if none."""

    rounds: int = 5
    warm: int = 12
    only: Collection[str] = ()


@dataclass
class Batch:
    """So many requests, and the milliseconds of each: of the web processes, of the database's, and of the clock."""

    requests: int
    web_ms: float
    database_ms: float
    walls_ms: list[float]


@dataclass
class Bench:
    """A site and the yardstick, both running."""

    site: Server
    bare: Server
    postgres: store.Postgres | None

    def batch(self, server: Server, act: Callable[[], None], most: int = MOST) -> Batch:
        """Ask again and again."""
        web, database, walls = server.used(), self._database(), []
        while len(walls) < FEWEST or (server.used() - web < BATCH_S and len(walls) < most):
            for _some in range(FEWEST):
                begin = time.perf_counter()
                act()
                walls.append((time.perf_counter() - begin) * 1000)
        each = 1000 / len(walls)
        return Batch(len(walls), (server.used() - web) * each, (self._database() - database) * each, walls)

    def _database(self) -> float:
        return of_family(self.postgres.pid) if self.postgres else 0.0


def measure(size: int, engine: str, processes: int, plan: Plan) -> dict[str, Any]:
    """Everything of one configuration, or some of its pages."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="site-bench-")))
        postgres = stack.enter_context(store.server()) if engine == "postgresql" else None
        filled = store.copied(size, folder, postgres)
        environment = {**filled.site.environment, "BARE_URL": _bare_url(folder, postgres)}
        bare.prepare(environment["BARE_URL"])
        said = folder / "said.txt"
        site = serving(site_command(filled.site.environment, processes), environment, said, "/health/live")
        bench = Bench(
            stack.enter_context(site),
            stack.enter_context(serving(bare_command(free_port(), processes), environment, said)),
            postgres,
        )
        pages = _rounds(bench, filled.database_url, processes, plan)
        memory = bench.site.memory()
        worker = worked_off(filled.site.environment)
    return {
        "records": size, "engine": engine, "processes": processes, "rounds": plan.rounds, "bytes": filled.bytes,
        "memory_mb": memory, "load": round(os.getloadavg()[0], 1), "worker": worker, **pages,
    }  # fmt: skip


def _bare_url(folder: Path, postgres: store.Postgres | None) -> str:
    if postgres is None:
        return f"sqlite:///{folder / 'bare.sqlite'}"
    with psycopg.connect(postgres.conninfo, autocommit=True) as connection:
        connection.execute(b"DROP DATABASE IF EXISTS bare WITH (FORCE)")
        connection.execute(b"CREATE DATABASE bare")
    return with_database(postgres.conninfo, "bare")


def _rounds(bench: Bench, database_url: str, processes: int, plan: Plan) -> dict[str, Any]:
    pages, callers = measured_pages(bench.site.port, processes, database_url)
    pages = [page for page in pages if page.name in (plan.only or NAMES)]
    yardstick = Caller(bench.bare.port, processes)
    plain = Measured("bare", lambda: _must(yardstick.ask("/")))
    for one in [plain, *pages]:
        # What a process does for the first time, such as making a template or a query, is not what a page costs.
        for _turn in range(plan.warm * processes):
            one.act()
    seen: dict[str, list[tuple[Batch, Batch]]] = {}
    for _round in range(plan.rounds):
        for page in pages:
            beside = bench.batch(bench.bare, plain.act)
            for _again in range(FEW * processes if page.name in AGAIN else 0):
                # What was posted meanwhile has made all kept pages pages of the past.
                page.act()
            seen.setdefault(page.name, []).append((beside, bench.batch(bench.site, page.act)))
    sizes = {page.name: _size_of(page, callers) for page in pages} | {"bare": _size_of(plain, [yardstick])}
    for caller in [*callers, yardstick]:
        caller.close()
    return {
        "bare": _row([pair[0] for pairs in seen.values() for pair in pairs], sizes["bare"]),
        "pages": {name: _row([b for _a, b in pairs], sizes[name], pairs) for name, pairs in seen.items()},
    }


def _size_of(page: Measured, callers: list[Caller]) -> int:
    """Bytes of the body of one more answer, as it travels."""
    before = sum(caller.received for caller in callers)
    page.act()
    return sum(caller.received for caller in callers) - before


def _must(status: int) -> None:
    if status != 200:
        raise RuntimeError(f"the bare page was answered {status}")


def _row(batches: list[Batch], size: int, pairs: list[tuple[Batch, Batch]] | None = None) -> dict[str, Any]:
    walls = [wall for batch in batches for wall in batch.walls_ms]
    row = {
        "n": len(walls), "cpu_ms": round(statistics.median(b.web_ms for b in batches), 3),
        "database_ms": round(statistics.median(b.database_ms for b in batches), 3),
        "wall_p50_ms": round(statistics.median(walls), 2),
        "wall_p95_ms": round(statistics.quantiles(walls, n=20, method="inclusive")[18], 2), "bytes": size,
    }  # fmt: skip
    if pairs:
        ratios = [page.web_ms / beside.web_ms for beside, page in pairs]
        whole = [(b.web_ms + b.database_ms) / (a.web_ms + a.database_ms) for a, b in pairs]
        row |= {"ratio": round(statistics.median(ratios), 2), "ratio_with_database": round(statistics.median(whole), 2)}
        row |= {"ratios": [round(one, 2) for one in ratios]}
    return row
