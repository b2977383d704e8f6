"""What a file costs in the database beside a folder: kept, fetched by another host, and asked for again there.

`make bench-files` keeps files of 100 KB, 1 MB and 10 MB by turns in a folder and in PostgreSQL (`COUNTERPART_FILES`),
the latter with a standby that has to have each commit on its disk. Times are seconds of the clock, the median of all
rounds; the ratio is to the folder in the same run. Everything stays on this machine; figures go to standard output
and, with BENCH_OUT, to <BENCH_OUT>/files.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.foundation.db import Database
from app.foundation.filing.files import file_name, store_file
from app.foundation.filing.store import FileStore
from app.foundation.migrate import upgrade
from tests.faults.postgres import pair

SIZES = (100_000, 1_000_000, 10_000_000)


def timed(act: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def measure(size: int, rounds: int, folder: Path, database: Database) -> dict[str, float]:
    """Seconds for each of the ways, the median of the rounds."""
    alone = FileStore(folder / "alone")
    one, other = (FileStore(folder / name, shared=database) for name in ("one", "other"))
    took: dict[str, list[float]] = {name: [] for name in ("folder", "kept", "read", "fetched", "again")}
    for _ in range(rounds):
        content = os.urandom(size)
        took["folder"].append(timed(lambda content=content: store_file(alone, content)))
        took["kept"].append(timed(lambda content=content: store_file(one, content)))
        name = file_name(store_file(one, content))
        took["read"].append(timed(lambda name=name: alone.read(name)))
        took["fetched"].append(timed(lambda name=name: other.read(name)))
        took["again"].append(timed(lambda name=name: other.read(name)))
    return {name: statistics.median(seconds) for name, seconds in took.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    found: dict[str, dict[str, float]] = {}
    with pair() as (primary, _standby), tempfile.TemporaryDirectory() as folder:
        primary.ask("CREATE DATABASE counterpart")
        database = Database(primary.url("counterpart"))
        upgrade(database)
        print("  bytes   kept ms: folder  database ratio   read ms: folder  fetched ratio  again ratio")
        for size in SIZES:
            took = found[str(size)] = measure(size, rounds, Path(folder), database)
            ms = {name: seconds * 1000 for name, seconds in took.items()}
            print(
                f"{size:9,} {ms['folder']:14.1f} {ms['kept']:9.1f} {ms['kept'] / ms['folder']:5.1f} "
                f"{ms['read']:15.2f} {ms['fetched']:9.1f} {ms['fetched'] / ms['read']:5.0f} "
                f"{ms['again']:6.2f} {ms['again'] / ms['read']:5.1f}",
                flush=True,
            )
        database.close()
    if out := os.environ.get("BENCH_OUT"):
        (Path(out) / "files.json").write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
