"""How quick the search engine is at 1,000, 10,000 and 100,000 records, beside SQLite's FTS5 and tantivy in one run.

The page's question: two or three words, two facets ticked, twenty hits, the total and the counts of eight facets. The
question of matching: the 25 most telling words of a need against the open programmes of its country, twenty hits.
Figures go to standard output and, with BENCH_OUT, to <BENCH_OUT>/search.json. It stays on this machine and ends.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.search.engine import ColumnEngine, WhooshEngine
from app.search.engine_types import EngineAnswer, EngineQuery
from app.search.language import query_words
from app.search.terms import groups_of, telling_groups
from tests.benchmarks.corpus import Record, document_of, records
from tests.benchmarks.yardsticks import FACETS, Fts5, Tantivy

QUESTIONS, COMMITS, MANY_COMMITS = 200, 120, 1_000
SEED = 8128


@dataclass(frozen=True)
class Asked:
    """One question as every engine is asked it."""

    text: str
    filters: dict[str, str]


def page_questions(count: int) -> list[Asked]:
    """Words and facets that stand together in one of the records, so that something is found."""
    source, found = random.Random(SEED), []
    for record in records(count * 3, seed=SEED):
        words = [word for word in query_words(record.title) if len(word) > 3 and word.isascii() and word.isalpha()]
        facets = {"type": (record.kind,), **record.facets}
        names = [name for name in ("type", "country", "theme", "language", "status") if any(facets[name])]
        if len(words) >= 3 and len(found) < count:
            ticked = source.sample(names, 2)
            text = " ".join(source.sample(words, source.choice((2, 3))))
            found.append(Asked(text, {name: facets[name][0] for name in ticked}))
    return found


def needs(count: int) -> list[Record]:
    """Records whose texts stand for needs, each of a country."""
    return [record for record in records(count * 3, seed=SEED + 1) if record.facets["country"]][:count]


def open_programmes(need: Record) -> dict[str, str]:
    """What an offer has to be."""
    return {"type": "programme", "status": "open", "country": need.facets["country"][0]}


def ask_page(engine: ColumnEngine, asked: Asked) -> EngineAnswer:
    """The question of the page, as the page asks it."""
    filters = {name: frozenset({value}) for name, value in asked.filters.items() if name != "type"}
    kinds = frozenset({asked.filters["type"]}) if "type" in asked.filters else frozenset()
    return engine.search(EngineQuery(groups_of(asked.text), filters, kinds, facets=FACETS))


def matching_query(need: Record) -> EngineQuery:
    """The question of matching."""
    filters = {name: frozenset({value}) for name, value in open_programmes(need).items()}
    kinds = filters.pop("type")
    return EngineQuery(telling_groups(f"{need.title} \n {need.body}"), filters, kinds, all_words_first=False)


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and the longest, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=20)
    p50, longest = statistics.median(seconds), max(seconds)
    return {"p50_ms": round(p50 * 1e3, 3), "p95_ms": round(cuts[18] * 1e3, 3), "max_ms": round(longest * 1e3, 3)}


def timed(acts: Sequence[Callable[[], Any]]) -> dict[str, Any]:
    """Spread of wall clock, and the median of this process's own time, after one round to warm up."""
    for act in acts[:20]:
        act()
    wall, own = [], []
    for act in acts:
        start, own_start = time.perf_counter(), time.process_time()
        act()
        wall.append(time.perf_counter() - start)
        own.append(time.process_time() - own_start)
    return {**spread(wall), "cpu_p50_ms": round(statistics.median(own) * 1e3, 3)}


def built(folder: Path, size: int) -> tuple[WhooshEngine, dict[str, float]]:
    """The engine with so many records, made from their texts as the site makes them."""
    engine = WhooshEngine(folder / "ours")
    document_of(next(records(1)))
    start = time.process_time()
    for _record in records(size):
        pass
    making = time.process_time() - start
    start, own = time.perf_counter(), time.process_time()
    count = engine.rebuild(document_of(record) for record in records(size))
    own, wall = time.process_time() - own - making, time.perf_counter() - start
    if count != size:
        sys.exit(f"built {count} of {size}")
    return engine, {"cpu_s": round(own, 2), "wall_s": round(wall, 2), "records_per_cpu_s": round(size / own, 1)}


def searches(engine: WhooshEngine, yardsticks: Sequence[Any]) -> dict[str, Any]:
    """Both questions to every engine."""
    pages, wanting = page_questions(QUESTIONS), needs(QUESTIONS)
    asked = [matching_query(need) for need in wanting]
    words = [[group.word for group in query.groups if group.stems] for query in asked]
    filters = [open_programmes(need) for need in wanting]
    figures: dict[str, Any] = {
        "page": {"ours": timed([lambda one=one: ask_page(engine, one) for one in pages])},
        "matching": {"ours": timed([lambda query=query: engine.search(query) for query in asked])},
        "matching_terms": {"ours": timed([lambda need=need: matching_query(need) for need in wanting])},
    }
    for other in yardsticks:
        acts = [lambda one=one, other=other: other.page(one.text.split(), one.filters) for one in pages]
        figures["page"][other.name] = timed(acts)
        pairs = zip(words, filters, strict=True)
        figures["matching"][other.name] = timed([lambda w=w, f=f, other=other: other.alike(w, f) for w, f in pairs])
    found = [ask_page(engine, one).total for one in pages]
    figures["found"] = {"page_median_total": statistics.median(found), "page_none": found.count(0)}
    return figures


