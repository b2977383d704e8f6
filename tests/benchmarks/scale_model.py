"""Replays the model of docs/scale.md from measured figures: what so many accounts need, and what is full first.

`make scale` prints the tables, writes them between the marks of docs/scale.md and draws docs/images/scale.svg. The
figures are those of BENCH_OUT/site.json or, without it, those kept beside the code. Nothing is measured here.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
from dataclasses import replace
from typing import Any

from tests.benchmarks.whole import forecast, pictures
from tests.benchmarks.whole.forecast import LIMITS, Assumptions, Site, demand, full_at, needs, page_times, processes_for
from tests.benchmarks.whole.pages import NAMES
from tests.benchmarks.whole.queues import circle
from tests.benchmarks.whole.writing import IMAGES, NoFigures, figures, plain, put, table

CROWDS = (1_000, 10_000, 100_000)
PROCESSES = (1, 2, 4, 8, 16)
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
ENGINE_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def demand_table(said: Assumptions) -> str:
    """What comes in the busiest hour."""
    rows = []
    for accounts in CROWDS:
        asked = demand(accounts, said)
        rate = (plain(asked.pages, 2), plain(60 * asked.posts, 2), plain(60 * asked.facts, 2))
        rows.append((f"{accounts:,}", f"{accounts * said.records:,.0f}", *rate))
    return table(["accounts", "records", "pages a second", "posts a minute", "facts a minute"], rows)


def costs_table(site: Site) -> str:
    """Milliseconds of the web process and of the database's, by page and size."""
    rows = []
    for name, growth in site.web.items():
        cells = [plain(growth(size)) for size in SIZES]
        beside = [plain(site.database[name](size)) for size in (SIZES[1], SIZES[-1])] if site.engine != "sqlite" else []
        rows.append((NAMES[name], *cells, f"{growth.power:.2f}", *beside))
    rows.append(("a fact, in the worker", *(plain(site.fact(size)) for size in SIZES), f"{site.fact.power:.2f}"))
    head = ["milliseconds", *(f"{size:,}" for size in SIZES), "power"]
    more = ["database, 100,000", "database, 10,000,000"] if site.engine != "sqlite" else []
    width = len(head) + len(more)
    return table([*head, *more], [[*row, *[""] * (width - len(row))] for row in rows])


def sizes_table(sites: list[Site]) -> str:
    """Bytes and memory for each record, and what ten million records take."""
    rows = []
    for site in sites:
        at = SIZES[-1]
        rows.append((
            ENGINE_NAMES[site.engine], plain(site.database_bytes.each, 0), plain(site.index_bytes.each, 0),
            plain(site.memory.start), plain(site.memory.each * 1024 * 1024, 0), plain(site.database_bytes(at) / 1e9),
            plain(site.index_bytes(at) / 1e9), plain(site.memory(at) / 1024),
        ))  # fmt: skip
    head = ["engine", "bytes of the database a record", "bytes of the index a record", "a web process, MB",
            "and for each record, bytes", "10 million: database, GB", "index, GB", "a web process, GB"]  # fmt: skip
    return table(head, rows)


def needs_table(site: Site, said: Assumptions) -> str:
    """What so many accounts need."""
    rows = []
    for accounts in CROWDS:
        wanted, count = needs(site, accounts, said), processes_for(site, accounts, said)
        rows.append((
            f"{accounts:,}", f"{accounts * said.records:,.0f}",
            "none is enough" if count is None else f"{count:,}", plain(wanted.web_cores, 2),
            plain(wanted.database_cores, 2), plain(wanted.worker_cores, 2), plain(wanted.database_gb),
            plain(wanted.index_gb), plain(wanted.memory_gb, 2),
        ))  # fmt: skip
    head = ["accounts", "records", "web processes for a p95 of a second", "their cores", "cores of the database",
            "cores of workers", "database, GB", "index, GB", "memory of a web process, GB"]  # fmt: skip
    return table(head, rows)


def full_table(site: Site, said: Assumptions) -> str:
    """Where each part is full, the first one first; with records for each account, and with the records of today."""
    still = replace(said, records=100_000 / 1000)
    rows = []
    for part in sorted(LIMITS, key=lambda one: full_at(site, one, said)):
        accounts = full_at(site, part, said)
        records = accounts * said.records
        flat = full_at(_frozen(site, 100_000), part, still)
        rows.append((part, plain(accounts), plain(records), plain(flat)))
    return table(
        ["part", "is full at accounts", "records", "at accounts, if a page cost what it costs at 100,000"], rows
    )


