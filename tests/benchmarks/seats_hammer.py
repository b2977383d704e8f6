"""Eight web processes at one session: candidates are put forward, accepted, confirm, give seats back, all at once.

`python -m tests.benchmarks.seats_hammer --engine sqlite` (or postgresql) makes a database of its own, lets the
processes run, and counts what must not be: more seats given than there are, a nomination that was acknowledged and is
not there or is there twice, a move without its one event, somebody who waits although a seat is free. Every figure has
to be 0.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyotp
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.db import Database
from app.foundation.migrate import upgrade
from app.nominations import rules
from app.nominations.links import token_for
from app.nominations.models import Nomination
from tests.benchmarks.hammer import Tool, database_on, run_children
from tests.factories import APP_SECRET, PASSWORD, SECRET_KEY, World

PROCESSES, TURNS, SEATS, SEED = 8, 20, 5, 2011


@dataclass
class Guest(Tool):
    """The same, for people who prove themselves with a second step."""

    def prove(self, email: str) -> None:
        """Through the two forms, as people do."""
        fields = self.fields("/sign-in")
        self.client.post("/sign-in", data={**fields, "email": email, "password": PASSWORD})
        code = pyotp.TOTP(APP_SECRET).now()
        fields = self.fields("/sign-in/second-step")
        answer = self.client.post("/sign-in/second-step", data={**fields, "code": code})
        if answer.status_code != 303:
            raise RuntimeError(f"{email} could not sign in: {answer.status_code}")


def child(number: int, here: str, turns: int) -> dict[str, Any]:
    """One web process with a focal point, a registrar, and candidates who answer by their links."""
    from app import create_app
    from app.config import Settings

    app = create_app(Settings.from_environment(os.environ))
    focal, registrar, anybody = Guest(app.test_client()), Tool(app.test_client()), Tool(app.test_client())
    focal.prove(f"focal{number}@example.org")
    registrar.sign_in(f"registrar{number}@example.org")
    source, made, answers = random.Random(SEED + number), 0, Counter[str]()
    for turn in range(turns):
        typed = {"name": f"P{number}-{turn}", "email": f"p{number}-{turn}@example.org", "rank": str(turn + 1)}
        fields = focal.fields(f"{here}/nominations/new", "") | typed
        status, _location = focal.twice(f"{here}/nominations/new", fields)
        answers[f"made {status}"] += 1
        made += status == 303
        wanted = refs_in(app, rules.NOMINATED)
        if wanted:
            form = registrar.fields(f"{here}/nominations", "/accept")
            chosen = source.sample(wanted, k=min(2, len(wanted)))
            status, _location = registrar.twice(f"{here}/nominations/accept", form | {"chosen": chosen})
            answers[f"accept {status}"] += 1
        for link in links_in(app, source):
            word = source.choice(("yes", "yes", "no"))
            status, _location = anybody.twice(link, anybody.fields(link) | {"answer": word})
            answers[f"{word} {status}"] += 1
    return {"made": made, "answers": dict(answers)}


def refs_in(app: Any, status: str) -> list[str]:
    """The nominations in that state at this moment."""
    with app.extensions["counterpart"].database.reading() as tx:
        # disclosure: the hammer looks at its own world.
        return list(tx.scalars(select(Nomination.ref).where(Nomination.status == status).order_by(Nomination.id)))


def links_in(app: Any, source: random.Random) -> list[str]:
    """The links of one or two candidates who have a seat."""
    with app.extensions["counterpart"].database.reading() as tx:
        # disclosure: the hammer looks at its own world.
        query = select(Nomination).where(Nomination.status.in_([rules.APPROVED, rules.CONFIRMED]))
        rows = list(tx.scalars(query.order_by(Nomination.id)))
        return [f"/seat/{token_for(SECRET_KEY, one)}" for one in source.sample(rows, k=min(2, len(rows)))]


def world_in(database: Database, processes: int) -> str:
    """A session of few seats, and for each process a State's focal point and a registrar; the session's address."""
    upgrade(database)
    with database.transaction() as tx:
        now = datetime.now(UTC)
        world = World(tx, now)
        centre = world.organisation("centre")
        year = now.year + 1
        days = {"starts_on": now.date().replace(year=year, day=1), "ends_on": now.date().replace(year=year, day=5)}
        course = world.course(centre, sessions=[{"seats": SEATS, "register_by": None, **days}])
        for number in range(processes):
            state = world.organisation("state", name=f"State {number}")
            world.account(state, "focal_point", email=f"focal{number}@example.org")
            world.account(centre, email=f"registrar{number}@example.org")
        return f"/courses/{course.ref}/sessions/{course.sessions[0].ref}"


def hammer(database: Database, folder: Path, processes: int = PROCESSES, turns: int = TURNS) -> dict[str, Any]:
    """Let the processes run and count what must not be; every figure under `faults` has to be 0."""
    here = world_in(database, processes)
    began = time.monotonic()
    command = ["-m", "tests.benchmarks.seats_hammer", "--session", here, "--turns", str(turns), "--child"]
    told = run_children(command, processes, database, folder)
    return counted(database, told) | {"seconds": round(time.monotonic() - began, 1), "processes": processes}


def counted(database: Database, told: list[dict[str, Any]]) -> dict[str, Any]:
    """What the database holds beside what was acknowledged."""
    with database.reading() as tx:
        # disclosure: the hammer counts its own world.
        rows = list(tx.scalars(select(Nomination)))
        events = select(AuditEvent.record_ref).where(AuditEvent.action.like("nomination.%"))
        of_record = Counter(tx.scalars(events))
    held = sum(one.status in rules.HOLDING for one in rows)
    waiting = sum(one.status == rules.WAITLISTED for one in rows)
    made = sum(one["made"] for one in told)
    keys = Counter(one.candidate_key for one in rows)
    return {
        "faults": {
            "oversold": max(0, held - SEATS),
            "lost": max(0, made - len(rows)),
            "doubled": sum(count - 1 for count in keys.values()),
            "moves_without_one_event": sum(of_record[one.ref] != one.version for one in rows),
            "waits_beside_a_free_seat": waiting if held < SEATS else 0,
        },
        "nominations": len(rows),
        "states": dict(Counter(one.status for one in rows)),
        "answers": dict(sum((Counter(one["answers"]) for one in told), Counter[str]())),
    }


def main(arguments: list[str]) -> int:
    """Run the hammer on the engines asked for, or be one of its processes; 1 if anything is as it must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--child", type=int)
    parser.add_argument("--session", default="")
    asked = parser.parse_args(arguments)
    if asked.child is not None:
        sys.stdout.write(json.dumps(child(asked.child, asked.session, asked.turns)) + "\n")
        return 0
    failed = False
    for engine in asked.engine or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory() as folder, database_on(engine, Path(folder)) as database:
            figures = hammer(database, Path(folder), turns=asked.turns)
        sys.stdout.write(f"{engine}: {json.dumps(figures)}\n")
        failed = failed or any(figures["faults"].values())
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
