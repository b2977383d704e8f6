"""A process that is told to stop finishes what it has begun, takes nothing new, and ends within its time."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import sqlite3
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.config import Settings
from app.foundation import outbox
from app.foundation.db import Database
from app.foundation.outbox import OutboxRow, Reaction, tell
from app.needs.events import NeedAmended
from app.needs.models import Need
from app.overview import health
from app.serve import SECONDS_TO_END
from app.wiring import WAKES
from tests.benchmarks.visitor import Visitor
from tests.house import wait_until
from tests.running import RunningSite, wait_for_line

pytestmark = [pytest.mark.one_engine, pytest.mark.slow]

SERVE = (sys.executable, "-m", "app.serve")
SLOW = 5.0
FACTS = 60


def start(site: RunningSite, only: str):
    """One half alone, as on a machine that serves nothing else."""
    process = site.start(*SERVE, "--only", only)
    wait_for_line(site.folder / "said.txt", "ready ", process)
    return process


def ask(site: RunningSite, path: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", int(site.environment["PORT"]), timeout=5)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def takes_connections(site: RunningSite) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(site.environment["PORT"])), timeout=2).close()
    except ConnectionRefusedError:
        return False
    return True


class SignIn(threading.Thread):
    """Somebody who signs in while the database is kept busy, so that it takes as long as that lasts."""

    def __init__(self, site: RunningSite) -> None:
        super().__init__()
        self.visitor, self.who, self.led = Visitor(site.address), site.account("state", "SN", "editor"), ""
        self.fields = self.visitor.form("/sign-in")

    def run(self) -> None:
        typed = {"email": self.who["email"], "password": self.who["password"]}
        self.led = self.visitor.send("/sign-in", self.fields, typed)


def test_a_request_that_has_begun_is_answered_and_nothing_new_is_taken(at_rest):
    process = start(at_rest, "web")
    person = SignIn(at_rest)
    with closing(sqlite3.connect(at_rest.folder / "counterpart.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        person.start()
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: not takes_connections(at_rest), 3)
        time.sleep(max(SLOW - (time.monotonic() - began), 0))
        assert person.is_alive()
        assert not person.led
        assert process.poll() is None
        other.execute("ROLLBACK")
    person.join(10)
    assert person.led
    assert process.wait(SECONDS_TO_END) == 0
    assert time.monotonic() - began > SLOW
    at_rest.processes.clear()


def test_pages_that_are_to_stop_say_so_while_they_still_answer(at_rest):
    at_rest.environment["COUNTERPART_DRAIN"] = "4"
    process = start(at_rest, "web")
    assert ask(at_rest, "/health/ready")[0] == 200
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    wait_until(lambda: ask(at_rest, "/health/ready")[0] == 503, 2)
    assert json.loads(ask(at_rest, "/health/ready")[1])["reasons"] == [health.STOPPING]
    assert ask(at_rest, "/needs")[0] == 200
    assert process.wait(4 + SECONDS_TO_END) == 0
    assert time.monotonic() - began >= 4
    assert not takes_connections(at_rest)
    at_rest.processes.clear()


@pytest.mark.at_length
def test_a_worker_finishes_its_reaction_and_leaves_the_rest_to_the_next_one(at_rest):
    database = Database(Settings.from_environment(at_rest.environment).database_url)
    with database.transaction() as tx:
        needs = list(tx.scalars(select(Need).where(Need.posted_at.is_not(None)).limit(25)))
        for number in range(FACTS):
            need = needs[number % len(needs)]
            tell(tx, NeedAmended(need.id, need.version), datetime.now(UTC))
        last = tx.scalar(select(func.max(OutboxRow.id)).where(OutboxRow.done_at.is_not(None)))
    process = start(at_rest, "worker")
    wait_until(lambda: reactions_after(database, last), 180)
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert process.wait(SECONDS_TO_END) == 0
    took = time.monotonic() - began
    left = waiting(database)
    at_rest.processes.clear()
    start(at_rest, "worker")
    wait_until(lambda: not waiting(database), 240)
    done = reactions_after(database, last)
    database.close()
    print(f"the worker ended {took:.1f} s after it was told to, with {left} of {FACTS} facts left")
    assert left, "the worker was done before it was told to stop: tell it more"
    assert done == FACTS * len(WAKES[NeedAmended])
    assert took < SECONDS_TO_END / 2


def reactions_after(database: Database, outbox_id: int) -> int:
    with database.reading() as tx:
        return tx.scalar(select(func.count()).select_from(Reaction).where(Reaction.outbox_id > outbox_id)) or 0


def waiting(database: Database) -> int:
    with database.reading() as tx:
        assert not outbox.count_given_up(tx)
        return outbox.count_waiting(tx)