def visible(engine: WhooshEngine, size: int, count: int) -> dict[str, Any]:
    """From the call that commits one record to the first search of another process's engine that finds it.

    What the worker does between two commits, merging, is part of the time: somebody may post just then.
    """
    reader, wall, own = WhooshEngine(engine.folder), [], []
    for number, record in enumerate(changed(size, count)):
        document = replace(document_of(record, version=2), title=(f"q{number}z",))
        start, own_start = time.perf_counter(), time.process_time()
        engine.tend()
        engine.replace([document], [])
        found = reader.search(EngineQuery(groups_of(f"q{number}z")))
        wall.append(time.perf_counter() - start)
        own.append(time.process_time() - own_start)
        if [hit.key for hit in found.hits] != [document.key]:
            sys.exit(f"commit {number} is not seen")
    reader.close()
    segments = len(engine.snapshot("public").segments)
    return {"n": count, **spread(wall), "cpu": spread(own), "segments": segments}


def changed(size: int, count: int) -> Iterator[Record]:
    """Records that are there, each with another text."""
    source = random.Random(SEED + 2)
    kinds = {record.number: record.kind for record in records(size)}
    for record in records(count, seed=SEED + 3):
        number = source.randint(1, size)
        yield replace(record, number=number, kind=kinds[number])


def growth(engine: WhooshEngine, size: int, count: int) -> dict[str, Any]:
    """Open files and memory of a process that writes and serves over many commits."""
    marks = []
    reader = WhooshEngine(engine.folder)
    for number, record in enumerate(changed(size, count), start=1):
        engine.replace([document_of(record, version=number)], [])
        engine.tend()
        reader.search(EngineQuery(groups_of("police training"), facets=FACETS))
        if number % 10 == 0:
            reader.suggest("polise")
        if number % (count // 4) == 0:
            gc.collect()
            marks.append({"commits": number, "files": len([*Path("/proc/self/fd").iterdir()]), **memory("self")})
    reader.close()
    return {"n": count, "records": size, "marks": marks, "live": len(engine.versions())}


def memory(process: str) -> dict[str, float]:
    """Resident memory in megabytes: all of it, and what is the process's own."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    kilobytes = {
        line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith("Rss") or "VmRSS" in line
    }
    return {"rss_mb": round(kilobytes["VmRSS"] / 1024, 1), "own_mb": round(kilobytes["RssAnon"] / 1024, 1)}


def serving(folder: Path) -> dict[str, Any]:
    """Memory of a process that has loaded the whole site, opened the index and answered questions."""
    command = [sys.executable, "-m", "tests.benchmarks.search_bench", "--serve", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def serve(folder: Path) -> None:
    """What a serving process does; prints its memory before and after."""
    import app.routes
    import app.wiring  # noqa: F401

    before = memory("self")
    engine = WhooshEngine(folder)
    start = time.perf_counter()
    engine.search(EngineQuery())
    opened = time.perf_counter() - start
    for asked, need in zip(page_questions(100), needs(100), strict=True):
        ask_page(engine, asked)
        engine.search(matching_query(need))
    print(json.dumps({"site_alone": before, "serving": memory("self"), "open_ms": round(opened * 1000, 1)}))


def measure(size: int, many: int) -> dict[str, Any]:
    """Everything at one size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine, build = built(folder, size)
        figures: dict[str, Any] = {"records": size, "build": build, "serving": serving(engine.folder)}
        yardsticks = []
        for kind in (Fts5, Tantivy):
            own = time.process_time()
            yardsticks.append(kind(folder, records(size)))
            figures["build"][f"{kind.name}_cpu_s"] = round(time.process_time() - own, 2)
        figures |= searches(engine, yardsticks)
        for other in yardsticks:
            other.close()
        figures["visible"] = visible(engine, size, COMMITS)
        if many:
            figures["growth"] = growth(engine, size, many)
        engine.close()
    return figures


def show(figures: dict[str, Any]) -> None:
    """A table of one size."""
    print(f"\n{figures['records']} records, built at {figures['build']['records_per_cpu_s']} records per CPU second")
    for name in ("page", "matching"):
        rows = figures[name]
        for engine, row in rows.items():
            ratio = rows["ours"]["p50_ms"] / row["p50_ms"]
            print(
                f"  {name:9} {engine:8} p50 {row['p50_ms']:9.3f} ms  p95 {row['p95_ms']:9.3f} ms  "
                f"cpu p50 {row['cpu_p50_ms']:9.3f} ms   ours / {engine} = {ratio:.2f}"
            )
    seen = figures["visible"]
    print(f"  commit to visible p50 {seen['p50_ms']} ms  p95 {seen['p95_ms']} ms  (own time {seen['cpu']})")
    print(f"  serving {figures['serving']}")
    if "growth" in figures:
        print(f"  growth {figures['growth']['marks']}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000", help="how many records, e.g. 1000,10000")
    parser.add_argument(
        "--many", type=int, default=MANY_COMMITS, help="commits over which growth is watched, at 10,000"
    )
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
        return
    sizes = [min(int(size), 200_000) for size in arguments.sizes.split(",")]
    results = []
    for size in sizes:
        results.append(measure(size, arguments.many if size == min(sizes, key=lambda n: abs(n - 10_000)) else 0))
        show(results[-1])
        write({"bench": "search", "at": datetime.now(UTC).isoformat(timespec="seconds"), "sizes": results})


def write(result: dict[str, Any]) -> None:
    """Keep the figures where BENCH_OUT says."""
    if os.environ.get("BENCH_OUT"):
        out = Path(os.environ["BENCH_OUT"])
        out.mkdir(parents=True, exist_ok=True)
        (out / "search.json").write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
