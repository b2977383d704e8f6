"""A backup is one moment: whoever writes goes on, and what comes back has no half of anybody's change."""

from __future__ import annotations

import multiprocessing
import time
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.foundation import migrate
from app.foundation.audit import record_event
from app.foundation.audit.seals import note, sign_heads
from app.foundation.db import Database
from app.foundation.filing.files import FileStore, keep_files
from app.foundation.permissions import SYSTEM
from tests.backups.sites import AUDIT_KEY, NOW, Copy
from tests.factories import World

FORK = multiprocessing.get_context("fork")
WRITERS, BACKUPS = 4, 3
COUNTED = ("attachments", "audit_events", "outbox")


def write(copy, writer, organisation, stop):
    """Until it is told to stop: a file, its row, an event of the record and a fact, in one transaction each time."""
    database, number = Database(copy.database.url), 0
    while not stop.is_set():
        number += 1
        record = SimpleNamespace(ref=f"W{writer}-{number}", record_kind="pledge", organisation_id=organisation)
        with database.transaction() as tx:
            content = b"%%PDF-1.4 of writer %d, number %d" % (writer, number)
            keep_files(tx, record, None, [("a.txt", content)], FileStore(copy.folder), NOW)
            record_event(tx, SYSTEM, "pledge.made", record, NOW)
        if writer == 0:
            with database.transaction() as tx:
                seals = sign_heads(tx, AUDIT_KEY, NOW.replace(minute=number % 60, hour=9 + number // 60 % 14))
            note(copy.folder, seals)
    database.close()


def counts(copy):
    with copy.database.engine.connect() as connection:
        return [connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in COUNTED]  # noqa: S608


@pytest.mark.at_length
def test_a_backup_taken_among_writers_is_one_moment(engine_name, new_copy):
    there = new_copy(engine_name, "busy")
    migrate.upgrade(there.database)
    with there.database.transaction() as tx:
        organisation = World(tx, NOW).organisation("state").id
    there.back_up("warm.backup")
    there.database.close()
    stop = FORK.Event()
    writers = [FORK.Process(target=write, args=(there, n, organisation, stop)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    copy = Copy(Database(there.database.url), there.folder)
    seen = []
    try:
        for number in range(BACKUPS):
            time.sleep(1)
            path = copy.back_up(f"{number}.backup")
            assert copy.taken.is_whole
            seen.append((path, copy.taken.manifest))
    finally:
        stop.set()
        for writer in writers:
            writer.join(60)
        copy.database.close()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    rows = [manifest.entry("attachments").rows for _path, manifest in seen]
    print(f"{engine_name}: attachments in three backups {rows}, at the end {counts(there)[0]}")
    assert 0 < rows[0] < rows[1] < rows[2] <= counts(there)[0], "others have written all the time"
    for path, manifest in seen:
        back = new_copy("sqlite", "back")
        back.restore(path)
        assert counts(back) == [manifest.entry("attachments").rows] * 3
        verdict = back.verdict()
        assert (verdict.faults, verdict.events) == ([], manifest.entry("audit_events").rows)
        with back.database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            digests = set(connection.scalars(sa.text("SELECT sha256 FROM attachments")))
        assert {path.name for path in (back.folder / "files").glob("*/*")} == digests
