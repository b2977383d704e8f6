"""The primary is killed and the standby promoted: nothing acknowledged is lost, and the site goes on by itself."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from app.foundation.db import Database
from tests.faults import checker
from tests.faults.conftest import KEY
from tests.faults.hosts import Nursery, site_of, wait_for
from tests.faults.postgres import Cluster, both, pair
from tests.faults.town import build
from tests.faults.writers import Account, Writer
from tests.servers import DEBIAN, NO_SERVER

NEEDED = f"{NO_SERVER}: for this it has to be Debian's, and to be started by root"
pytestmark = [
    pytest.mark.slow, pytest.mark.one_engine, pytest.mark.at_length, pytest.mark.needs_postgresql,
    pytest.mark.skipif(not list(DEBIAN.glob("*/bin")) or os.geteuid() != 0, reason=NEEDED),
]  # fmt: skip

ENOUGH = 12


def fail_over(nursery: Nursery, *, waits: bool) -> dict[str, Any]:
    """Write, kill the primary, promote the standby, write on; what is not as it must be, and how long it took."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    with pair(waits=waits) as (primary, standby):
        primary.ask("CREATE DATABASE faults")
        database = Database(both(primary, standby, "faults"))
        town = build(database, 4, 600)
        site = site_of(nursery, folder, database.url)
        site.start()
        account, stopped = Account(), threading.Event()
        writers = [Writer(n, [site.address], town, account, lambda: not stopped.is_set()) for n in range(4)]
        try:
            for writer in writers:
                writer.sign_in()
                writer.one()
            if not waits:
                cut_off(primary, standby)
            for writer in writers:
                writer.start()
            seconds = change_over(primary, standby, account)
            stopped.set()
            for writer in writers:
                writer.join(120)
            assert site.web[0].is_alive(), "the pages did not live through it"
            if site.worker and not site.worker.is_alive():
                # The supervisor would have done that (test_supervisor.py).
                site.worker.start()
            wait_for(lambda: checker.waiting(database)[0] == 0, "the worker does not come to an end")
            faults = checker.kept(database, account) | checker.recorded(database, folder, KEY) | checker.told(database)
        finally:
            stopped.set()
            site.stop()
            database.close()
            shutil.rmtree(folder, ignore_errors=True)
    return {"faults": faults, "acknowledged": account.written, "answers": dict(account.answers), **seconds}


def cut_off(primary: Cluster, standby: Cluster) -> None:
    """The standby hears no more of the primary, and nobody waits for it."""
    wait_for(lambda: caught_up(primary), "the standby is behind")
    standby.ask("ALTER SYSTEM SET primary_conninfo = ''")
    standby.ask("SELECT pg_reload_conf()")
    wait_for(lambda: not standby.ask("SELECT 1 FROM pg_stat_wal_receiver"), "it is not cut off")


def change_over(primary: Cluster, standby: Cluster, account: Account) -> dict[str, float]:
    """Kill the one and promote the other while people write; seconds until then, and until writing goes on."""
    wait_for(lambda: account.written >= ENOUGH, "nothing is written")
    before, killed = account.written, time.monotonic()
    primary.kill()
    standby.promote()
    promoted = time.monotonic() - killed
    wait_for(lambda: account.written > before + 3, "nothing is written after the change")
    again = time.monotonic() - killed
    wait_for(lambda: account.written >= before + ENOUGH, "it does not go on")
    return {"promoted_s": round(promoted, 2), "writing_again_s": round(again, 2)}


def caught_up(primary: Cluster) -> bool:
    """Whether the standby has everything."""
    return bool(primary.ask("SELECT 1 FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()"))


def test_nothing_is_lost_when_the_standby_takes_over(nursery: Nursery) -> None:
    figures = fail_over(nursery, waits=True)
    print(figures)
    assert not any(figures["faults"].values()), figures


def test_a_standby_that_nobody_waits_for_is_found_out(nursery: Nursery) -> None:
    figures = fail_over(nursery, waits=False)
    assert figures["faults"]["lost"] > 0, figures
