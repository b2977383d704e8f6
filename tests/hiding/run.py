"""The whole of the leak test: `python -m tests.hiding.run --cases 30000 --checks 100000`, on two processes.

Prints how far it is, then the counts; ends with 1 if anything leaked. With BENCH_OUT, writes leaks.json there.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from random import Random

from tests.hiding.compare import Count, run_one
from tests.hiding.fields import run_field
from tests.hiding.stage import Stage

EACH = 4
"""Addresses that each reader asks of each record; over thousands of records every address is asked by everybody."""


def stretch(seed: int, cases: int, checks: int) -> Count:
    """Hidden records until so many cases and checks are done."""
    random, count = Random(seed), Count()
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder), seed % 5).open() as stage:
        while count.cases < cases or count.checks < checks:
            run_one(stage, random, count, EACH)
            run_field(stage, random, count)
    return count


def total(parts: list[Count]) -> Count:
    """All of it together."""
    whole = Count()
    for part in parts:
        whole.cases += part.cases
        whole.checks += part.checks
        whole.leaks += part.leaks
        for name in ("by_kind", "by_tier", "by_reader", "by_surface"):
            getattr(whole, name).update(getattr(part, name))
    return whole


def main() -> int:
    """Run, say what was found; 1 if anything leaked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=30_000)
    asked.add_argument("--checks", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--processes", type=int, default=2)
    given = asked.parse_args()
    stretches, begun, done = max(given.processes, given.cases // 5000), time.monotonic(), []
    share = (-(-given.cases // stretches), -(-given.checks // stretches))
    with ProcessPoolExecutor(given.processes) as pool:
        waiting = [pool.submit(stretch, given.seed + number, *share) for number in range(stretches)]
        for finished in as_completed(waiting):
            done.append(finished.result())
            now = total(done)
            say(f"{len(done)}/{stretches}: {now.cases} cases, {now.checks} checks, {len(now.leaks)} leaks")
    return report(total(done), time.monotonic() - begun)


def report(count: Count, seconds: float) -> int:
    """The counts, and every leak once."""
    for name in ("by_kind", "by_tier", "by_reader", "by_surface"):
        say(f"{name[3:]}: " + ", ".join(f"{key} {number}" for key, number in sorted(getattr(count, name).items())))
    for leak in sorted(set(count.leaks))[:50]:
        say("LEAK " + leak)
    say(f"{count.cases} cases, {count.checks} checks, {len(count.leaks)} leaks in {seconds:.0f} s")
    if "BENCH_OUT" in os.environ:
        figures = {"cases": count.cases, "checks": count.checks, "leaks": len(count.leaks), "seconds": round(seconds)}
        (Path(os.environ["BENCH_OUT"]) / "leaks.json").write_text(json.dumps(figures))
    return 1 if count.leaks else 0


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
