"""The worker lets a program of its own do the work, lives on when that is killed, and has the work done again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.foundation.db import Database
from tests.house import wait_until

PROGRAM = """
import os, sys, time
from pathlib import Path
from app.accounts import models
from app.config import Settings
from app.foundation.clock import Clock
from app.foundation.db import Database
from app.foundation.messages import msg
from app.foundation.web import Site
from app.jobs import starting
from app.jobs.starting import Outcome

folder = Path(sys.argv[1])
settings = Settings.from_environment()
site = Site(settings, Database(settings.database_url), Clock())

def slowly(site, job, progress):
    progress.begin(2)
    first = not (folder / "pid").exists()
    (folder / "pid").write_text(str(os.getpid()))
    while first:
        time.sleep(0.05)
        progress.tell()
    return Outcome(msg("Done."))

starting.register_job("slow", slowly)
"""
WORKER = (
    PROGRAM
    + """
import subprocess
assert hasattr(starting, "_process_for")
starting._process_for = lambda ref: subprocess.Popen([sys.executable, sys.argv[2], str(folder), "", ref])
until = time.monotonic() + 60
while time.monotonic() < until and not (folder / "end").exists():
    starting.tend_jobs(site)
    time.sleep(0.05)
"""
)
CHILD = (
    PROGRAM
    + """
from app.jobs.runner import work_through
work_through(site, sys.argv[3])
"""
)


@pytest.mark.slow
@pytest.mark.one_engine
def test_a_program_that_is_killed_in_the_middle_is_followed_by_another(tmp_path, now):
    from app.accounts.models import Account
    from app.foundation.messages import msg
    from app.foundation.permissions import Actor
    from app.jobs.queries import job_by_ref
    from app.jobs.service import Work, start_job
    from app.tables import METADATA

    database = Database(f"sqlite:///{tmp_path}/data/counterpart.sqlite")
    METADATA.create_all(database.engine)
    with database.transaction() as tx:
        account = Account(email="a@example.org", name="A", stamp="s", created_at=now, changed_at=now)
        tx.add(account)
        tx.flush()
        ref = start_job(tx, Actor(account_id=account.id), Work("slow", msg("Slow work"), {}, ()), now).ref
    (tmp_path / "worker.py").write_text(WORKER)
    (tmp_path / "child.py").write_text(CHILD)
    environ = os.environ | {"COUNTERPART_DATA_DIR": str(tmp_path / "data"), "SEARCH_DIR": str(tmp_path / "index")}
    environ |= {"PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, str(tmp_path / "worker.py"), str(tmp_path), str(tmp_path / "child.py")]
    worker = subprocess.Popen(command, env=environ, cwd=Path.cwd())

    def job():
        with database.reading() as tx:
            return job_by_ref(tx, ref)

    try:
        wait_until(lambda: (tmp_path / "pid").exists() and job().total == 2, 120)
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
        wait_until(lambda: job().state == "done", 120)
        assert worker.poll() is None
        assert job().tries == 2
    finally:
        (tmp_path / "end").write_text("")
        worker.wait(30)
        database.close()
