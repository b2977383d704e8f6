"""Where a scanner is set nobody but its sender knows of a file that is not found clean yet; infected ones go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.foundation.audit import AuditEvent
from app.foundation.filing.files import Attachment, FileStore, FileText, file_path, files_of, keep_files
from app.foundation.filing.looking import rules
from app.foundation.filing.looking.events import FileKept
from app.foundation.filing.looking.reactions import ask_scanner_again
from app.foundation.outbox import OutboxRow, tell
from app.foundation.permissions import ANONYMOUS
from app.foundation.worker import work_off
from app.notifications.models import Notice
from app.overview.health_queries import files_unscanned_since
from app.search.indexer import all_documents
from app.search.reactions import engine_of
from app.wiring import REACTIONS
from tests.documents import docx, pdf
from tests.little_clamd import EICAR, little_clamd


@pytest.fixture(scope="module")
def clamd():
    with little_clamd() as one:
        yield one


@pytest.fixture
def scanned(app, clamd, index):
    """The site with a scanner, as it looks at files."""
    clamd.mood = "sound"
    site = app.extensions["counterpart"]
    site.settings = replace(site.settings, clamd_url=clamd.url)
    index()
    return site


@pytest.fixture
def index(app):
    site = app.extensions["counterpart"]
    return lambda: engine_of(site).rebuild(all_documents(site.database))


@pytest.fixture
def place(world):
    """A need, somebody who writes for it, and that person's colleague."""
    state = world.organisation()
    need = world.need(state, title="Port of Praia")
    return need, world.account(state), world.account(state)


AN_HOUR = datetime(2026, 11, 23, 9, tzinfo=UTC)


def keep(site, tx, place, name="plan.txt", content=b"the plan", now=None):
    need, sender, _colleague = place
    keep_files(tx, need, sender.id, [(name, content)], site.files, now or site.clock.now())
    tx.flush()
    return tx.scalars(select(Attachment).order_by(Attachment.id.desc())).first()


def work(site, tx):
    tx.flush()
    while work_off(site, REACTIONS):
        pass
    tx.expire_all()


def events_of(tx, file):
    return list(tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == file.ref)))


def test_a_clean_file_is_given_out_once_it_was_scanned(scanned, clamd, tx, place, client, new_client, sign_in):
    need, sender, colleague = place
    file = keep(scanned, tx, place, content=b"the plan of Praia")
    path = f"/needs/{need.ref}/files/{file.ref}"
    sign_in(client, sender)
    other = new_client()
    sign_in(other, colleague)
    assert "being checked" in client.get(f"/needs/{need.ref}").text
    for browser in (other, new_client()):
        assert "plan.txt" not in browser.get(f"/needs/{need.ref}").text
        assert browser.get(path).status_code == 404
    assert client.get(path).status_code == 404
    work(scanned, tx)
    assert (file.state, file.text_state, clamd.seen[-1]) == ("clean", "read", b"the plan of Praia")
    assert new_client().get(path).data == b"the plan of Praia"
    assert "found by search" in new_client().get(f"/needs/{need.ref}").text
    assert events_of(tx, file) == ["file.cleared"]
    assert tx.scalar(select(func.count()).where(OutboxRow.done_at.is_(None))) == 0


def test_what_is_infected_is_taken_away_and_its_sender_told(scanned, tx, place, client, new_client, sign_in):
    need, sender, _colleague = place
    content = b"letter " + EICAR
    before = keep(scanned, tx, place, content=content)
    before.state = "clean"
    file = keep(scanned, tx, place, content=content)
    work(scanned, tx)
    assert (file.state, file.finding, file.text_state) == ("refused", "Eicar-Signature", "none")
    assert not file_path(scanned.settings.data_dir, file.sha256).exists()
    # The same content that hung on a record already goes with it.
    assert (before.state, before.finding) == ("refused", "Eicar-Signature")
    assert events_of(tx, file) == events_of(tx, before) == ["file.refused"]
    assert tx.scalars(select(FileText)).all() == []
    told = tx.scalars(select(Notice).where(Notice.record_ref == need.ref)).all()
    assert [notice.account_id for notice in told] == [sender.id] * 2
    sign_in(client, sender)
    assert "Eicar-Signature" in client.get(f"/needs/{need.ref}").text
    assert client.get(f"/needs/{need.ref}/files/{file.ref}").status_code == 404
    assert "plan.txt" not in new_client().get(f"/needs/{need.ref}").text
    assert "plan.txt" in client.get("/notices").text


