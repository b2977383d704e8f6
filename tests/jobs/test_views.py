"""The pages of work in the background: one's own, with a bar, a way to stop, a file, and nobody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.jobs import rules, service
from app.jobs.models import Job
from app.jobs.runner import work_through


@pytest.fixture
def account(client, world, sign_in):
    account = world.account(world.organisation("donor"))
    sign_in(client, account)
    return account


def test_with_nothing_to_show_the_page_says_what_to_do(client, account):
    text = client.get("/work").get_data(as_text=True)
    assert "Nothing runs, and nothing has run" in text
    assert "In the background" not in client.get("/desk").get_data(as_text=True)


def test_it_is_followed_from_waiting_to_its_file(client, account, world, site, start, tx):
    job = start(world.actor(account))
    page = client.get(f"/work/{job.ref}").get_data(as_text=True)
    assert "<h1>Reading activities.xml</h1>" in page
    assert "progress.js" in page
    assert "Reading activities.xml" in client.get("/desk").get_data(as_text=True)
    assert client.get(f"/work/{job.ref}/progress").json["over"] is False
    work_through(site, job.ref)
    assert client.get(f"/work/{job.ref}/progress").json == {
        "over": True, "state": "done", "done": 10, "total": 10, "words": "10 counted.",
    }  # fmt: skip
    page = client.get(f"/work/{job.ref}").get_data(as_text=True)
    assert "Download ten.csv" in page
    assert "See what came of it" in page
    answer = client.get(f"/work/{job.ref}/file")
    assert answer.data == b"1,2,3\n"
    assert answer.headers["Content-Disposition"] == "attachment; filename=ten.csv"
    assert "10 counted." in client.get("/work").get_data(as_text=True)


def test_a_bar_says_in_words_how_far_it_is(client, account, world, start, tx, clock):
    job = start(world.actor(account))
    service.claim_job(tx, job.ref, "r", clock.wall(), clock.now())
    service.beat(tx, job.ref, "r", 1250, 5000, clock.wall())
    page = client.get(f"/work/{job.ref}").get_data(as_text=True)
    assert '<progress value="1250" max="5000"' in page
    assert "1,250 of 5,000 done (25 %)." in page


def test_stop(client, account, world, start, tx):
    job = start(world.actor(account))
    assert client.post(f"/work/{job.ref}/stop").status_code == 303
    assert tx.scalar(select(Job.state).where(Job.ref == job.ref)) == rules.STOPPED
    assert client.post(f"/work/{job.ref}/stop").status_code == 303


def test_nobody_else_knows_of_it(new_client, world, site, start, sign_in, tx):
    actor = world.somebody("donor")
    job = start(actor)
    work_through(site, job.ref)
    for other in (world.account(world.organisation("donor")), world.account(world.organisation("secretariat"))):
        browser = new_client()
        sign_in(browser, other)
        for path in ("", "/progress", "/file"):
            assert browser.get(f"/work/{job.ref}{path}").status_code == 404
        assert browser.post(f"/work/{job.ref}/stop").status_code == 404
        assert "activities.xml" not in browser.get("/work").get_data(as_text=True)


def test_the_file_is_withheld_from_whoever_has_left(client, account, world, site, start, tx):
    job = start(world.actor(account))
    work_through(site, job.ref)
    world.membership(account, world.organisation("ngo"))
    tx.delete(account.memberships[0])
    tx.flush()
    assert client.get(f"/work/{job.ref}/file").status_code == 404
    assert "can no longer be downloaded" in client.get(f"/work/{job.ref}").get_data(as_text=True)
