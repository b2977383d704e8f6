"""What every page of the whole site costs at 1,000, 10,000 and 100,000 records, on both engines, beside a bare page.

`make bench-site` fills a site of each size (and keeps it for the next run, see whole/store.py), serves it as
app/serve.py does with one and two web processes, and measures the processor time that the server spends on a page,
apart from whoever asks. Figures go to standard output and, with BENCH_OUT, to <BENCH_OUT>/site.json, where those of
earlier runs that were not measured anew stay; docs/benchmarks.md is written from them by site_report.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks import desk_bench
from tests.benchmarks.whole import store
from tests.benchmarks.whole.load import crowds
from tests.benchmarks.whole.measure import Plan, measure
from tests.benchmarks.whole.pages import NAMES, addresses
from tests.benchmarks.whole.processes import serving, site_command
from tests.benchmarks.whole.visits import first_visits
from tests.servers import NoServer

PARTS = ("pages", "visits", "desk", "load")
KEYS = {"pages": ("records", "engine", "processes"), "load": ("records", "engine", "processes", "people"),
        "visits": ("page",), "desk": ("records",)}  # fmt: skip


def kept() -> dict[str, list[dict[str, Any]]]:
    """What earlier runs have measured."""
    file = _file()
    return json.loads(file.read_text(encoding="utf-8")) if file is not None and file.exists() else {}


def _file() -> Path | None:
    folder = os.environ.get("BENCH_OUT")
    return Path(folder) / "site.json" if folder else None


def keep(part: str, rows: list[dict[str, Any]]) -> None:
    """Put rows in the place of earlier ones of the same configuration."""
    file = _file()
    if file is None:
        return
    stamp = {"at": datetime.now(UTC).isoformat(timespec="minutes"), "revision": _revision(), "cores": os.cpu_count(),
             "python": platform.python_version()}  # fmt: skip
    known = kept()
    keys = KEYS[part]
    new = {tuple(row[key] for key in keys): {**row, **stamp} for row in rows}
    old = [row for row in known.get(part, []) if tuple(row[key] for key in keys) not in new]
    known[part] = sorted([*old, *new.values()], key=lambda row: [str(row[key]).rjust(9) for key in keys])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def _revision() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def pages(arguments: Namespace) -> None:
    """What each page costs in each configuration."""
    plan = Plan(arguments.rounds, arguments.warm, arguments.only)
    for size in arguments.sizes:
        for engine in arguments.engines:
            for processes in arguments.processes:
                try:
                    row = measure(size, engine, processes, plan)
                except NoServer as error:
                    print(f"{engine}: left out, {error}")
                    continue
                show(row)
                keep("pages", [row])


def show(row: dict[str, Any]) -> None:
    """A table of one configuration."""
    print(
        f"\n{row['records']} records, {row['engine']}, {row['processes']} web processes; a bare page "
        f"{row['bare']['cpu_ms']} ms of the web process; load {row['load']:.1f}; bytes {row['bytes']}"
    )
    for name, page in row["pages"].items():
        print(
            f"  {NAMES[name]:40} {page['cpu_ms']:8.2f} ms = {page['ratio']:5.2f} x bare   database "
            f"{page['database_ms']:8.2f} ms   {page['bytes'] / 1024:6.1f} KB   n={page['n']}"
        )
    print(f"  worker {row['worker']}   memory {row['memory_mb']} MB", flush=True)


def visits(_arguments: Namespace) -> None:
    """First visits of a browser to the main pages, among 1,000 records."""
    with tempfile.TemporaryDirectory(prefix="visit-bench-") as name:
        folder = Path(name)
        filled = store.copied(1000, folder, None)
        paths = {name: many[0] for name, many in addresses(filled.database_url).items() if name in FIRST}
        environment = filled.site.environment
        with serving(site_command(environment, 1), environment, folder / "said.txt", "/health/live") as server:
            rows = first_visits(server.address, paths)
    for row in rows:
        print(row)
    keep("visits", rows)


FIRST = ("home", "list", "need", "search")


def desk(arguments: Namespace) -> None:
    """From posting to the other side's desk, as desk_bench measures it, on the embedded default."""
    with tempfile.TemporaryDirectory(prefix="desk-") as folder:
        asked = Namespace(records=arguments.desk_records, posts=arguments.posts, minutes=arguments.minutes)
        result = desk_bench.measure(Path(folder), asked)
    desk_bench.say(result)
    keep("desk", [result])


def load(arguments: Namespace) -> None:
    """A crowd at one and two web processes."""
    for engine in arguments.engines:
        keep("load", crowds(arguments.load_records, engine, arguments.processes, arguments.people))


def numbers(text: str) -> list[int]:
    """1000,10000 as numbers."""
    return [int(one) for one in text.split(",")]


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=numbers, default=[1000, 10_000], help="how many records, e.g. 1000,10000")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=["sqlite", "postgresql"])
    parser.add_argument("--processes", type=numbers, default=[1, 2], help="how many web processes, e.g. 1,2")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warm", type=int, default=12, help="requests of each page before any counts")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], help="some pages: " + ",".join(NAMES))
    parser.add_argument("--parts", type=lambda text: text.split(","), default=list(PARTS), help="of " + ",".join(PARTS))
    parser.add_argument("--posts", type=int, default=60, help="how many needs are posted for the way to the desk")
    parser.add_argument("--minutes", type=float, default=10, help="when to stop posting them")
    parser.add_argument("--desk-records", type=int, default=10_000, help="among how many records they are posted")
    parser.add_argument("--load-records", type=int, default=10_000, help="among how many records a crowd reads")
    parser.add_argument("--people", type=numbers, default=[2, 4, 8, 16, 32], help="how many people are in each crowd")
    arguments = parser.parse_args()
    for part in arguments.parts:
        {"pages": pages, "visits": visits, "desk": desk, "load": load}[part](arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
