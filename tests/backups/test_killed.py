"""Whoever kills a restore, at whatever moment, finds the database as it was or whole, and can simply begin again."""

from __future__ import annotations

import multiprocessing
import random
import signal
import time

import pytest
import sqlalchemy as sa

from app.backups import loading
from app.foundation.db import Database
from tests.backups.rows_of_all_kinds import everything
from tests.backups.sites import Copy

FORK = multiprocessing.get_context("fork")
KILLS = 6


def put_back(copy, backup, replaces):
    copy = Copy(Database(copy.database.url), copy.folder)
    copy.restore(backup, replaces=replaces)


def state(copy):
    """Every row, nothing at all where there are no tables."""
    if not sa.inspect(copy.database.engine).get_table_names():
        return {}
    return {name: rows for name, rows in everything(copy.database).items() if rows}


@pytest.mark.parametrize("replaces", [False, True])
@pytest.mark.at_length
def test_a_killed_restore_leaves_all_or_nothing(engine_name, filled, own_copy, new_copy, replaces):
    there = new_copy(engine_name)
    with own_copy.database.transaction() as tx:
        tx.execute(sa.text("UPDATE organisations SET name = 'as it was before'"))
    before = {}
    if replaces:
        there.restore(own_copy.back_up("before.backup"))
        before = state(there)
    backup = filled.back_up(f"killed-{engine_name}-{replaces}.backup")
    whole = state(filled)
    duration = how_long(new_copy(engine_name), backup)
    chance, killed, found = random.Random(11), 0, []
    for _kill in range(KILLS):
        if state(there) == whole and not replaces:
            there = new_copy(engine_name)
        there.database.close()
        process = FORK.Process(target=put_back, args=(there, backup, replaces))
        process.start()
        time.sleep(chance.uniform(0.05, 0.9) * duration)
        process.kill()
        process.join(30)
        killed += process.exitcode == -signal.SIGKILL
        found.append(state(there))
        assert found[-1] in (before, whole), "half of it"
    print(f"{engine_name}, replaces {replaces}: {killed} of {KILLS} killed within {duration:.1f} s, "
          f"{sum(one == before for one in found)} times as before")  # fmt: skip
    assert killed >= KILLS // 2
    if state(there) != whole:
        there.restore(backup, replaces=replaces)
    assert state(there) == whole
    assert there.verdict().is_whole
    assert {name: there.files()[name] for name in filled.files()} == filled.files()


def how_long(copy, backup):
    """How many seconds it takes where nobody kills it."""
    began = time.monotonic()
    process = FORK.Process(target=put_back, args=(copy, backup, False))
    process.start()
    process.join(120)
    return time.monotonic() - began


def test_a_restore_that_fails_at_the_very_end_leaves_nothing(engine_name, filled, new_copy, monkeypatch):
    """The careless way would have stored the rows first and then the files."""
    there = new_copy(engine_name)
    before = state(there)
    backup = filled.back_up(f"end-{engine_name}.backup")

    def fail(*_args):
        raise loading.DatabaseError("the very end")

    with monkeypatch.context() as patch:
        patch.setattr("app.backups.restoring.Notes.add", fail)
        with pytest.raises(loading.DatabaseError, match="the very end"):
            there.restore(backup)
    assert state(there) == before
    assert there.files() == {}
    there.restore(backup)
    assert state(there) == state(filled)
