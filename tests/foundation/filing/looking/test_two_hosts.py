"""A file that one host takes is read, scanned, given out and taken away by the others, which share no disk with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app import create_app
from app.foundation.filing.files import Attachment, file_name, keep_files
from app.foundation.worker import work_off
from app.search.indexer import all_documents
from app.search.reactions import engine_of
from app.wiring import REACTIONS
from tests.documents import pdf
from tests.little_clamd import EICAR, little_clamd


@pytest.fixture
def hosts(app, settings, database, clock, tmp_path):
    """Two hosts on one database: the first serves pages, the second too, and works."""
    site = app.extensions["counterpart"]
    site.settings = replace(site.settings, files_in="database")
    other = create_app(replace(settings, files_in="database", data_dir=tmp_path / "other"), database)
    other.extensions["counterpart"].clock = clock
    other.test_client_class = app.test_client_class
    engine_of(other.extensions["counterpart"]).rebuild(all_documents(database))
    return app, other


@pytest.fixture
def kept(hosts, world, tx):
    """A file on a need, as the first host has taken it; the need, the file and what is in it."""
    state = world.organisation()
    need, sender = world.need(state, title="Port of Praia"), world.account(state)
    site = hosts[0].extensions["counterpart"]
    content = pdf("interpreters for the port")
    keep_files(tx, need, sender.id, [("plan.pdf", content)], site.files, site.clock.now())
    tx.flush()
    return need, tx.scalars(select(Attachment)).one(), content


def test_the_other_host_gives_it_out(hosts, kept):
    need, file, content = kept
    _one, other = hosts
    with other.test_client().get(f"/needs/{need.ref}/files/{file.ref}") as download:
        assert download.data == content
    assert (other.extensions["counterpart"].settings.data_dir / file_name(file.sha256)).exists()


def test_the_other_host_reads_its_text_for_search(hosts, kept, tx):
    _need, file, _content = kept
    work_off(hosts[1].extensions["counterpart"], REACTIONS)
    tx.refresh(file)
    assert file.text_state == "read"


def test_what_a_scanner_finds_on_the_other_host_is_gone_for_all(hosts, world, tx):
    state = world.organisation()
    need, sender = world.need(state), world.account(state)
    first, second = (host.extensions["counterpart"] for host in hosts)
    with little_clamd() as clamd:
        for site in (first, second):
            site.settings = replace(site.settings, clamd_url=clamd.url)
        keep_files(tx, need, sender.id, [("bad.txt", EICAR)], first.files, first.clock.now())
        tx.flush()
        file = tx.scalars(select(Attachment)).one()
        while work_off(second, REACTIONS):
            pass
    tx.refresh(file)
    assert file.state == "refused"
    assert second.files.find(file_name(file.sha256)) is None
    assert hosts[0].test_client().get(f"/needs/{need.ref}/files/{file.ref}").status_code == 404
