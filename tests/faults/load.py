"""Many writers, and kill -9 at random moments: what was acknowledged is there, once, and everything follows from it.

`python -m tests.faults.load --engine sqlite --writes 50000 --kills 500 --writers 32` (or postgresql, there with two web
hosts). It starts a site of its own on this machine, prints a line of progress every ten seconds, ends by itself when
both numbers are reached or the minutes are over, and answers 1 where anything is as it must not be. A run without a
kill, or in which nothing was acknowledged, fails.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.config import DEMONSTRATION_SECRET
from app.foundation.db import Database
from tests import servers
from tests.faults import checker
from tests.faults.hosts import PATIENCE, Nursery, Part, Site, site_of
from tests.faults.letters import MailServer
from tests.faults.town import build
from tests.faults.writers import Account, Writer

SAY_EVERY = 10.0
SEED = 1988
EARLY = 0.3
MOST_A_SECOND = 30
"""So many writes a second are the most that one machine is prepared for."""
MOST_PATIENT = 20.0
"""Seconds that the pages may take until something is acknowledged before they are killed all the same."""


@dataclass(frozen=True)
class Plan:
    """How much is written, killed and waited for; it ends when all three are reached, or after `most` seconds."""

    engine: str = "sqlite"
    writers: int = 8
    hosts: int = 1
    writes: int = 0
    kills: int = 30
    seconds: float = 60
    most: float = 240
    pause: tuple[float, float] = (0.2, 2.0)
    careless_web: str = ""
    careless_worker: str = ""
    kill_worker: bool = True


@dataclass
class Kills(threading.Thread):
    """Kills one process again and again, starts it at once, and notes how long it takes to be back."""

    part: Part
    database: Database
    pause: tuple[float, float]
    stopped: threading.Event
    account: Account
    seconds: list[float] = field(default_factory=list)
    error: BaseException | None = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True, name=f"kills-{self.part.what}-{self.part.port}")
        self.source = random.Random(SEED + self.part.port)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Until told to stop; the process runs at the end."""
        try:
            while not self.stopped.is_set():
                self._let_it_work()
                self.part.kill()
                self.part.start()
                self.seconds.append(self._back())
        except BaseException as error:  # noqa: BLE001 - told by whoever waits for it
            self.error = error

    def _let_it_work(self) -> None:
        """For a while; the pages until a few things were acknowledged, however slow the machine is."""
        enough, until = self.account.written + self.source.randint(2, 12), time.monotonic() + MOST_PATIENT
        self.stopped.wait(self.source.uniform(*self.pause))
        while self.part.port and self.account.written < enough and time.monotonic() < until:
            if self.stopped.wait(0.05):
                return

    def _back(self) -> float:
        """Seconds until a page comes, or until the worker has done a piece of work."""
        if self.part.port:
            return self.part.wait_ready()
        # Now and then the worker is killed before it has done anything: also its beginning is a moment to die at.
        until = time.monotonic() + (self.source.uniform(0, 3) if self.source.random() < EARLY else PATIENCE)
        while not checker.work_done_since(self.database, self.part.started_at):
            if self.stopped.is_set() or time.monotonic() > until:
                return float("nan")
            time.sleep(0.05)
        return time.time() - self.part.started_at


@contextmanager
def database_on(engine: str, folder: Path) -> Iterator[Database]:
    """An empty database whose server dies with nobody else; closed at the end."""
    server = None
    if engine == "sqlite":
        url = f"sqlite:///{folder}/counterpart.sqlite"
    else:
        server = servers.start_postgresql()
        url = servers.new_database(server.conninfo, "faults")
    database = Database(url)
    try:
        yield database
    finally:
        database.close()
        if server is not None:
            server.stop()


def run(plan: Plan, nursery: Nursery | None = None, say: Any = lambda _line: None) -> dict[str, Any]:
    """Carry a plan out on a site of its own; the figures, of which those under `faults` have to be 0."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    own = nursery or Nursery()
    mails = MailServer().start()
    try:
        with database_on(plan.engine, folder) as database:
            town = build(database, plan.writers, as_many_as_may_be(plan))
            site = site_of(own, folder, database.url, plan.hosts, SMTP_URL=mails.url)
            for part in site.web:
                part.careless = plan.careless_web
            assert site.worker is not None
            site.worker.careless = plan.careless_worker
            site.start()
            try:
                return _written(plan, site, database, mails, town, say)
            finally:
                site.stop()
    finally:
        mails.stop()
        if nursery is None:
            own.stop()
        shutil.rmtree(folder, ignore_errors=True)


def as_many_as_may_be(plan: Plan) -> int:
    """How many writes there may be: whoever writes a question's answer needs a question that nobody has answered."""
    by_the_clock = int(plan.most * MOST_A_SECOND)
    return min(plan.writes * 2, by_the_clock) if plan.writes else min(int(plan.seconds * 15) * 2, by_the_clock)


def _written(plan: Plan, site: Site, database: Database, mails: MailServer, town: Any, say: Any) -> dict[str, Any]:
    account, stopped = Account(), threading.Event()
    addresses = [f"http://localhost:{part.port}" for part in site.web]
    writers = [Writer(n, addresses, town, account, lambda: not stopped.is_set()) for n in range(plan.writers)]
    for writer in writers:
        writer.sign_in()
        # The first of each kind is written while nobody is killed: whoever has a page open may press its button later.
        writer.one()
    victims = [part for part in site.parts if part.port or plan.kill_worker]
    killers = [Kills(part, database, plan.pause, stopped, account) for part in victims]
    began = time.monotonic()
    for thread in (*writers, *killers):
        thread.start()
    _until_enough(plan, account, killers, began, say)
    stopped.set()
    for thread in (*writers, *killers):
        thread.join(PATIENCE)
    for thread in (*killers, *writers):
        if thread.error is not None:
            raise thread.error
    spent = time.monotonic() - began
    return _judged(plan, site, database, mails, account, killers, spent)


