"""Files from before there was a scanner are looked at in their turn, stay readable meanwhile, and go if they must."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import object_session

from app.foundation.audit import AuditEvent
from app.foundation.filing.files import Attachment, file_path, keep_files
from app.foundation.filing.looking import commands, rules
from app.foundation.filing.looking.sweeping import NOTHING_LEFT, SHARE, Sweep, count_unscanned
from app.foundation.outbox import OutboxRow
from app.foundation.worker import work_off
from app.notifications.models import Notice
from app.search.indexer import all_documents
from app.search.reactions import engine_of
from app.wiring import REACTIONS
from tests.little_clamd import EICAR, LARGEST, little_clamd


@pytest.fixture(scope="module")
def clamd():
    with little_clamd() as one:
        yield one


@pytest.fixture
def place(world):
    """A need, and somebody who writes for it."""
    state = world.organisation()
    return world.need(state, title="Port of Praia"), world.account(state)


@pytest.fixture
def site(app):
    """The site before it has a scanner."""
    site = app.extensions["counterpart"]
    engine_of(site).rebuild(all_documents(site.database))
    return site


@pytest.fixture
def archive(site, tx, place):
    """Three files that were kept then: the second is infected."""
    need, sender = place
    files = [("a.txt", b"the first plan"), ("b.txt", b"letter " + EICAR), ("c.txt", b"the third plan")]
    keep_files(tx, need, sender.id, files, site.files, site.clock.now())
    work(site, tx)
    return list(tx.scalars(select(Attachment).order_by(Attachment.id)))


@pytest.fixture
def scanned(site, clamd, archive):
    """The same site once a scanner is set."""
    clamd.mood, clamd.seen = "sound", []
    site.settings = replace(site.settings, clamd_url=clamd.url)
    return site


class Watch:
    """What goes by on the worker's clock."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def work(site, tx):
    tx.flush()
    while work_off(site, REACTIONS):
        pass
    tx.expire_all()


def states(archive):
    object_session(archive[0]).expire_all()
    return [file.state for file in archive]


def events(tx, file):
    return list(tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == file.ref)))


def test_one_file_at_a_time_and_what_is_infected_goes_like_a_new_one(scanned, clamd, tx, archive, place, client):
    need, sender = place
    sweep, paths = Sweep(Watch()), [f"/needs/{need.ref}/files/{file.ref}" for file in archive]
    assert states(archive) == ["unscanned"] * 3
    sweep(scanned)
    assert (states(archive), clamd.seen) == (["clean", "unscanned", "unscanned"], [b"the first plan"])
    # Until something is found in it, a file stays where it was.
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]
    sweep(scanned)
    work(scanned, tx)
    assert states(archive) == ["clean", "refused", "unscanned"]
    assert [client.get(path).status_code for path in paths] == [200, 404, 200]
    assert not file_path(scanned.settings.data_dir, archive[1].sha256).exists()
    assert (archive[1].finding, archive[1].text_state) == ("Eicar-Signature", "none")
    assert (events(tx, archive[0]), events(tx, archive[1])) == (["file.cleared"], ["file.refused"])
    told = tx.scalars(select(Notice).where(Notice.record_ref == need.ref)).all()
    assert [notice.account_id for notice in told] == [sender.id]
    sweep(scanned)
    assert states(archive) == ["clean", "refused", "clean"]
    assert count_unscanned(tx) == 0


def test_without_a_scanner_nothing_is_looked_at(site, clamd, archive):
    clamd.seen = []
    Sweep(Watch())(site)
    assert (states(archive), clamd.seen) == (["unscanned"] * 3, [])


def test_after_each_file_other_work_comes_first(scanned, clamd, archive, monkeypatch):
    watch = Watch()
    sweep = Sweep(watch)

    def slow(*_args: object) -> str:
        watch.now += 2
        clamd.seen.append(b"")
        return "clean"

    monkeypatch.setattr("app.foundation.filing.looking.sweeping.look_at", slow)
    sweep(scanned)
    sweep(scanned)
    watch.now += 2 * SHARE - 0.1
    sweep(scanned)
    assert len(clamd.seen) == 1
    watch.now += 0.2
    sweep(scanned)
    assert len(clamd.seen) == 2


