"""Writes the section on the whole site in docs/benchmarks.md, and its pictures, from the figures of site_bench.

`make bench-report` measures nothing. The figures are those of BENCH_OUT/site.json or, without it, those kept beside the
code.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from tests.benchmarks.scale_model import ENGINE_NAMES
from tests.benchmarks.whole import pictures
from tests.benchmarks.whole.pages import NAMES, TARGETS
from tests.benchmarks.whole.writing import IMAGES, NoFigures, figures, plain, put, table

LARGEST = 100_000
MOST_KB, MOST_REQUESTS, MOST_MS = 60, 6, 1000
PEERS = {
    "home": ("home", (144, 168), (83, 115), (560, 6_243)),
    "list_filtered": ("filtered list", (286, 1_225), (55, 52), (890, 11_790)),
    "search": ("two-word search", (301, 1_307), (429, 4_813), (797, 12_215)),
    "need": ("detail", (143, 177), (80, 106), (127, 149)),
    "post": ("create, form and post", (220, 233), (183, 244), (182, 232)),
}
"""Server milliseconds at 1,000 and at 10,000 records of Sahana Eden, FlaskBB and django-oscar, measured 2026-11-23."""
PEER_NAMES = ("Sahana Eden", "FlaskBB 2.2.0", "django-oscar 4.2.1")

Rows = list[dict[str, Any]]


def find(rows: Rows, records: int, engine: str, processes: int = 1) -> dict[str, Any] | None:
    """The row of one configuration, if it was measured."""
    asked = (records, engine, processes)
    return next((row for row in rows if (row["records"], row["engine"], row["processes"]) == asked), None)


def pages_table(rows: Rows) -> str:
    """Milliseconds and ratios of every page in every configuration."""
    ordered = sorted(rows, key=lambda row: (row["engine"] != "sqlite", row["records"], row["processes"]))
    head = ["page", *(f"{ENGINE_NAMES[r['engine']]} {r['records']:,}, {r['processes']}" for r in ordered)]
    lines = [["bare page, ms", *(plain(row["bare"]["cpu_ms"], 2) for row in ordered)]]
    for name, title in NAMES.items():
        lines.append([title, *(_cell(row["pages"].get(name)) for row in ordered)])
    lines.append(["load of the machine meanwhile", *(plain(row["load"]) for row in ordered)])
    return table(head, lines)


def _cell(page: dict[str, Any] | None) -> str:
    if page is None:
        return "not measured"
    beside = f" + {plain(page['database_ms'])}" if page["database_ms"] > 0.05 else ""
    return f"{plain(page['cpu_ms'])}{beside} ms, **{plain(page['ratio'])}**"


def goals_table(rows: Rows, measured: dict[str, Rows]) -> str:
    """Every goal with what was reached, and whether that meets it."""
    lines = []
    for engine, title in ENGINE_NAMES.items():
        sizes = sorted(row["records"] for row in rows if row["engine"] == engine and row["processes"] == 1)
        if not sizes:
            lines.append([f"every page, {title}", "", "not measured"])
            continue
        large, small = find(rows, sizes[-1], engine), find(rows, sizes[-2], engine) if sizes[1:] else None
        lines += [_goal(large or {}, small, name, title) for name in TARGETS]
    lines += [*_ways(measured), *_visits(measured)]
    width = 5
    head = ["what", "goal (for 100,000 records)", "reached", "met", "growth"]
    return table(head, [[*line, *[""] * (width - len(line))] for line in lines])


def _goal(large: dict[str, Any], small: dict[str, Any] | None, name: str, title: str) -> list[str]:
    """One page at the largest size that was measured, and how much it grew from the size before."""
    what, goal, page = f"{NAMES[name]}, {title}", f"at most {TARGETS[name]:g} x bare", large["pages"].get(name)
    if page is None:
        return [what, goal, "not measured"]
    before = small["pages"].get(name) if small else None
    grown = f"x {plain(page['cpu_ms'] / before['cpu_ms'])} from {small['records']:,}" if small and before else ""
    reached = f"{plain(page['ratio'])} x at {large['records']:,}"
    return [what, goal, reached, _met(page["ratio"] <= TARGETS[name]), grown]


def _met(holds: bool) -> str:
    return "yes" if holds else "**no**"


def _ways(measured: dict[str, Rows]) -> Iterator[list[str]]:
    for row in measured.get("desk", []):
        for name in ("search", "own_matches", "donor_desk"):
            if name in row:
                what = {"search": "searchable", "own_matches": "matched", "donor_desk": "on the donor's desk"}[name]
                p95 = row[name]["p95_ms"]
                met = _met(p95 <= MOST_MS and not row["missed"])
                yield [
                    f"posted to {what}, p95, {row['records']:,} records",
                    f"{MOST_MS:,} ms",
                    f"{plain(p95, 0)} ms",
                    met,
                ]


def _visits(measured: dict[str, Rows]) -> Iterator[list[str]]:
    for row in measured.get("visits", []):
        holds = row["kilobytes"] <= MOST_KB and row["requests"] <= MOST_REQUESTS and not row["third_parties"]
        without = row["kilobytes"] - row["font_kb"]
        reached = f"{row['kilobytes']} KB ({without:.1f} before the font), {row['requests']} requests"
        yield [f"first visit, {NAMES[row['page']]}", f"{MOST_KB} KB, {MOST_REQUESTS} requests, no third party", reached,
               _met(holds)]  # fmt: skip


def peers_table(rows: Rows) -> str:
    """Server milliseconds beside those of other programs, at 1,000 and 10,000 records."""
    pair = [find(rows, size, "sqlite") for size in (1_000, 10_000)]
    lines = []
    for name, (title, *others) in PEERS.items():
        own = [_own(row, name) for row in pair]
        lines.append([title, " / ".join(own), *(f"{a:,} / {b:,}" for a, b in others)])
    return table(["ms at 1,000 / 10,000 records", "Counterpart, SQLite", *PEER_NAMES], lines)


def _own(row: dict[str, Any] | None, name: str) -> str:
    if row is None:
        return "not measured"
    names = ("post_form", "post_sent") if name == "post" else (name,)
    return plain(sum(row["pages"][one]["cpu_ms"] for one in names), 0)


def draw(rows: Rows) -> None:
    """Bars of every page at each size for each engine, with the goals, and the peers."""
    for engine, title in ENGINE_NAMES.items():
        found = {size: find(rows, size, engine) for size in (1_000, 10_000, LARGEST)}
        if not any(found.values()):
            continue
        groups = {
            NAMES[name]: [row["pages"].get(name, {}).get("ratio") if row else None for row in found.values()]
            for name in NAMES
        }
        goals = {NAMES[name]: most for name, most in TARGETS.items()}
        series = [f"{size:,} records" for size in found]
        drawn = pictures.Bars(f"So many times the bare page ({title}; dashed: the goal)", series, groups, " x", goals)
        pictures.write(IMAGES, f"bench-{engine}", pictures.bars(drawn))
    own = find(rows, 10_000, "sqlite")
    if own is not None:
        groups = {title: [float(_own(own, name).replace(",", "")), *(float(one[1]) for one in others)]
                  for name, (title, *others) in PEERS.items()}  # fmt: skip
        drawn = pictures.Bars("Server milliseconds at 10,000 records", ["Counterpart", *PEER_NAMES], groups, " ms")
        pictures.write(IMAGES, "bench-peers", pictures.bars(drawn))


def main() -> int:
    """Write the section and its pictures; 1 where there is nothing to write from."""
    try:
        measured, file = figures()
    except NoFigures as error:
        print(error, file=sys.stderr)
        return 1
    rows = measured.get("pages", [])
    parts = {"pages": pages_table(rows), "goals": goals_table(rows, measured), "peers": peers_table(rows)}
    draw(rows)
    missing = put("benchmarks.md", parts)
    print("\n".join(parts.values()))
    print(f"docs/benchmarks.md is written from {file.name}" + (f"; it has no marks for {missing}" if missing else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