def _until_enough(plan: Plan, account: Account, killers: list[Kills], began: float, say: Any) -> None:
    next_line = began
    while True:
        now, kills = time.monotonic(), sum(one.part.kills for one in killers)
        if now >= next_line:
            next_line = now + SAY_EVERY
            say(f"{now - began:6.0f} s: {account.written} acknowledged, {kills} kills")
        is_enough = account.written >= plan.writes and kills >= plan.kills and now - began >= plan.seconds
        if is_enough or now - began > plan.most or any(one.error for one in killers):
            return
        time.sleep(0.1)


def _judged(
    plan: Plan, site: Site, database: Database, mails: MailServer, account: Account, killers: list[Kills], spent: float
) -> dict[str, Any]:  # fmt: skip
    began = time.monotonic()
    with _helped(site, is_shared=database.is_shared):
        checker.worked_off(database, PATIENCE)
    drained = time.monotonic() - began
    index, _took = checker.index_faults(database, site.folder / "index", PATIENCE)
    _send_the_rest(site, database)
    kills = {f"{one.part.what} {one.part.port}".strip(" 0"): one.part.kills for one in killers}
    killed_workers = sum(one.part.kills for one in killers if not one.part.port)
    faults = {
        **checker.kept(database, account), **checker.recorded(database, site.folder, DEMONSTRATION_SECRET),
        **checker.told(database), **checker.mailed(database, mails.taken, killed_workers), **index,
        **checker.oversold(database), "given_up": checker.waiting(database)[1],
        "run_without_kills": int(not sum(kills.values())), "run_without_writes": int(not account.written),
    }  # fmt: skip
    return {
        "engine": plan.engine, "writers": plan.writers, "hosts": plan.hosts, "seconds": round(spent, 1),
        "faults": faults, "kills": kills, "kills_in_all": sum(kills.values()), "sent": len(account.entries),
        "acknowledged": {role: len(account.acknowledged(role)) for role in checker.EVENTS},
        "pressed_again": sum(one.tries - 1 for one in account.entries), "answers": dict(account.answers),
        "write_s": spread(account.seconds), "drained_s": round(drained, 1),
        "back_s": {name: spread(many) for name, many in _by_kind(killers).items()},
        "mails": len(mails.taken), "mails_repeated": sum(n - 1 for n in mails.taken.values()),
    }  # fmt: skip


@contextmanager
def _helped(site: Site, *, is_shared: bool) -> Iterator[None]:
    """By a second worker, as whoever is far behind would start one; SQLite has one."""
    second = Part(site, "worker") if is_shared else None
    if second is not None:
        second.start()
    try:
        yield
    finally:
        if second is not None:
            second.end()


def _send_the_rest(site: Site, database: Database) -> None:
    """What waits for a later hour (the second try of a mail, the digest) is sent by a worker of tomorrow."""
    assert site.worker is not None
    site.worker.end()
    for days in (1, 8):
        later = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        tomorrow = Part(site, "worker", careless=site.worker.careless)
        site.environment["COUNTERPART_NOW"] = later
        tomorrow.start()
        try:
            settled = time.monotonic()
            while time.monotonic() - settled < 3:
                if checker.mails_waiting(database) or checker.waiting(database)[0]:
                    settled = time.monotonic()
                assert tomorrow.is_alive(), "the worker of tomorrow has ended"
                time.sleep(0.1)
        finally:
            tomorrow.end()
            del site.environment["COUNTERPART_NOW"]


def _by_kind(killers: list[Kills]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for one in killers:
        found.setdefault(one.part.what, []).extend(seconds for seconds in one.seconds if not math.isnan(seconds))
    return found


def spread(seconds: list[float]) -> dict[str, float]:
    """How many, the median, the 95th percentile and the longest, in seconds."""
    if not seconds:
        return {"n": 0}
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {
        "n": len(seconds), "p50": round(statistics.median(seconds), 2), "p95": round(p95, 2),
        "max": round(ordered[-1], 2),
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run on the engines asked for; 1 where anything is as it must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--writers", type=int, default=32)
    parser.add_argument("--writes", type=int, default=50_000, help="acknowledged, at least")
    parser.add_argument("--kills", type=int, default=500, help="at least")
    parser.add_argument("--minutes", type=float, default=240, help="stop at the latest, for each engine")
    parser.add_argument("--pause", type=float, default=0, help="seconds between kills; 0: so that both numbers fit")
    parser.add_argument("--careless-web", default="")
    parser.add_argument("--careless-worker", default="")
    asked = parser.parse_args(arguments)
    failed = False
    for engine in asked.engine or ["sqlite", "postgresql"]:
        pause = (asked.pause / 2, asked.pause * 1.5) if asked.pause else (0.5, 8.0)
        plan = Plan(
            engine, asked.writers, 2 if engine == "postgresql" else 1, asked.writes, asked.kills, 0,
            asked.minutes * 60, pause, asked.careless_web, asked.careless_worker,
        )  # fmt: skip
        figures = run(plan, say=lambda line, engine=engine: print(f"{engine} {line}", flush=True))
        print(f"{engine}: {json.dumps(figures)}", flush=True)
        failed = failed or any(figures["faults"].values())
        if figures["kills_in_all"] < asked.kills or sum(figures["acknowledged"].values()) < asked.writes:
            print(f"{engine}: stopped by the clock before {asked.writes} writes and {asked.kills} kills", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
