"""The clock jumps a day back, and on again, under a running site: order is by sequence, and nothing is sent twice."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from app import serve
from app.config import ROOT, Settings
from app.foundation.audit import AuditEvent
from app.foundation.audit.verify import verify
from app.foundation.outbox import OutboxRow
from tests.faults import checker
from tests.faults.conftest import KEY, Place
from tests.faults.hosts import Part, wait_for
from tests.faults.letters import MailServer

pytestmark = [pytest.mark.slow, pytest.mark.one_engine, pytest.mark.long_fault]

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
"""Debian's package libfaketime; without it the site's own clock is moved inside its processes."""


@dataclass
class Moved(Part):
    """A process whose clock is as far off as a file says."""

    file: Path = Path()

    def start(self) -> None:
        """As a program of its own: the library has to be there from its first moment."""
        environment = self.site.environment | ({"PORT": str(self.port)} if self.port else {})
        if LIBRARY is None:
            self.careless = "moved-clock"
            self.site.environment["FAULTS_CLOCK"] = str(self.file)
            super().start()
            return
        moved = {"LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
                 "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}  # fmt: skip
        settings = Settings.from_environment(environment)
        command = serve.web_command(settings) if self.port else serve.worker_command()
        self.started_at = time.time()
        with self.site.log.open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment | moved, stdout=log, stderr=log, start_new_session=True
            )
        self.number = process.pid


@pytest.fixture
def mails() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


def test_a_jump_of_the_clock_keeps_order_and_repeats_nothing(
    mails: MailServer, place_on: Callable[..., Place], tmp_path: Path
) -> None:
    place = place_on("sqlite", writes=80, SMTP_URL=mails.url)
    place.site.stop()
    file = tmp_path / "clock"
    file.write_text("+0d\n")
    site = place.site
    site.web = [Moved(site, "web", site.web[0].port, file=file)]
    site.worker = Moved(site, "worker", file=file)
    site.start()
    people = [place.person(role) for role in ("needs", "pledges", "nominations", "answers")]
    order = []
    for offset in ("+0d", "-1d", "+0d", "+2d", "-1d"):
        file.write_text(f"{offset}\n")
        for person in people:
            if offset == "+2d":
                # Two days later everybody has been signed out.
                continue
            person.one()
            order.append(person.account.entries[-1].marker)
        place.settle()
    assert len(place.account.acknowledged()) == len(order), dict(place.account.answers)
    with place.database.reading() as tx:
        verdict = verify(tx, KEY, site.folder)
        assert verdict.is_whole, verdict.faults
        made = {
            ref: marker for role in checker.EVENTS for marker, ref, _told in checker.marked(tx, role)
        }  # fmt: skip
        actions = set(checker.EVENTS.values())
        events = tx.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        by_sequence = [made[e.record_ref] for e in events if e.action in actions]
        assert by_sequence == order
        times = [event.happened_at for event in events if event.action in actions]
        assert times != sorted(times), "the clock did not jump"
        ids = tx.scalars(select(OutboxRow.id).order_by(OutboxRow.id)).all()
        assert list(ids) == sorted(ids)
    wait_for(lambda: not unsent(place), "a mail waits for ever")
    faults = {**checker.kept(place.database, place.account), **checker.told(place.database)}
    assert not any(faults.values()), faults
    assert mails.taken, "no mail was sent at all"
    assert set(mails.taken.values()) == {1}


def unsent(place: Place) -> int:
    return checker.mails_waiting(place.database)
