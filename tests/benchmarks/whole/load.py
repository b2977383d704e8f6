"""A crowd in a closed circle: each person asks for a page, reads for a while, and asks for the next.

The queueing model of docs/scale.md foretells what comes of it; this measures it, so that the model can be believed or
not.
"""

from __future__ import annotations

import itertools
import random
import statistics
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks.whole import store
from tests.benchmarks.whole.pages import Caller, addresses, drawn_anew
from tests.benchmarks.whole.processes import Server, serving, site_command

THINK_S = 0.5
"""The mean of the exponential time for which somebody reads; short, so that few people make a crowd."""
WARM_S, MEASURED_S, ALONE_S = 4.0, 25.0, 25.0
MIX = ("list", "need", "need", "need", "matches", "search")
SEED = 8191


def crowds(size: int, engine: str, processes: list[int], people: list[int]) -> list[dict[str, Any]]:
    """So many people at so many web processes, one after the other; a single person first, without pauses."""
    rows = []
    for count in processes:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="load-bench-")))
            postgres = stack.enter_context(store.server()) if engine == "postgresql" else None
            filled = store.copied(size, folder, postgres)
            command = site_command(filled.site.environment, count)
            server = stack.enter_context(serving(command, filled.site.environment, folder / "said.txt", "/health/live"))
            paths = addresses(filled.database_url)
            _crowd(server, paths, 4 * count, 0.0, 12.0)
            alone = _crowd(server, paths, 1, 0.0, ALONE_S)
            for number in people:
                crowd = _crowd(server, paths, number, THINK_S, MEASURED_S)
                row = {"records": size, "engine": engine, "processes": count, "people": number, "think_s": THINK_S}
                rows.append({**row, "alone": alone, **crowd})
                print(f"  {number} people, {count} processes: {crowd}", flush=True)
    return rows


def _crowd(server: Server, paths: dict[str, list[str]], people: int, think: float, seconds: float) -> dict[str, Any]:
    """Throughput, mean and 95th percentile of what a crowd sees, and the processor time of a page meanwhile."""
    ends, walls = time.monotonic() + WARM_S + seconds, [list[float]() for _n in range(people)]
    since = time.monotonic() + WARM_S
    threads = [
        threading.Thread(target=_person, args=(server.port, paths, think, (since, ends), walls[number], number))
        for number in range(people)
    ]
    for thread in threads:
        thread.start()
    time.sleep(max(0.0, since - time.monotonic()))
    used, begin = server.used(), time.monotonic()
    time.sleep(max(0.0, ends - time.monotonic()))
    cpu, wall = server.used() - used, time.monotonic() - begin
    for thread in threads:
        thread.join(60)
    every = [one for own in walls for one in own]
    return {
        "n": len(every), "per_second": round(len(every) / wall, 2), "mean_ms": round(statistics.mean(every), 1),
        "p95_ms": round(statistics.quantiles(every, n=20, method="inclusive")[18], 1),
        "cpu_ms": round(1000 * cpu / len(every), 2), "variation": round(_variation(every), 2),
    }  # fmt: skip


def _variation(values: list[float]) -> float:
    """The squared coefficient of variation: 0 where all are alike, 1 as chance has it."""
    return statistics.pvariance(values) / statistics.mean(values) ** 2


def _person(
    port: int, paths: dict[str, list[str]], think: float, span: tuple[float, float], walls: list[float], number: int
) -> None:
    source, caller, asked = random.Random(SEED + number), Caller(port, 1), itertools.count(number * 10**6)
    since, ends = span
    while time.monotonic() < ends:
        path = drawn_anew(source.choice(paths[source.choice(MIX)]), next(asked))
        begin = time.perf_counter()
        caller.ask(path)
        if time.monotonic() >= since:
            walls.append((time.perf_counter() - begin) * 1000)
        if think:
            time.sleep(source.expovariate(1 / think))
    caller.close()
