"""A disk that is full is said to be full: no backup is left half written, no database half filled."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import shutil
import subprocess

import pytest
import sqlalchemy as sa

from app.backups import taking
from app.backups.errors import BackupRefused
from app.foundation.db import Database
from app.foundation.filing.store import FileStore
from tests.backups.rows_of_all_kinds import everything
from tests.backups.sites import NOW, Copy, silently

pytestmark = pytest.mark.one_engine
FORK = multiprocessing.get_context("fork")
NEW_MOUNTS = 0x00020000


def on_small_disk(size, folder, work, arguments, answer):
    """Work in a view of the file system of one's own, where a disk of that size lies on the folder."""
    if ctypes.CDLL(None, use_errno=True).unshare(NEW_MOUNTS):
        answer.send("no")
        return
    disk = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    for command in (["mount", "--make-rprivate", "/"], disk):
        if subprocess.run(command, check=False, capture_output=True).returncode:
            answer.send("no")
            return
    answer.send(work(folder, *arguments))


@pytest.fixture
def on_disk(tmp_path):
    """Gives what work comes to that was done on a small disk."""

    def run(size, work, *arguments):
        if os.geteuid() != 0:
            pytest.skip("by design: only root may mount a small disk")
        folder = tmp_path / "small"
        folder.mkdir()
        here, there = FORK.Pipe()
        process = FORK.Process(target=on_small_disk, args=(size, folder, work, arguments, there))
        process.start()
        assert here.poll(120), "no answer"
        said = here.recv()
        process.join(30)
        if said == "no":
            pytest.skip("by design: this machine lets nobody mount a small disk")
        return said

    return run


def back_up(folder, copy):
    copy = Copy(Database(copy.database.url), copy.folder)
    try:
        taking.take_backup(copy.database, FileStore(copy.folder), folder / "site.backup", None, NOW, silently)
    except BackupRefused as refused:
        return str(refused), sorted(path.name for path in folder.iterdir())
    return "there was room", []


def test_a_backup_that_finds_no_room_leaves_no_file(own_copy, on_disk, tmp_path):
    with own_copy.database.transaction() as tx:
        tx.execute(sa.text("UPDATE organisations SET name = hex(randomblob(200000))"))
    own_copy.database.close()
    path = tmp_path / "small" / "site.backup"
    assert on_disk("64k", back_up, own_copy) == (f"{path} cannot be written: No space left on device.", [])


def put_back(folder, backup, template):
    shutil.copy(template, folder / "counterpart.sqlite")
    copy = Copy(Database(f"sqlite:///{folder}/counterpart.sqlite"), folder)
    before = everything(copy.database)
    ballast = folder / "ballast"
    free = shutil.disk_usage(folder).free
    ballast.write_bytes(bytes(free - 300_000))
    try:
        copy.restore(backup)
    except BackupRefused as refused:
        said = str(refused)
    else:
        said = "there was room"
    is_as_before = everything(copy.database) == before
    left = set(copy.files())
    ballast.unlink()
    copy.restore(backup)
    return said, is_as_before, left, everything(copy.database)


def test_a_restore_that_finds_no_room_changes_nothing_and_can_be_given_again(filled, template, on_disk):
    backup = filled.back_up("room.backup")
    said, is_as_before, left, after = on_disk("24m", put_back, backup, template)
    assert said == "The database refuses: database or disk is full. Nothing was changed."
    assert is_as_before
    assert left == {"ballast"}
    assert after == everything(filled.database)
