"""What the worker needs for one fact: what the posted needs have left is worked off, with all reactions."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from app.config import ROOT
from tests.benchmarks.search_bench import memory

LONGEST_S, LOT = 90.0, 5
"""The worker takes up to 200 facts at once; here few, since needs are posted one by one."""


def worked_off(environment: Mapping[str, str]) -> dict[str, Any]:
    """Let a process of its own do the worker's part, and say what it took beyond its own start."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.whole.working"],
        cwd=ROOT, env=dict(environment), capture_output=True, text=True, timeout=10 * LONGEST_S, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def main() -> None:
    """React to what waits, and print how many facts that were and what they took."""
    from app import create_app
    from app.foundation.worker import work_off
    from app.wiring import REACTIONS

    site = create_app().extensions["counterpart"]
    # The first lot finds modules and caches cold, as the worker of a running site never does.
    work_off(site, REACTIONS, LOT)
    begin, own, facts = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - begin < LONGEST_S and (count := work_off(site, REACTIONS, LOT)):
        facts += count
    cpu, wall = time.process_time() - own, time.perf_counter() - begin
    said = {"facts": facts, "cpu_ms": round(1000 * cpu / facts, 1) if facts else 0.0, "wall_s": round(wall, 1)}
    print(json.dumps({**said, "memory_mb": memory("self")["own_mb"]}))


if __name__ == "__main__":
    main()
