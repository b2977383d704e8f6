"""Reports are made in the background as the person who asked may see things, and can be known again."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.permissions import ANONYMOUS, Refused
from app.jobs.queries import result_path
from app.jobs.runner import work_through
from app.reports.accounts.donor import portfolio_of
from app.reports.accounts.state import account_of_state
from app.reports.making import Order, order_report
from app.reports.models import MadeReport
from app.reports.rules import DONOR, STATE, Signer
from tests.reports.conftest import text_of, words_of_document, words_of_word

SIGNER = Signer("Awa Diop", "Directrice", "Dakar")


def made(tx, site, actor, order, now):
    """The file, and what is kept of it."""
    job = order_report(tx, actor, order, now)
    tx.flush()
    assert work_through(site, job.ref)
    tx.expire_all()
    assert job.state == "done", job.outcome
    return result_path(site.files, job).read_bytes(), tx.scalars(select(MadeReport)).all()[-1]


def test_the_account_of_a_state_tells_each_line_and_how_one_makes_sure_of_it(tx, site, world, region, now):
    actor = world.actor(world.account(region.state))
    file, kept = made(tx, site, actor, Order(STATE, region.state.id, "en", "pdf", signer=SIGNER), now)
    words = text_of(file)
    for said in (
        "Account of Senegal",
        "Laboratoire de Dakar",
        "Norwegian Agency",
        "Awa Diop",
        "What is open",
        kept.ref,
    ):
        assert said in words, said
    assert kept.said_sha256 in words.replace(" ", "")
    assert kept.file_sha256 == hashlib.sha256(file).hexdigest()
    assert "report.made" in tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == kept.ref)).all()


def test_a_portfolio_as_a_word_file(tx, site, world, region, now):
    actor = world.actor(world.account(region.donor))
    file, kept = made(tx, site, actor, Order(DONOR, region.donor.id, "fr", "docx", signer=SIGNER), now)
    words = words_of_word(file)
    for said in ("Forensic support", region.pledge.ref, "Laboratoire de Dakar", "2026", "5\u202f000 EUR", kept.ref):
        assert said in words, said


def test_a_pdf_and_a_word_file_of_the_same_moment_say_the_same(tx, site, world, region, now):
    actor = world.actor(world.account(region.state))
    orders = [Order(STATE, region.state.id, "en", form, signer=SIGNER) for form in ("pdf", "docx")]
    assert len({made(tx, site, actor, order, now)[1].said_sha256 for order in orders}) == 1


def test_what_is_hidden_is_in_no_account_and_in_none_of_its_figures(tx, world, region, now):
    def accounts():
        said = account_of_state(tx, ANONYMOUS, "SN", "en", now, SIGNER)
        donor = portfolio_of(tx, world.actor(world.account(region.donor)), region.donor, "en", now, SIGNER)
        return words_of_document(said), words_of_document(donor)

    before = accounts()
    other = world.organisation(country="SN")
    hidden = world.need(other, title="Zorvaquin", countries=["SN"], themes=["asset_recovery"], disclosure="own")
    world.pledge(hidden, world.organisation("donor"), status="pledged", accepted_at=now, disclosure="own")
    world.lesson(other, title="Zorvaquin", countries=["SN"], disclosure="own")
    session = world.course_session(world.course(world.organisation("centre")))
    world.nomination(session, other, status="confirmed")
    assert accounts() == before


def test_one_orders_reports_of_ones_own_organisation_alone(tx, world, region, now):
    somebody = world.somebody("donor")
    with pytest.raises(Refused):
        order_report(tx, somebody, Order(DONOR, region.donor.id, "en", "pdf"), now)
    with pytest.raises(Refused):
        order_report(tx, world.actor(world.account(region.donor)), Order(STATE, region.donor.id, "en", "pdf"), now)


def test_somebody_who_left_gets_no_report_any_more(tx, site, world, region, now):
    account = world.account(region.state)
    job = order_report(tx, world.actor(account), Order(STATE, region.state.id, "en", "pdf"), now)
    tx.delete(account.memberships[0])
    tx.flush()
    tx.expire_all()
    work_through(site, job.ref)
    tx.expire_all()
    assert job.state == "failed"
    assert not tx.scalars(select(MadeReport)).all()


# --- pages ---


def test_from_the_page_of_a_country_to_the_file(client, sign_in, tx, site, world, region):
    sign_in(client, world.account(region.state))
    assert f"/reports/new?kind=state&amp;organisation={region.state.ref}" in client.get("/countries/SN").text
    answer = client.submit(f"/reports/new?kind=state&organisation={region.state.ref}", {"name": "Awa Diop"})
    assert answer.status_code == 303
    work = answer.headers["Location"]
    work_through(site, work.rsplit("/", 1)[1])
    assert "Download counterpart-state-" in client.get(work).text
    assert client.get(f"{work}/file").data.startswith(b"%PDF")
    made = tx.scalars(select(MadeReport)).one()
    assert made.ref in client.get("/reports").text


def test_a_form_that_lacks_something_says_so(client, sign_in, world, region):
    sign_in(client, world.account(region.donor))
    answer = client.submit("/reports/new", {"language": "xx"})
    assert answer.status_code == 422
    assert "Choose one of the list." in answer.text


def test_anybody_can_make_sure_of_a_paper_and_learns_nothing_else(client, tx, site, world, region, now):
    actor = world.actor(world.account(region.state))
    _file, kept = made(tx, site, actor, Order(STATE, region.state.id, "en", "docx"), now)
    assert "Yes: a report" in client.get(f"/reports/{kept.ref}?sha256={kept.said_sha256.upper()}").text
    assert "Yes: a report" in client.get(f"/reports/{kept.ref}?sha256={kept.file_sha256}").text
    assert "No: the report" in client.get(f"/reports/{kept.ref}?sha256={'0' * 64}").text
    assert "This is no SHA-256" in client.get(f"/reports/{kept.ref}?sha256=zorvaquin").text
    page = client.get(f"/reports/{kept.ref}").text
    assert kept.said_sha256 not in page
    assert region.state.name not in page
    assert client.get("/reports/RP-2222-2222").status_code == 404


def test_with_nothing_to_show_the_page_says_what_to_do(client):
    page = client.get("/reports").text
    assert "No regional report yet" in page
    assert "Sign in to have reports made" in page
