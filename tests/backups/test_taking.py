"""A backup is there whole or not at all, says what it could not find, and takes no more memory for more rows."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import random
import resource
import signal
import stat
import time
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app.backups import checking, taking
from app.backups.errors import BackupRefused
from app.foundation.db import Database
from app.foundation.filing.files import file_path
from app.foundation.filing.store import FileStore
from tests.backups.sites import NOW, Copy, silently

pytestmark = pytest.mark.one_engine
FORK = multiprocessing.get_context("fork")


def check(path, key=None):
    with path.open("rb") as file:
        return checking.check(file, key, str(path), lambda _bytes: None)


def digest_of(copy, number):
    with copy.database.engine.connect() as connection:
        return connection.scalar(sa.text("SELECT sha256 FROM attachments WHERE id = :n"), {"n": number})


def test_a_backup_is_for_its_owner_alone(filled):
    old = os.umask(0)
    try:
        path = filled.back_up("owner.backup")
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.with_name("owner.backup.part").exists()


def test_a_file_that_is_there_is_not_written_over(filled):
    path = filled.folder.parent / "there.backup"
    path.write_text("precious")
    with pytest.raises(BackupRefused, match="is there already"):
        filled.back_up("there.backup")
    assert path.read_text() == "precious"


def test_what_a_killed_backup_has_left_is_written_over(filled):
    part = filled.folder.parent / "again.backup.part"
    part.write_bytes(bytes(10_000_000))
    check(filled.back_up("again.backup"))
    assert not part.exists()


def test_two_backups_do_not_write_one_file(filled):
    with (filled.folder.parent / "two.backup.part").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(BackupRefused, match="Another process is just writing"):
            filled.back_up("two.backup")
    assert not (filled.folder.parent / "two.backup").exists()


@pytest.mark.parametrize("target", ["nowhere/site.backup", "file/site.backup"])
def test_a_place_where_nothing_can_be_written_is_said(filled, tmp_path, target):
    (tmp_path / "file").touch()
    with pytest.raises(BackupRefused, match="cannot be written: No"):
        taking.take_backup(filled.database, FileStore(filled.folder), tmp_path / target, None, NOW, silently)


def test_an_empty_database_is_no_backup(tmp_path):
    copy = Copy(Database(f"sqlite:///{tmp_path}/data/none.sqlite"), tmp_path / "data")
    with pytest.raises(BackupRefused, match="There is nothing in the database yet"):
        copy.back_up()
    copy.database.close()
    assert not (tmp_path / "site.backup").exists()


def test_a_missing_and_a_damaged_file_are_named(own_copy, new_copy):
    gone, changed = digest_of(own_copy, 1), digest_of(own_copy, 2)
    file_path(own_copy.folder, gone).unlink()
    file_path(own_copy.folder, changed).write_bytes(b"rotten")
    path = own_copy.back_up()
    assert not own_copy.taken.is_whole
    assert own_copy.taken.manifest.missing == [file_path(own_copy.folder, gone).relative_to(own_copy.folder).as_posix()]
    assert [name[-64:] for name in own_copy.taken.manifest.damaged] == [changed]
    check(path)
    there = new_copy()
    there.restore(path)
    assert there.files() == own_copy.files()


def test_a_file_that_the_scanner_refuses_meanwhile_is_not_missing(own_copy):
    """As the worker does it: first the row says so, then the file goes."""
    digest = digest_of(own_copy, 1)

    @contextmanager
    def refuse_meanwhile(label, _length):
        if label == "Reading files":
            with own_copy.database.transaction() as tx:
                tx.execute(sa.text("UPDATE attachments SET state = 'refused' WHERE sha256 = :d"), {"d": digest})
            file_path(own_copy.folder, digest).unlink()
        yield lambda _steps: None

    path = own_copy.folder.parent / "refused.backup"
    taken = taking.take_backup(own_copy.database, FileStore(own_copy.folder), path, None, NOW, refuse_meanwhile)
    assert taken.is_whole
    assert digest in " ".join(taken.let_go)
    check(path)


def test_what_the_site_lets_go_of_by_itself_is_not_missing(own_copy):
    for folder in ("incoming", "workbooks", "jobs/files"):
        for path in (own_copy.folder / folder).rglob("*"):
            if path.is_file():
                path.unlink()
    own_copy.back_up()
    assert own_copy.taken.is_whole
    assert own_copy.taken.manifest.files["count"] == 5


# --- violence ---


def back_up_slowly(copy, path):
    copy.database.engine.dispose(close=False)

    @contextmanager
    def slowly(_label, _length):
        yield lambda _steps: time.sleep(0.002)

    copy = Copy(Database(copy.database.url), copy.folder)
    taking.take_backup(copy.database, FileStore(copy.folder), path, None, NOW, slowly)


@pytest.mark.at_length
def test_a_backup_that_is_killed_leaves_nothing_under_its_name(filled, tmp_path):
    """Killed at ten moments; at least some of them have to meet a backup half done."""
    filled.back_up("first.backup")
    chance, killed = random.Random(5), 0
    for number in range(10):
        path = tmp_path / f"{number}.backup"
        process = FORK.Process(target=back_up_slowly, args=(filled, path))
        process.start()
        time.sleep(chance.uniform(0, 0.4))
        process.kill()
        process.join(30)
        killed += process.exitcode == -signal.SIGKILL
        if path.exists():
            check(path)
    assert killed >= 3


# --- memory ---


def measured(copy, key, answer):
    """How much more memory (MiB) a process of its own takes for a backup, and for putting it back."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    copy = Copy(Database(copy.database.url), copy.folder)
    path = copy.back_up(f"memory-{os.getpid()}.backup", key)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    copy.restore(path, key, replaces=True)
    answer.send(((after - before) / 1024, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - after) / 1024))


def with_rows(copy, rows):
    with copy.database.transaction() as tx:
        tx.execute(sa.text("DELETE FROM exchange_rates"))
        tx.execute(
            sa.text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) "
                "INSERT INTO exchange_rates (id, currency, day, per_euro, source, imported_at) SELECT i, 'C' || i, "
                "'2026-01-02', '15.5', hex(randomblob(200)), '2026-01-02 00:00:00.000000' FROM n"
            ),
            {"rows": rows},
        )


@pytest.mark.at_length
def test_memory_does_not_grow_with_the_rows(own_copy):
    """20,000 rows of half a kilobyte are 10 MB; twice as many may not need what 10 MB more would."""
    taken = []
    for rows in (20_000, 40_000):
        with_rows(own_copy, rows)
        own_copy.database.close()
        here, there = FORK.Pipe()
        process = FORK.Process(target=measured, args=(own_copy, None, there))
        process.start()
        assert here.poll(240), "no answer"
        taken.append(here.recv())
        process.join(30)
    print(f"memory in MiB (backup, restore) for 20,000 and 40,000 rows: {taken}")
    assert taken[1][0] - taken[0][0] < 4
    assert taken[1][1] - taken[0][1] < 4
