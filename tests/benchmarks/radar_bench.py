"""How long the radar takes over 10,000 programmes and 5,000 needs, beside a plain list page, the list of needs.

`make bench-radar` fills a scratch database on SQLite with rows that follow from one seed, then asks the real site for
both pages in turn, as three readers: nobody, a person of a donor, and the office. Everything stays on this machine.
Figures go to standard output and, with BENCH_OUT, to <BENCH_OUT>/radar.json. The pictures of who gives what are asked
for beside. It ends with 1 where the radar takes more than three times as long as the list, or a picture more than four
times, also with the first look after a change: what was read is kept, and what has changed since is read anew. How long
a whole reading takes is told beside.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from flask import g
from sqlalchemy import select

from app import create_app
from app.config import Settings
from app.courses.models import Course
from app.foundation.audit import record_event
from app.foundation.db import Database
from app.foundation.migrate import upgrade
from app.foundation.permissions import ANONYMOUS, SYSTEM, Actor, Membership
from app.needs.models import Need
from app.overview.giving import memory as giving
from app.overview.radar import memory as radar
from app.overview.radar import queries
from app.pledges.models import Pledge
from app.programmes.models import Programme
from tests.benchmarks.radar_rows import SEED, Size, fill

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RADAR, LIST = "/overview/radar", "/needs"
PICTURES = ("/overview/who", "/overview/flows", "/overview/timeline?country=SN")
MOST = 3.0
"""So many times as long as the list may the radar take."""
MOST_OF_PICTURES = 4.0
REST = 3


@dataclass(frozen=True)
class Reader:
    """Who asks, by a name."""

    name: str
    actor: Actor


READERS = (
    Reader("anybody", ANONYMOUS),
    Reader("donor", Actor(1, memberships=(Membership(1, "O-1", "Donor", "donor", "verified", "editor"),))),
    Reader("office", Actor(2, memberships=(Membership(999, "O-2", "Office", "secretariat", "verified", "editor"),))),
)


@contextmanager
def scratch(size: Size) -> Iterator[tuple[Settings, Database]]:
    """A database with so many rows, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(
            Settings.from_environment({"COUNTERPART_DATA_DIR": folder, "COUNTERPART_DEMONSTRATION": "0"}),
            fixed_now=NOW, rate_limits=False,
        )  # fmt: skip
        database = Database(settings.database_url)
        try:
            upgrade(database)
            fill(database, size, NOW)
            yield settings, database
        finally:
            database.close()


def pages(settings: Settings, database: Database, *, keeps: bool = True) -> Callable[[Reader, str], float]:
    """Asks the site for a page as that reader; gives back the seconds that it took.

    A site that does not keep what it has read reads it anew each time, as the first one after a change does.
    """
    app = create_app(settings, database)
    for name, memory in (("radar", radar.Memory), ("givings", giving.Memory)):
        app.extensions["counterpart"].parts[name] = memory() if keeps else memory(sys.maxsize)
    asked_by: list[Actor] = []
    app.before_request(lambda: setattr(g, "actor", asked_by[0]))
    client = app.test_client()

    def ask(reader: Reader, path: str) -> float:
        asked_by[:] = [reader.actor]
        begin = time.perf_counter()
        answer = client.get(path)
        took = time.perf_counter() - begin
        if answer.status_code != 200:
            sys.exit(f"{path} answered {answer.status_code}")
        return took

    return ask


class Changes:
    """Changes one record after the other, of each kind in turn, as the services do: each change with its event."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.rng = random.Random(SEED)
        self.kinds = cycle((Programme, Need, Pledge, Course))

    def one(self) -> None:
        """Change one record of chance."""
        kind: Any = next(self.kinds)
        with self.database.transaction() as tx:
            row = tx.scalars(select(kind).order_by(kind.id).offset(self.rng.randrange(200)).limit(1)).unique().one()
            row.disclosure = self.rng.choice(("public", "public", "members"))
            row.changed_at = NOW
            record_event(tx, SYSTEM, f"{kind.record_kind}.amended", row, NOW)


def spread(seconds: list[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    p95 = statistics.quantiles(seconds, n=20)[18]
    return {"p50_ms": round(1000 * statistics.median(seconds), 1), "p95_ms": round(1000 * p95, 1)}


def measure(
    ask: Callable[[Reader, str], float], times: int, between: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """All pages in turn for each reader, each with its ratio to the list; `between` happens before each turn."""
    found: dict[str, Any] = {}
    for reader in READERS:
        seconds: dict[str, list[float]] = {path: [] for path in (LIST, RADAR, *PICTURES)}
        for number in range(times + REST):
            between()
            for path in seconds:
                took = ask(reader, path)
                # The first ones compile templates and fill the site's own memory.
                seconds[path] += [took] if number >= REST else []
        spreads = {path: spread(its) for path, its in seconds.items()}
        whole = spreads[LIST]["p50_ms"]
        found[reader.name] = {path: {**its, "ratio": round(its["p50_ms"] / whole, 2)} for path, its in spreads.items()}
    return found


def too_slow(figures: dict[str, Any]) -> list[str]:
    """What takes longer than it may, beside the list."""
    return [
        f"{path} for {name}"
        for name, pages_of_it in figures.items()
        for path, its in pages_of_it.items()
        if its["ratio"] > (MOST if path == RADAR else MOST_OF_PICTURES)
    ]


def main() -> int:
    """Measure, say so, and judge."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--programmes", type=int, default=10_000)
    asked.add_argument("--needs", type=int, default=5_000)
    asked.add_argument("--times", type=int, default=40)
    wanted = asked.parse_args()
    size = Size(programmes=wanted.programmes, needs=wanted.needs)
    with scratch(size) as (settings, database):
        found = measure(pages(settings, database), wanted.times)
        after = measure(pages(settings, database), wanted.times, Changes(database).one)
        anew = measure(pages(settings, database, keeps=False), wanted.times)
        with database.reading() as tx:
            begin = time.perf_counter()
            number = len(queries.findings_in(tx, ANONYMOUS, NOW.date()))
            all_of_them = round(1000 * (time.perf_counter() - begin), 1)
    report = {"programmes": size.programmes, "needs": size.needs, "times": wanted.times, "readers": found}
    report["after_a_change"], report["read_anew_each_time"] = after, anew
    report |= {"findings": number, "findings_in_ms": all_of_them}
    for title, figures in (("nothing has changed", found), ("after a change", after), ("read anew each time", anew)):
        print(title)
        for name, pages_of_it in figures.items():
            for path, its in pages_of_it.items():
                print(f"  {name:8} {path:30} {its['p50_ms']:8} {its['p95_ms']:8}  ratio {its['ratio']}")
    print(f"all {number} findings with their records: {all_of_them} ms")
    out = os.environ.get("BENCH_OUT")
    if out:
        Path(out).mkdir(parents=True, exist_ok=True)
        (Path(out) / "radar.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    slow = [*too_slow(found), *too_slow(after)]
    print(*slow, sep="\n")
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
