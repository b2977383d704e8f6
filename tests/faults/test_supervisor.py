"""The site as `make run` runs it: whichever of its processes is killed, it comes back and leaves no orphan."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import ROOT
from app.foundation.db import Database
from app.foundation.migrate import upgrade
from tests.faults.hosts import answers, is_dead, listeners, site_of, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.one_engine, pytest.mark.at_length]


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    database = Database(f"sqlite:///{folder}/counterpart.sqlite")
    upgrade(database)
    database.close()
    # None is asked to start anything: the supervisor does.
    site = site_of(None, folder, database.url)  # type: ignore[arg-type]
    port = site.web[0].port
    environment = site.environment | {"PORT": str(port)}
    with site.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        wait_for(lambda: answers(port), "the site does not come up")
        yield process, port
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def children(number: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{number}/task/{number}/children").read_text().split()]


def test_whatever_is_killed_comes_back_and_leaves_no_orphan(served: tuple[subprocess.Popen[bytes], int]) -> None:
    supervisor, port = served
    took = {}
    for victim in ("first process of the web server", "process that answers", "worker"):
        wait_for(lambda: answers(port) and len(children(supervisor.pid)) == 2, "the site is not whole")
        serving = listeners(port)
        web = next(one for one in children(supervisor.pid) if {one, *children(one)} & set(serving))
        worker = next(one for one in children(supervisor.pid) if one != web)
        old = {web, *children(web)} if victim != "worker" else {worker}
        number = {"first process of the web server": web, "worker": worker}.get(victim) or children(web)[0]
        began = time.monotonic()
        os.kill(number, signal.SIGKILL)
        wait_for(lambda old=old: all(is_dead(one) for one in old), f"an orphan is left when the {victim} is killed")
        wait_for(lambda: answers(port) and len(children(supervisor.pid)) == 2, f"it does not come back: {victim}")
        assert not old & set(listeners(port))
        took[victim] = round(time.monotonic() - began, 1)
    print(took)
    everything = [one for half in children(supervisor.pid) for one in (half, *children(half))]
    supervisor.kill()
    supervisor.wait()
    wait_for(lambda: all(is_dead(one) for one in everything), "the halves outlive their supervisor")
    assert not answers(port)
