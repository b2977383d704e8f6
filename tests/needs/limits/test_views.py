"""The pages of limits, as people use them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.needs.limits.models import Limit

TYPED = {
    "measure": "providers", "most": "3", "starts_on": "2027-01-01", "language": "fr",
    "reason": "Deux conseillers seulement.", "disclosure": "public",
    "theme": "", "kind": "",
}  # fmt: skip


@pytest.fixture
def state(world):
    return world.organisation()


@pytest.fixture
def official(client, sign_in, world, state):
    sign_in(client, world.account(state))
    return client


def limits(tx):
    tx.expire_all()
    return tx.scalars(readable(SYSTEM, Limit)).all()


def typed(state, **more):
    return {**TYPED, "organisation": state.ref, **more}


def test_a_limit_is_set_and_stands_where_people_look(official, tx, state, world, new_client):
    answer = official.submit("/limits/new", typed(state, theme="prisons"))
    (limit,) = limits(tx)
    assert answer.headers["Location"] == f"/limits/{limit.ref}"
    for path in (
        f"/limits/{limit.ref}",
        "/limits",
        "/limits?country=SN",
        f"/organisations/{state.ref}",
        "/countries/SN",
    ):
        page = new_client().get(path)
        assert "Providers at once: at most 3" in page.text, path
    assert "Providers at once" not in new_client().get("/limits?country=GH").text


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(official, tx, state):
    wrong = {"most": "-1", "ends_on": "2026-01-01", "beneficiary_unit": "Brigade du port", "reason": ""}
    page = official.submit("/limits/new", typed(state, **wrong))
    assert page.status_code == 422
    assert "Give a number from 0 to 100000." in page.text
    assert "Say why you cannot take in more" in page.text
    assert "Brigade du port" in page.text
    again = official.submit("/limits/new", typed(state, ends_on="2026-01-01"))
    assert again.status_code == 422
    assert "This is before the start." in again.text
    assert limits(tx) == []


def test_a_form_that_is_sent_twice_counts_once(official, tx, state):
    fields = typed(state, form_key="the same key")
    assert [official.post("/limits/new", data=fields).status_code for _each in range(2)] == [303, 303]
    assert len(limits(tx)) == 1


def test_a_limit_is_amended(official, tx, world, state):
    limit = world.limit(state)
    official.submit(f"/limits/{limit.ref}/amend", {"most": "7"})
    assert [each.most for each in limits(tx)] == [7]


def test_whoever_saves_second_is_shown_both_texts(official, tx, world, state):
    limit = world.limit(state, reason="Ours")
    fields = typed(state, version="1", reason="Mine", form_key="second")
    limit.reason = "Theirs"
    tx.flush()
    page = official.post(f"/limits/{limit.ref}/amend", data=fields)
    assert page.status_code == 409
    assert "Theirs" in page.text
    assert "Mine" in page.text
    assert [each.reason for each in limits(tx)] == ["Theirs"]


def test_a_limit_is_ended_with_a_reason(official, tx, world, state):
    limit = world.limit(state)
    page = official.submit(f"/limits/{limit.ref}/end", {"reason": ""})
    assert page.status_code == 422
    assert "Say why the limit is no longer needed." in page.text
    official.submit(f"/limits/{limit.ref}/end", {"reason": "Un troisième conseiller est arrivé."})
    assert [each.status for each in limits(tx)] == ["ended"]
    assert "Un troisième conseiller" in official.get(f"/limits/{limit.ref}").text
    assert "has ended already" in official.get(f"/limits/{limit.ref}/end").text
    again = official.post(f"/limits/{limit.ref}/end", data={"reason": "Again", "form_key": "again"})
    assert again.headers["Location"] == f"/limits/{limit.ref}"
    events = tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == limit.ref)).all()
    assert events == ["limit.ended"]


def test_others_may_not_change_it(client, sign_in, world, state):
    limit = world.limit(state)
    sign_in(client, world.account(world.organisation()))
    for what in ("amend", "end"):
        assert client.get(f"/limits/{limit.ref}/{what}").status_code == 403
    assert "Amend" not in client.get(f"/limits/{limit.ref}").text


def test_a_limit_that_one_may_not_see_does_not_exist(client, world, state):
    limit = world.limit(state, disclosure="own")
    assert client.get(f"/limits/{limit.ref}").status_code == 404
    assert limit.ref not in client.get("/limits").text
    assert "Every country" not in client.get("/limits").text


def test_an_empty_list_says_what_it_is_for(client, tx, official, new_client):
    assert "Say how many providers" in official.get("/limits").text
    assert "As soon as a State says" in new_client().get("/limits").text


def test_a_limit_that_is_over_is_not_on_the_country_page(client, world, state):
    world.limit(state, ends_on=date(2026, 6, 30))
    assert "Providers at once" not in client.get("/countries/SN").text
