"""What the worker needs for one fact: the facts that the posted needs have left are worked off by a real worker."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.config import ROOT
from app.foundation import outbox
from app.foundation.db import Database
from tests.benchmarks.whole.processes import memory_of_group, of_group

LONGEST_S = 60.0
PAUSE_S = 0.2


def worked_off(environment: Mapping[str, str], database_url: str, said: Path) -> dict[str, Any]:
    """Start the worker, wait until nothing waits, or for a minute, and say what it took."""
    database = Database(database_url)
    command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    with said.open("ab") as out:
        worker = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=out, stderr=out, start_new_session=True
        )
    try:
        return _watched(database, worker)
    finally:
        worker.terminate()
        worker.wait(60)
        database.close()


def _watched(database: Database, worker: subprocess.Popen[bytes]) -> dict[str, Any]:
    waiting = first = _waiting(database)
    # It has loaded the whole site once something is done.
    while waiting == first and first and worker.poll() is None:
        time.sleep(PAUSE_S)
        waiting = _waiting(database)
    begin, used, at_first = time.perf_counter(), of_group(worker.pid), waiting
    while waiting and time.perf_counter() - begin < LONGEST_S and worker.poll() is None:
        time.sleep(PAUSE_S)
        waiting = _waiting(database)
    done, wall = at_first - waiting, time.perf_counter() - begin
    cpu = of_group(worker.pid) - used
    memory = memory_of_group(worker.pid)
    return {
        "facts": done, "cpu_ms": round(1000 * cpu / done, 1) if done else 0.0, "wall_s": round(wall, 1),
        "left": waiting, "memory_mb": memory,
    }  # fmt: skip


def _waiting(database: Database) -> int:
    with database.reading() as tx:
        return outbox.count_waiting(tx)
