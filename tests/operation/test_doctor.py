"""Each part is broken for real, and the doctor names it and says what to do."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import event, text

from app.foundation import migrate
from app.foundation.audit import record_event
from app.foundation.db import Database
from app.foundation.filing.files import Attachment, file_path, store_file
from app.foundation.languages import CATALOGUES
from app.foundation.outbox import MOST_ATTEMPTS, OutboxRow, tell
from app.foundation.permissions import SYSTEM
from app.needs.events import NeedPosted
from app.operation import checks, checks_around, doctor
from app.operation.checks_around import catalogues
from app.operation.service import WholeSite
from app.operation.standing import tables
from app.search.reactions import engine_of
from tests.architecture.reading import ROOT
from tests.factories import World
from tests.little_clamd import little_clamd
from tests.running import free_port

pytestmark = pytest.mark.one_engine
FIELDS = {"waiting", "given_up", "indexed", "index_readable", "well", "findings"}


@pytest.fixture(autouse=True)
def _compiled(monkeypatch):
    """Catalogues are looked at by their own test: whether they are fresh here is the business of make."""
    monkeypatch.setattr(checks_around, "catalogues", list)


def found(own):
    """What the doctor says, by the name of the part."""
    return {one["name"]: one for one in doctor.examine(own).as_json()["findings"]}


def state(own, name):
    one = found(own)[name]
    assert one["state"] == "well" or one["mend"], "what is not well says what to do"
    return one["state"], one["seen"]


def test_an_installation_that_is_well(own):
    report = doctor.examine(replace_settings(own, demonstration=True))
    assert {one.state for one in report.findings} == {"well"}, report.findings
    assert report.is_well
    assert doctor.in_words(report)[-1] == "All is well."


def replace_settings(own, **changes):
    own.settings = replace(own.settings, **changes)
    return own


# --- the command ---


def test_the_command_tells_people_and_machines(app, own):
    runner = app.test_cli_runner()
    told = json.loads(runner.invoke(args=["doctor", "--json"]).output)
    assert set(told) == FIELDS
    assert (told["waiting"], told["given_up"], told["indexed"], told["index_readable"], told["well"]) == (
        0,
        0,
        0,
        True,
        True,
    )
    assert all(set(one) == {"name", "state", "seen", "mend"} for one in told["findings"])
    said = runner.invoke(args=["doctor"])
    assert said.exit_code == 0, "not in production is a warning, and a warning is no failure"
    assert said.output.splitlines()[-1] == "The site works; when there is time, look at settings."


def test_it_ends_with_one_where_something_is_wrong(app, own, now):
    with own.database.transaction() as tx:
        tx.add(OutboxRow(fact="NeedPosted", payload={"need_id": 1}, created_at=now, attempts=MOST_ATTEMPTS))
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["doctor", "--json"])
    assert (answer.exit_code, json.loads(answer.output)["given_up"], json.loads(answer.output)["well"]) == (1, 1, False)
    said = runner.invoke(args=["doctor"])
    assert said.exit_code == 1
    assert said.output.splitlines()[-1] == "Somebody should look at given_up: see docs/operating.md."


@pytest.mark.parametrize("json_too", [True, False])
def test_settings_with_which_the_site_does_not_start_are_named(json_too, tmp_path):
    environ = {**os.environ, "COUNTERPART_ENV": "production", "COUNTERPART_DATA_DIR": str(tmp_path)}
    environ.pop("SECRET_KEY", None)
    words = [sys.executable, "-m", "app.operation.doctor", *(["--json"] if json_too else [])]
    done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "SECRET_KEY is missing" in done.stdout
    assert done.stderr == ""
    if json_too:
        assert json.loads(done.stdout)["findings"][0]["name"] == "settings"


# --- settings ---


def test_settings_that_are_not_for_real_data(own):
    assert state(own, "settings") == ("warning", "not in production.")
    assert "SECRET_KEY" in found(replace_settings(own, secret_key="x"))["settings"]["mend"]
    production = {"production": True, "public_url": "https://c.example"}
    assert state(replace_settings(own, **production), "settings")[0] == "warning", "no proxy is believed"
    assert state(replace_settings(own, proxies=1), "settings") == ("well", "in production.")
    assert state(replace_settings(own, demonstration=True), "settings")[0] == "warning"


# --- the database ---


def test_a_database_that_is_gone(own, tmp_path):
    folder = tmp_path / "a-folder-is-no-database"
    folder.mkdir()
    own.database = Database(f"sqlite:///{folder}")
    told = doctor.examine(own)
    assert state(own, "database")[0] == "wrong"
    assert (told.waiting, told.given_up, told.index_readable, told.is_well) == (None, None, True, False)
    assert found(own)["smtp"]["state"] == "well", "the rest is looked at all the same"


def test_a_database_without_tables_and_one_of_another_revision(own, new_database):
    whole, own.database = own.database, new_database("sqlite")
    assert state(own, "tables")[0] == "wrong"
    own.database = whole
    with whole.transaction() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        assert "needs" in state(own, "tables")[1]
    finally:
        with whole.transaction() as tx:
            tx.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": migrate.newest_revision()})


def test_sqlite_that_may_forget(own):
    assert state(own, "durability")[0] == "well"

    def lazily(connection, _record):
        connection.execute("PRAGMA synchronous=OFF")

    own.database.engine.dispose()
    event.listen(own.database.engine, "connect", lazily)
    assert "synchronous OFF" in state(own, "durability")[1]
    assert state(own, "durability")[0] == "wrong"
    event.remove(own.database.engine, "connect", lazily)
    own.database.engine.dispose()
    with Database("sqlite://").reading() as tx:
        (one,) = checks.settings_of_engine(tx)
    assert (one.state, "MEMORY" in str(one.seen)) == ("wrong", True)


@pytest.mark.needs_postgresql
def test_postgresql_that_may_forget_and_clocks_that_differ(own, new_database, clock):
    """The server of the tests does not write to the disk what it has acknowledged, and is told so."""
    own.database = new_database("postgresql")
    migrate.upgrade(own.database)
    by_name = found(own)
    assert by_name["durability"]["state"] == "wrong"
    assert "fsync = on" in by_name["durability"]["mend"]
    assert by_name["version"]["state"] == "well"
    with own.database.reading() as tx:
        there = tx.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"))
        server = tx.scalar(text("SELECT clock_timestamp()"))
    assert by_name["trigrams"]["state"] == ("well" if there else "warning")
    own.clock = SimpleNamespace(now=clock.now, wall=lambda: server + timedelta(seconds=1))
    assert found(own)["clock"]["state"] in {"well", "warning"}, "the machine may be slow"
    own.clock = SimpleNamespace(now=clock.now, wall=lambda: server + timedelta(hours=1))
    assert state(own, "clock")[0] == "warning"
    assert "PostgreSQL 1" in str(tables(own).seen.values["engine"]) or tables(own).state == "well"


@pytest.mark.parametrize(("version", "expected"), [(140_012, "wrong"), (150_000, "well"), (180_001, "well")])
def test_an_old_postgresql(version, expected):
    assert checks._recent(version).state == expected


# --- what happens, and the index ---


def test_facts_that_wait_too_long(own, now):
    with own.database.transaction() as tx:
        tell(tx, NeedPosted(1), now - timedelta(minutes=9))
    assert state(own, "facts") == ("wrong", "Waiting: 1, the oldest for 9 minutes.")
    assert state(own, "index")[0] == "warning"


def test_an_index_that_is_gone_torn_or_not_right(own, now):
    engine = engine_of(own)
    with own.database.transaction() as tx:
        world = World(tx, now)
        world.need(world.organisation())
    assert state(own, "drift") == ("warning", "records in the index: 1 missing, 0 surplus, 0 outdated.")
    shutil.rmtree(own.settings.search_dir)
    engine.close()
    told = doctor.examine(own)
    assert (told.index_readable, told.is_well) == (False, False)
    assert state(own, "index")[0] == "wrong"
    assert state(own, "drift")[0] == "wrong"


# --- the record of events ---


def test_events_that_were_changed_or_stay_unsigned(own, now):
    with own.database.transaction() as tx:
        record_event(tx, SYSTEM, "need.posted", WholeSite(), now - timedelta(hours=2))
        record_event(tx, SYSTEM, "need.closed", WholeSite(), now - timedelta(hours=2))
    assert state(own, "chain") == ("well", f"the 2 events of {now.date()} are whole.")
    assert state(own, "record") == ("warning", "Events have been unsigned for 2 hours.")
    with own.database.transaction() as tx:
        tx.execute(text("UPDATE audit_events SET action = 'need.met' WHERE sequence = 1"))
    assert state(own, "chain")[0] == "wrong"
    assert "its content was changed" in state(own, "chain")[1]


# --- files and folders ---


def attach(own, now, count=1):
    with own.database.transaction() as tx:
        state = World(tx, now).organisation()
        digest = store_file(own.files, b"a letter")
        common = {"record_kind": "need", "record_ref": "N-1", "organisation_id": state.id, "size": 8,
                  "sha256": digest, "uploaded_by": None, "uploaded_at": now, "name": "a.txt"}  # fmt: skip
        tx.add_all([Attachment(**common) for _number in range(count)])
    return file_path(own.settings.data_dir, digest)


def test_a_file_that_is_not_there(own, now):
    path = attach(own, now)
    assert state(own, "files") == ("well", "1 files looked for, all there.")
    path.unlink()
    assert state(own, "files")[0] == "wrong"
    assert "1 not there: F-" in state(own, "files")[1]


def test_of_many_files_some_are_looked_for(own, now, monkeypatch):
    monkeypatch.setattr(checks_around, "MOST_FILES", 10)
    path = attach(own, now, 37)
    assert state(own, "files")[1].startswith("9 of 37 files looked for")
    path.unlink()
    assert state(own, "files")[0] == "wrong"


def test_a_folder_that_others_may_read_or_that_is_gone(own):
    folder = own.settings.data_dir
    folder.chmod(0o755)
    assert state(own, "data")[0] == "warning"
    replace_settings(own, production=True)
    assert state(own, "data") == ("wrong", f"{folder} has the permissions 755.")
    folder.chmod(0o750)
    assert state(own, "data")[0] == "warning"
    folder.rmdir()
    assert state(own, "data")[0] == "wrong"


@pytest.fixture
def mounted(tmp_path):
    """Mounts a small disk of its own; ends it afterwards."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options):
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "none", str(place)], check=False, capture_output=True
        )
        if done.returncode:
            pytest.skip("by design: only root may mount a disk")
        return place

    yield mount
    subprocess.run(["umount", str(place)], check=False, capture_output=True)