@pytest.mark.parametrize("mood", ["drop", "odd"])
def test_a_silent_scanner_is_left_alone_for_longer_and_longer(scanned, clamd, tx, archive, clock, mood):
    watch, first = Watch(), rules.FIRST_WAIT.total_seconds()
    sweep, clamd.mood = Sweep(watch), mood
    sweep(scanned)
    watch.now += first - 0.5
    sweep(scanned)
    assert len(clamd.seen) == 1
    watch.now += 1
    sweep(scanned)
    assert len(clamd.seen) == 2
    watch.now += first + 1
    sweep(scanned)
    assert len(clamd.seen) == 2
    # The files stay readable, and each is asked about again when its time has come.
    tx.expire_all()
    assert (states(archive), [file.scan_attempts for file in archive]) == (["unscanned"] * 3, [1, 1, 0])
    clamd.mood = "sound"
    clock.move(hours=1)
    for _time in range(4):
        watch.now += 3600
        sweep(scanned)
    tx.expire_all()
    assert states(archive) == ["clean", "refused", "clean"]


def test_what_is_not_on_the_disk_holds_nothing_up(scanned, tx, archive):
    sweep = Sweep(Watch())
    file_path(scanned.settings.data_dir, archive[0].sha256).unlink()
    for _time in range(3):
        sweep(scanned)
    tx.expire_all()
    assert states(archive) == ["unscanned", "refused", "clean"]
    assert archive[0].scan_after is not None


def test_once_nothing_is_left_it_is_not_asked_all_the_time(scanned, tx, archive, place):
    watch = Watch()
    sweep = Sweep(watch)
    for _time in range(4):
        sweep(scanned)
    archive[0].state = "unscanned"
    tx.flush()
    watch.now += NOTHING_LEFT - 1
    sweep(scanned)
    assert archive[0].state == "unscanned"
    watch.now += 2
    sweep(scanned)
    tx.expire_all()
    assert archive[0].state == "clean"


def run(app, *words):
    result = app.test_cli_runner().invoke(args=["scan-files", *words])
    return result.exit_code, result.output


def test_the_command_looks_at_all_of_them(app, scanned, tx, archive):
    assert run(app) == (0, "2 files clean, 1 taken away.\n")
    work(scanned, tx)
    assert states(archive) == ["clean", "refused", "clean"]
    assert not file_path(scanned.settings.data_dir, archive[1].sha256).exists()
    assert events(tx, archive[1]) == ["file.refused"]
    code, said = run(app, "--json")
    none = {"clean": 0, "found": 0, "unanswered": 0, "unreadable": 0, "gone": 0, "left": 0}
    assert (code, json.loads(said)) == (0, none)
    assert tx.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.done_at.is_(None))) == 0


def test_the_command_passes_over_what_cannot_be_scanned_and_says_so(app, scanned, tx, archive, place):
    need, sender = place
    unset = replace(scanned.files, is_scanned=False)
    keep_files(tx, need, sender.id, [("d.txt", b"x" * (LARGEST + 1))], unset, scanned.clock.now())
    file_path(scanned.settings.data_dir, archive[0].sha256).unlink()
    tx.flush()
    code, said = run(app)
    assert code == 1
    assert "1 files clean, 1 taken away." in said
    assert "2 left: the scanner does not take 1" in said


def test_the_command_needs_a_scanner_that_answers(app, site, archive, clamd):
    assert run(app) == (1, "Error: No scanner is set: set CLAMD_URL first.\n")
    clamd.mood = "odd"
    site.settings = replace(site.settings, clamd_url=clamd.url)
    code, said = run(app)
    assert (code, "does not answer" in said) == (1, True)
    assert states(archive) == ["unscanned"] * 3


def test_a_file_that_the_worker_took_meanwhile_is_judged_once(app, scanned, tx, archive, monkeypatch):
    real = commands.look_at

    def twice(site, number):
        real(site, number)
        return real(site, number)

    monkeypatch.setattr(commands, "look_at", twice)
    code, said = run(app, "--json")
    assert (code, json.loads(said)["gone"]) == (0, 3)
    assert events(tx, archive[0]) == ["file.cleared"]