def _frozen(site: Site, records: float) -> Site:
    """The same site on which nothing that a page costs grows beyond so many records."""

    def fixed(growth: forecast.Growth) -> forecast.Growth:
        return forecast.Growth(records, growth(records), 0.0)

    web = {name: fixed(growth) for name, growth in site.web.items()}
    database = {name: fixed(growth) for name, growth in site.database.items()}
    return replace(site, web=web, database=database, fact=fixed(site.fact))


def proof_table(rows: list[dict[str, Any]]) -> tuple[str, str]:
    """What the closed circle foretells beside what was measured, and a sentence on how far they are apart."""
    lines, errors, tails = [], [], []
    for row in rows:
        alone = row["alone"]["mean_ms"] / 1000
        told = circle(row["processes"], row["people"], alone, row["think_s"])
        wrong = told.rate / row["per_second"] - 1
        tail = told.p95 * 1000 / row["p95_ms"] - 1
        errors.append(abs(wrong))
        tails.append(abs(tail))
        lines.append((
            ENGINES[row["engine"]], row["processes"], row["people"],
            plain(row["per_second"]), plain(told.rate), f"{wrong:+.0%}",
            plain(row["mean_ms"], 0), plain(told.mean * 1000, 0), plain(row["p95_ms"], 0), plain(told.p95 * 1000, 0),
            f"{tail:+.0%}",
        ))  # fmt: skip
    head = ["engine", "web processes", "people", "pages a second, measured", "foretold", "error",
            "mean ms, measured", "foretold", "p95 ms, measured", "foretold", "error"]  # fmt: skip
    said = (
        f"Error of the throughput: median {statistics.median(errors):.0%}, worst {max(errors):.0%}; of the 95th "
        f"percentile: median {statistics.median(tails):.0%}, worst {max(tails):.0%}."
        if errors
        else "Not measured."
    )
    return table(head, lines), said


def picture(site: Site, said: Assumptions) -> str:
    """The 95th percentile of a page against the number of accounts, for one to sixteen web processes."""
    crowds = [10 ** (2 + step / 16) for step in range(49)]
    drawn = {}
    for count in PROCESSES:
        points = [(accounts, page_times(site, accounts, count, said)[1]) for accounts in crowds]
        drawn[f"{count} process" + "es" * (count > 1)] = [(x, min(y, 1e6)) for x, y in points if not math.isnan(y)]
    title = (
        f"95 of 100 pages within so many seconds ({ENGINE_NAMES[site.engine]}, {said.records:.0f} records an account)"
    )
    drawing = pictures.Lines(title, "accounts", "seconds in the busiest hour", drawn, 4.0, forecast.PATIENCE_S)
    return pictures.lines(drawing)


def replay(measured: dict[str, list[dict[str, Any]]], said: Assumptions) -> dict[str, str]:
    """Every table of the document, by the name of its marks."""
    sites = [s for s in (forecast.site_from(measured.get("pages", []), one) for one in ENGINE_NAMES) if s is not None]
    if not sites:
        raise NoFigures("no engine was measured at two sizes: make bench-site SIZES=10000,100000")
    proof, said_of_it = proof_table(measured.get("load", []))
    parts = {"demand": demand_table(said), "sizes": sizes_table(sites), "proof": f"{proof}\n{said_of_it}"}
    for site in sites:
        parts |= {
            f"costs {site.engine}": costs_table(site), f"needs {site.engine}": needs_table(site, said),
            f"full {site.engine}": full_table(site, said),
        }  # fmt: skip
        pictures.write(IMAGES, f"scale-{site.engine}", picture(site, said))
    return parts


def main() -> int:
    """Print the tables and write them into the document; 1 where there is nothing to reckon with."""
    parser = argparse.ArgumentParser(description=__doc__)
    usual = Assumptions()
    parser.add_argument("--records", type=float, default=usual.records, help="records for each account")
    parser.add_argument("--posts", type=float, default=usual.posts_a_month, help="posts of an account in a month")
    parser.add_argument("--visits", type=float, default=usual.visits_a_day, help="visits of an account in a day")
    parser.add_argument("--busy-hour", type=float, default=usual.busy_hour, help="share of a day in its busiest hour")
    asked = parser.parse_args()
    said = replace(
        usual, records=asked.records, posts_a_month=asked.posts, visits_a_day=asked.visits, busy_hour=asked.busy_hour
    )
    try:
        measured, file = figures()
        parts = replay(measured, said)
    except NoFigures as error:
        print(error, file=sys.stderr)
        return 1
    for name, words in parts.items():
        print(f"\n{name}\n{words}")
    # Other assumptions than those of the document are looked at, not written down.
    if said == usual:
        missing = put("scale.md", parts)
        print(f"docs/scale.md is written from {file.name}" + (f"; it has no marks for {missing}" if missing else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