@pytest.mark.parametrize("mood", ["drop", "odd"])
def test_while_the_scanner_is_away_files_wait_and_are_asked_about_again(scanned, clamd, tx, place, clock, mood):
    file = keep(scanned, tx, place)
    clamd.mood = mood
    work(scanned, tx)
    assert (file.state, file.scan_attempts) == ("waiting", 1)
    assert file.scan_after == scanned.clock.now() + rules.FIRST_WAIT
    ask_scanner_again(scanned)
    work(scanned, tx)
    assert file.scan_attempts == 1
    clock.move(minutes=1)
    ask_scanner_again(scanned)
    ask_scanner_again(scanned)
    work(scanned, tx)
    assert (file.state, file.scan_attempts) == ("waiting", 2)
    clamd.mood = "sound"
    clock.move(hours=1)
    ask_scanner_again(scanned)
    work(scanned, tx)
    assert (file.state, file.text_state, events_of(tx, file)) == ("clean", "read", ["file.cleared"])


def test_it_is_known_that_files_wait(scanned, tx, place, now):
    keep(scanned, tx, place)
    assert files_unscanned_since(tx, now) == 0
    assert files_unscanned_since(tx, now + timedelta(minutes=6)) == 1


def test_a_file_that_is_gone_from_the_disk_or_the_record_holds_nothing_up(scanned, tx, place):
    file, gone = keep(scanned, tx, place), keep(scanned, tx, place, content=b"another")
    file_path(scanned.settings.data_dir, file.sha256).unlink()
    tx.delete(gone)
    work(scanned, tx)
    assert file.state == "waiting"
    assert tx.scalar(select(func.count()).where(OutboxRow.attempts > 0)) == 0


def test_without_a_scanner_files_are_given_out_at_once(app, index, tx, place):
    site = app.extensions["counterpart"]
    index()
    file = keep(site, tx, place)
    assert files_of(tx, place[0].ref, ANONYMOUS) == [file]
    work(site, tx)
    assert (file.state, events_of(tx, file)) == ("unscanned", [])


def test_what_cannot_be_read_is_kept_and_said(app, index, tx, place, client):
    site = app.extensions["counterpart"]
    index()
    torn = pdf()[:300] + b"startxref"
    wordless, broken = keep(site, tx, place, "scan.docx", docx("")), keep(site, tx, place, "torn.pdf", torn)
    work(site, tx)
    assert (wordless.text_state, broken.text_state) == ("empty", "unreadable")
    page = client.get(f"/needs/{place[0].ref}").text
    assert "its text could not be read" in page
    assert "no text in it" in page


def test_what_happened_twice_is_done_once(app, index, tx, place):
    site = app.extensions["counterpart"]
    index()
    file = keep(site, tx, place)
    tell(tx, FileKept(file.id), site.clock.now())
    work(site, tx)
    assert tx.scalar(select(func.count()).select_from(FileText)) == 1


@pytest.mark.one_engine
@given(st.integers(1, 400))
def test_the_waits_grow_up_to_a_limit(attempts):
    wait = rules.ask_again_at(attempts, AN_HOUR) - AN_HOUR
    assert rules.FIRST_WAIT <= wait <= rules.LONGEST_WAIT
    assert wait <= rules.ask_again_at(attempts + 1, AN_HOUR) - AN_HOUR


@pytest.mark.one_engine
def test_only_what_was_looked_at_is_given_out():
    assert {state for state in rules.STATES if rules.may_be_given_out(state)} == {"clean", "unscanned"}
    assert rules.first_state(is_scanned=FileStore(None, is_scanned=True).is_scanned) == "waiting"
    assert rules.first_text_state("message", "a.pdf") == rules.first_text_state("need", "a.png") == "none"
