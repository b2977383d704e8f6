"""Eight web processes hammer one need: they pledge, accept, decline and withdraw at once, and send every form twice.

`python -m tests.benchmarks.hammer --engine sqlite` (or postgresql) makes a database of its own, lets the processes run,
and then counts what must not be: a line covered beyond what was asked, a pledge that was acknowledged and is not there,
one that is there twice, a move without its one event. Every figure has to be 0. It stays on this machine and ends.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import html
from sqlalchemy import func, select

from app.config import ROOT
from app.foundation.audit import AuditEvent
from app.foundation.db import Database
from app.foundation.migrate import upgrade
from app.foundation.permissions import SYSTEM
from app.needs.queries import find_need
from app.pledges.models import Pledge, PledgeLine
from app.pledges.queries import coverage_of
from tests.factories import PASSWORD, SECRET_KEY, World

PROCESSES, TURNS, ASKED, SEED = 8, 25, 40, 1988
LONGEST_S = 600


@dataclass
class Tool:
    """A browser inside the process of its own web server."""

    client: Any

    def sign_in(self, email: str) -> None:
        """Through the form, as people do."""
        fields = self.fields("/sign-in")
        answer = self.client.post("/sign-in", data={**fields, "email": email, "password": PASSWORD})
        if answer.status_code != 303:
            raise RuntimeError(f"{email} could not sign in: {answer.status_code}")

    def fields(self, path: str, wanted: str = "") -> dict[str, str]:
        """What a form of a page would send if nothing were typed; `wanted` is a part of the address that it goes to."""
        page = html.fromstring(self.client.get(path).text)
        forms = [form for form in page.xpath("//main//form[@method='post']") if wanted in (form.get("action") or "")]
        return {name: value or "" for name, value in forms[-1].form_values()} if forms else {}

    def twice(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Send the same form twice at once, as an impatient finger does; how it was answered and where it led."""
        again = self.client.application.test_client()
        again._cookies.update(self.client._cookies)
        with ThreadPoolExecutor(2) as pool:
            sent = [pool.submit(one.post, path, data=fields) for one in (self.client, again)]
        first, second = (one.result() for one in sent)
        if max(first.status_code, second.status_code) >= 500 or first.location != second.location:
            raise RuntimeError(f"{path}: {first.status_code} {first.location}, {second.status_code} {second.location}")
        return first.status_code, first.location or ""


def child(number: int, need_ref: str, turns: int) -> dict[str, Any]:
    """One web process with a donor and an official of the recipient; what was acknowledged, and how it was answered."""
    from app import create_app
    from app.config import Settings

    app = create_app(Settings.from_environment(os.environ))
    donor, official = Tool(app.test_client()), Tool(app.test_client())
    donor.sign_in(f"donor{number}@example.org")
    official.sign_in(f"official{number}@example.org")
    source, made, answers = random.Random(SEED + number), [], Counter[str]()
    address = f"/needs/{need_ref}/pledge"
    for _turn in range(turns):
        fields = donor.fields(address, "") | {"lines-0-quantity": str(source.randint(1, 6)), "lines-0-amount": ""}
        status, location = donor.twice(address, fields)
        answers[f"made {status}"] += 1
        made += [location.rpartition("/")[2]] if status == 303 else []
        for ref in source.sample(waiting(app, need_ref), k=min(2, len(waiting(app, need_ref)))):
            move(official, ref, source.choice(("accept", "accept", "decline")), answers)
        if made and source.random() < 0.4:
            move(donor, source.choice(made), "withdraw", answers)
    return {"made": made, "answers": dict(answers)}


def waiting(app: Any, need_ref: str) -> list[str]:
    """The pledges that wait for an answer at this moment."""
    with app.extensions["counterpart"].database.reading() as tx:
        # disclosure: the hammer looks at its own world.
        query = select(Pledge.ref).where(
            Pledge.need_ref == need_ref, Pledge.status == "pledged", Pledge.accepted_at.is_(None)
        )
        return list(tx.scalars(query.order_by(Pledge.id)))


def move(who: Tool, ref: str, action: str, answers: Counter[str]) -> None:
    """Send one of the forms of a pledge's page twice, if it is still there."""
    fields = who.fields(f"/pledges/{ref}", f"/{action}")
    if not fields:
        answers[f"{action} gone"] += 1
        return
    typed = {f"{action}-reason": "The hammer says so."} if action != "accept" else {}
    status, _location = who.twice(f"/pledges/{ref}/{action}", fields | typed)
    answers[f"{action} {status}"] += 1


def world_in(database: Database, processes: int) -> str:
    """A need for some judges, and a donor and an official of the recipient for each process; the need's reference."""
    upgrade(database)
    with database.transaction() as tx:
        world = World(tx, datetime.now(UTC))
        state = world.organisation("state")
        need = world.need(state, lines=[{"quantity": Decimal(ASKED)}])
        for number in range(processes):
            world.account(world.organisation("donor", name=f"Donor {number}"), email=f"donor{number}@example.org")
            world.account(state, email=f"official{number}@example.org")
        return str(need.ref)


