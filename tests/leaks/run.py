"""The long run of the leak test: `python -m tests.leaks.run --cases 30000 --checks 100000`.

Two processes, each with base worlds of its own. Prints how far it is and, at the end, what was asked of which kind,
tier and surface; goes out with 1 if anything leaked. With BENCH_OUT the figures go to <BENCH_OUT>/leaks.json.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.leaks.compare import Leak
from tests.leaks.explore import Explorer, Plan, Tally, draw
from tests.leaks.hidden import Hidden
from tests.leaks.worlds import BaseWorld

PROCESSES = 2
AT_ONCE = 120
EVERY = 5
"""Seconds between two lines of progress."""


def work(number: int, cases: int, checks: int, worlds: int, said: Any) -> None:
    """One process: its share of the cases, in so many worlds; says what it has counted, and None at its end."""
    try:
        for world in range(worlds):
            with closing(BaseWorld(1 + number + PROCESSES * world)) as base:
                share = (math.ceil(cases / worlds), math.ceil(checks / worlds))
                _one_world(Explorer(base), *share, said)
    finally:
        said.put(None)


def _one_world(explorer: Explorer, cases: int, checks: int, said: Any) -> None:
    plan = Plan(everywhere=max(1, math.ceil(checks / max(1, cases)) - 1), sharp=1)
    done, turn = [0, 0], 0
    while done[0] < cases or done[1] < checks:
        drawn: list[Hidden] = []
        turn += 1
        draw(AT_ONCE, explorer.base.seed * 10_000 + turn, drawn.append)
        for what in drawn:
            if done[0] >= cases and done[1] >= checks:
                break
            tally = Tally()
            explorer.explore(what, plan, tally)
            done = [done[0] + tally.cases, done[1] + tally.checks]
            said.put(tally)


def gather(cases: int, checks: int, worlds: int) -> tuple[Tally, bool]:
    """Let all processes work, tell how far they are, and add up; whether each has come to its end."""
    context = multiprocessing.get_context("spawn")
    said = context.Queue()
    share = (math.ceil(cases / PROCESSES), math.ceil(checks / PROCESSES))
    workers = [context.Process(target=work, args=(n, *share, worlds, said)) for n in range(PROCESSES)]
    for worker in workers:
        worker.start()
    whole, running, began, told = Tally(), PROCESSES, time.monotonic(), 0.0
    while running:
        part = said.get()
        if part is None:
            running -= 1
            continue
        whole.add(part)
        for leak in part.leaks:
            print(_told(leak), flush=True)
        seconds = time.monotonic() - began
        if seconds - told > EVERY:
            told = seconds
            print(f"{seconds:6.0f} s  {whole.records} hidden  {whole.cases} cases  {whole.checks} checks  "
                  f"{whole.checks / seconds:.0f}/s  {whole.leaked} leaks", flush=True)  # fmt: skip
    for worker in workers:
        worker.join()
    return whole, all(worker.exitcode == 0 for worker in workers)


def _told(leak: Leak) -> str:
    return f"\nLEAK to {leak.reader}: {leak.what}\n{leak.ask}\n{leak.difference}"


def report(whole: Tally, seconds: float) -> None:
    """Print the figures, and keep them where BENCH_OUT says."""
    for name in ("kinds", "tiers", "surfaces", "readers"):
        counted = getattr(whole, name)
        print(f"\nchecks by {name}:")
        print("\n".join(f"  {count:7} {what}" for what, count in sorted(counted.items())))
    print(*map(_told, whole.leaks), sep="")
    speed = f"{whole.cases / seconds:.1f} cases/s, {whole.checks / seconds:.1f} checks/s"
    done = f"{whole.records} hidden, {whole.cases} cases, {whole.checks} checks in {seconds:.0f} s ({speed})"
    print(f"\n{done}: {whole.leaked} leaks")
    folder = os.environ.get("BENCH_OUT")
    if folder:
        counted = {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(whole).items()}
        leaks = [asdict(leak) for leak in whole.leaks]
        figures = {**counted, "leaks": leaks, "seconds": round(seconds, 1), "processes": PROCESSES}
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / "leaks.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")


def main() -> int:
    """0 where nothing leaked and everything that was asked for was done."""
    parser = argparse.ArgumentParser(description="The differential leak test, at length.")
    parser.add_argument("--cases", type=int, default=30_000)
    parser.add_argument("--checks", type=int, default=100_000)
    parser.add_argument("--worlds", type=int, default=1, help="base worlds of each process")
    asked = parser.parse_args()
    began = time.monotonic()
    whole, is_whole = gather(asked.cases, asked.checks, asked.worlds)
    report(whole, time.monotonic() - began)
    is_enough = whole.cases >= asked.cases and whole.checks >= asked.checks
    return 0 if is_whole and is_enough and not whole.leaked else 1


if __name__ == "__main__":
    sys.exit(main())