def test_a_disk_that_is_nearly_full(own, mounted):
    place = mounted("size=8m,mode=700")
    replace_settings(own, data_dir=place)
    assert state(own, "disk") == ("wrong", "8.4 MB free of 8.4 MB.")


def test_a_disk_that_takes_nothing(own, mounted):
    place = mounted("size=1m,mode=700")
    replace_settings(own, data_dir=place)
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True, capture_output=True)
    assert state(own, "data")[0] == "wrong"
    assert "Read-only file system" in state(own, "data")[1]


def test_a_backup_that_is_old_or_not_known(own):
    note = own.settings.data_dir / "last-backup.json"
    note.write_text('{"at": "2026-11-01T08:00:00+00:00", "file": "a.tar", "rows": 3}')
    assert state(own, "backup")[0] == "warning"
    note.unlink()
    assert state(own, "backup") == ("well", "None is known of.")
    assert state(replace_settings(own, production=True), "backup")[0] == "warning"


# --- others ---


class Quiet:
    """A mail server that remembers what it is sent."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
        self.mails.append(envelope)
        return "250 OK"


def test_a_mail_server_is_greeted_and_sent_nothing(own):
    quiet = Quiet()
    port = free_port()
    server = Controller(quiet, hostname="127.0.0.1", port=port)
    server.start()
    try:
        address = f"smtp://127.0.0.1:{port}"
        assert state(replace_settings(own, smtp_url=address), "smtp") == ("well", "the mail server answers.")
    finally:
        server.stop()
    assert quiet.mails == []
    assert state(own, "smtp")[0] == "wrong"


def test_a_mail_server_that_hangs_up(own):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        assert state(replace_settings(own, smtp_url=address), "smtp")[0] == "wrong"


def test_a_scanner_that_answers_is_silent_or_says_something_else(own):
    assert "clamd" not in found(own)
    with little_clamd() as clamd:
        replace_settings(own, clamd_url=clamd.url)
        assert state(own, "clamd") == ("well", "clamd answers.")
        clamd.mood = "odd"
        assert state(own, "clamd")[0] == "wrong"
        clamd.mood = "drop"
        assert state(own, "clamd")[0] == "wrong"
    assert state(own, "clamd")[0] == "wrong"


def test_files_that_nobody_ever_scanned_are_counted_once_there_is_a_scanner(own, now):
    with own.database.transaction() as tx:
        state_ = World(tx, now).organisation()
        for number in range(3):
            tx.add(
                Attachment(
                    record_kind="need", record_ref="N-1", organisation_id=state_.id, name="a.txt", size=1,
                    sha256=store_file(own.files, b"%d" % number), uploaded_by=None, uploaded_at=now,
                )
            )  # fmt: skip
    assert state(own, "scanner")[0] == "well"
    with little_clamd() as clamd:
        replace_settings(own, clamd_url=clamd.url)
        seen = "Sent before there was a scanner, and not looked at yet: 3."
        assert state(own, "scanner") == ("warning", seen)
        assert "flask scan-files" in found(own)["scanner"]["mend"]


def test_catalogues_that_are_missing_or_older_than_their_sentences(tmp_path):
    for code in ("fr", "ar"):
        folder = tmp_path / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        shutil.copy(CATALOGUES / code / "LC_MESSAGES" / "messages.po", folder)
        os.utime(folder / "messages.po", (1, 1))
        (folder / "messages.mo").write_bytes(b"x")
    languages = ("en", "fr", "ar")
    assert catalogues(tmp_path, languages)[0].state == "well"
    os.utime(tmp_path / "fr" / "LC_MESSAGES" / "messages.po")
    os.utime(tmp_path / "fr" / "LC_MESSAGES" / "messages.mo", (2, 2))
    (tmp_path / "ar" / "LC_MESSAGES" / "messages.mo").unlink()
    (one,) = catalogues(tmp_path, languages)
    assert (one.state, str(one.seen)) == ("wrong", "not compiled, or older than their sentences: fr, ar.")