def hammer(database: Database, folder: Path, processes: int = PROCESSES, turns: int = TURNS) -> dict[str, Any]:
    """Let the processes run and count what must not be; every figure under `faults` has to be 0."""
    need_ref = world_in(database, processes)
    began = time.monotonic()
    command = ["-m", "tests.benchmarks.hammer", "--need", need_ref, "--turns", str(turns), "--child"]
    told = run_children(command, processes, database, folder)
    return counted(database, need_ref, told) | {"seconds": round(time.monotonic() - began, 1), "processes": processes}


def run_children(command: list[str], processes: int, database: Database, folder: Path) -> list[dict[str, Any]]:
    """Start so many processes on one database, each with its number behind the command; what each has said at its end.

    Raises:
        RuntimeError: one of them failed.
    """
    environment = {
        **os.environ, "COUNTERPART_DATA_DIR": str(folder), "DATABASE_URL": database.url,
        "COUNTERPART_DEMONSTRATION": "0", "SEARCH_DIR": str(folder / "index"), "SECRET_KEY": SECRET_KEY,
        "COUNTERPART_RATE_LIMITS": "0",
    }  # fmt: skip
    started = [sys.executable, *command]
    running = [
        subprocess.Popen([*started, str(n)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for n in range(processes)
    ]
    told = []
    try:
        for process in running:
            out, errors = process.communicate(timeout=LONGEST_S)
            if process.returncode:
                raise RuntimeError(errors.decode()[-3000:])
            told.append(json.loads(out.decode().splitlines()[-1]))
    finally:
        for process in running:
            process.kill()
    return told


def counted(database: Database, need_ref: str, told: list[dict[str, Any]]) -> dict[str, Any]:
    """What the database holds beside what was acknowledged."""
    acknowledged = [ref for one in told for ref in one["made"]]
    with database.reading() as tx:
        need = find_need(tx, SYSTEM, need_ref)
        assert need is not None
        cover = coverage_of(tx, need)[need.lines[0].id]
        # disclosure: the hammer counts its own world.
        rows = list(tx.scalars(select(Pledge).where(Pledge.need_id == need.id)))
        events = Counter(tx.scalars(select(AuditEvent.record_ref).where(AuditEvent.action == "pledge.accepted")))
        sums = select(func.sum(PledgeLine.quantity)).join(Pledge).where(Pledge.accepted_at.is_not(None))
        running = tx.scalar(sums.where(Pledge.status == "pledged")) or Decimal(0)
    accepted = {row.ref for row in rows if row.accepted_at is not None}
    return {
        "faults": {
            "over_pledged": str(max(Decimal(0), cover.counted - cover.needed)),
            "lost": len(set(acknowledged) - {row.ref for row in rows}),
            "doubled": len(rows) - len(set(acknowledged)),
            "told_twice": len(acknowledged) - len(set(acknowledged)),
            "accepted_without_one_event": sum(events[ref] != 1 for ref in accepted) + len(events.keys() - accepted),
            "not_conserved": str(abs(cover.counted - running)),
        },
        "pledges": len(rows),
        "accepted": len(accepted),
        "covered": f"{cover.counted} of {cover.needed}",
        "answers": dict(sum((Counter(one["answers"]) for one in told), Counter[str]())),
    }


@contextmanager
def database_on(engine: str, folder: Path) -> Iterator[Database]:
    """An empty database on an engine, closed at the end."""
    from tests import servers

    server = None
    if engine == "sqlite":
        url = f"sqlite:///{folder}/hammer.sqlite"
    else:
        server = servers.start_postgresql()
        url = servers.new_database(server.conninfo, "hammer")
    database = Database(url)
    try:
        yield database
    finally:
        database.close()
        if server is not None:
            server.stop()


def main(arguments: list[str]) -> int:
    """Run the hammer on the engines asked for, or be one of its processes; 1 if anything is as it must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--child", type=int)
    parser.add_argument("--need", default="")
    asked = parser.parse_args(arguments)
    if asked.child is not None:
        sys.stdout.write(json.dumps(child(asked.child, asked.need, asked.turns)) + "\n")
        return 0
    figures = {}
    for engine in asked.engine or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory() as folder, database_on(engine, Path(folder)) as database:
            figures[engine] = hammer(database, Path(folder), turns=asked.turns)
        sys.stdout.write(f"{engine}: {json.dumps(figures[engine])}\n")
    if out := os.environ.get("BENCH_OUT"):
        Path(out, "hammer.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    faults = [value for one in figures.values() for value in one["faults"].values()]
    return int(any(Decimal(str(value)) for value in faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
