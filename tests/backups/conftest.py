"""A site with rows of all kinds, files and a signed record, and empty databases that are quickly made."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import create_app
from app.foundation import migrate
from app.foundation.audit import Origin, record_event
from app.foundation.audit.chain import come_from
from app.foundation.audit.seals import note, sign_heads
from app.foundation.db import Database
from app.foundation.filing.files import store_file
from app.foundation.filing.store import FileStore
from app.foundation.permissions import SYSTEM
from tests.backups.rows_of_all_kinds import Filler
from tests.backups.sites import AUDIT_KEY, NEED, NOW, Copy


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """The site from which backups are made; nobody changes it."""
    folder = tmp_path_factory.mktemp("filled") / "data"
    copy = Copy(Database(f"sqlite:///{folder}/counterpart.sqlite"), folder)
    migrate.upgrade(copy.database)
    with copy.database.transaction() as tx:
        tx.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        Filler(tx.connection(), rows=5).fill()
        put_files(tx, folder)
    for day in range(3):
        with copy.database.transaction() as tx:
            come_from(Origin("192.0.2.7", "request-1"))
            for number in range(4):
                record_event(tx, SYSTEM, f"need.step{number}", NEED, NOW + timedelta(days=day), {"é": [1, "🏳️‍🌈"]})
            come_from(None)
            note(folder, sign_heads(tx, AUDIT_KEY, NOW + timedelta(days=day, hours=1)))
    assert copy.verdict().is_whole
    yield copy
    copy.database.close()


def put_files(tx, folder):
    """Files behind the rows that name some, of every kind that the site keeps."""
    name = sa.text
    digests = [store_file(FileStore(folder), b"content %d " % n * 1000) for n in range(4)]
    tx.execute(name("UPDATE attachments SET state = 'clean', sha256 = :d"), {"d": digests[0]})
    for number, digest in enumerate(digests[:3], start=1):
        tx.execute(name("UPDATE attachments SET sha256 = :d WHERE id = :n"), {"d": digest, "n": number})
    made = json.dumps({"pdf": {"ref": "R-1", "file_sha256": digests[3]}})
    tx.execute(name("UPDATE regional_reports SET made = '{}'"))
    tx.execute(name("UPDATE regional_reports SET made = :made WHERE id = 1"), {"made": made})
    tx.execute(name("UPDATE jobs SET file_sha256 = ''"))
    result = store_file(FileStore(folder), b"result", below="jobs/")
    tx.execute(name("UPDATE jobs SET file_sha256 = :d WHERE id = 2"), {"d": result})
    upload = hashlib.sha256(b"<iati/>").hexdigest()
    (folder / "incoming").mkdir()
    (folder / "incoming" / upload).write_bytes(b"<iati/>")
    tx.execute(name("UPDATE file_imports SET files = '[]'"))
    files = json.dumps([{"name": "a.xml", "sha256": upload, "size": 7}])
    tx.execute(name("UPDATE file_imports SET files = :f WHERE id = 1"), {"f": files})
    tx.execute(name("UPDATE workbook_uploads SET key = 'key-number-' || id"))
    (folder / "workbooks").mkdir()
    (folder / "workbooks" / "key-number-1.xlsx").write_bytes(b"PK workbook")


@pytest.fixture(scope="session")
def template(new_database, tmp_path_factory):
    """An SQLite file with empty tables, to be copied: making the tables takes seconds."""
    folder = tmp_path_factory.mktemp("template")
    database = Database(f"sqlite:///{folder}/empty.sqlite")
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return folder / "empty.sqlite"


@pytest.fixture
def new_copy(new_database, template, tmp_path):
    """Makes an empty site: on SQLite its tables are there already, on PostgreSQL there is nothing."""
    made = []

    def make(engine="sqlite", name="empty"):
        folder = tmp_path / f"{name}{len(made)}" / "data"
        folder.mkdir(parents=True)
        if engine == "sqlite":
            shutil.copy(template, folder / "counterpart.sqlite")
            database = Database(f"sqlite:///{folder}/counterpart.sqlite")
        else:
            database = new_database(engine)
        made.append(Copy(database, folder))
        return made[-1]

    yield make
    for copy in made:
        copy.database.close()


@pytest.fixture
def own_copy(filled, tmp_path):
    """The filled site again, for a test that changes it."""
    folder = tmp_path / "own" / "data"
    shutil.copytree(filled.folder, folder)
    copy = Copy(Database(f"sqlite:///{folder}/counterpart.sqlite"), folder)
    yield copy
    copy.database.close()


@pytest.fixture
def run(settings):
    """Runs a command of the terminal on the site that is given."""

    def command(copy, *words, typed=None, **changes):
        own = dataclasses.replace(settings, data_dir=copy.folder, database_url=copy.database.url, **changes)
        runner = create_app(own, copy.database).test_cli_runner()
        return runner.invoke(args=[str(word) for word in words], input=typed)

    return command
