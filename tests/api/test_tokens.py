"""Tokens: made on a page by somebody who has just proved who it is, shown once, and never more than their person."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.accounts.events import AccountGuarded
from app.api.models import ApiToken
from app.foundation.audit import AuditEvent
from app.foundation.outbox import OutboxRow


@pytest.fixture
def donor(world):
    return world.account(world.organisation("donor", name="Norge"))


def test_a_person_makes_a_token_uses_it_and_revokes_it(client, sign_in, donor, program, tx):
    sign_in(client, donor)
    page = client.submit("/account/tokens", {"name": "Our register", "scope": "write", "days": "30"})
    secret = re.search(r"cpt_[\w-]{43}", page.text)[0]
    assert secret not in client.get("/account/tokens").text
    kept = tx.scalars(select(ApiToken)).one()
    assert secret not in {kept.digest, kept.ref, kept.ending}
    ask, own = program(), {"Authorization": f"Bearer {secret}"}
    me = ask("GET", "/me", headers=own).json
    assert (me["organisations"][0]["name"], me["token"]["scope"]) == ("Norge", "write")
    tx.refresh(kept)
    assert kept.used_at is not None
    gone = client.post("/account/tokens/revoke", data={"token": kept.ref})
    assert gone.status_code == 303
    refused = ask("GET", "/me", headers=own)
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    actions = tx.scalars(select(AuditEvent.action)).all()
    assert [one for one in actions if "token" in one] == ["account.token_made", "account.token_revoked"]


def test_the_same_form_makes_one_token(client, sign_in, donor, tx):
    sign_in(client, donor)
    fields = client.form("/account/tokens") | {"name": ["Twice"]}
    pairs = [(name, value) for name, many in fields.items() for value in many]
    assert client.post("/account/tokens", data=pairs).status_code == 200
    assert client.post("/account/tokens", data=pairs).status_code == 303
    assert len(tx.scalars(select(ApiToken)).all()) == 1
    assert client.submit("/account/tokens", {"name": ""}).status_code == 422


def test_making_one_asks_for_a_fresh_proof(client, sign_in, donor, clock, tx):
    sign_in(client, donor)
    clock.move(minutes=40)
    assert client.submit("/account/tokens", {"name": "Late"}).status_code == 403
    assert tx.scalars(select(ApiToken)).all() == []


def test_it_ends_with_its_day_with_the_stamp_and_with_the_rights_of_its_person(program, donor, clock, tx, world):
    ask = program(donor)
    assert ask("GET", "/me").status_code == 200
    place = donor.memberships[0]
    place.organisation.status = "suspended"
    assert ask("GET", "/me").json["organisations"] == []
    place.organisation.status = "verified"
    place.role = "member"
    tx.flush()
    assert ask("POST", "/programmes", json={"title": "x"}).status_code == 403
    old, donor.stamp = donor.stamp, "new"
    assert ask("GET", "/me").status_code == 401
    donor.stamp = old
    clock.move(days=29)
    assert ask("GET", "/me").status_code == 200
    clock.move(days=1)
    assert ask("GET", "/me").status_code == 401


def test_a_token_that_reads_writes_nothing(program, donor):
    answer = program(donor, scope="read")("POST", "/programmes", json={})
    assert (answer.status_code, answer.json["type"].partition("#")[2]) == (403, "refused")
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_a_cookie_opens_nothing_and_none_is_given(client, sign_in, donor, world):
    sign_in(client, donor)
    hidden = world.programme(donor.memberships[0].organisation, disclosure="own")
    assert client.get(f"/programmes/{hidden.ref}").status_code == 200
    assert client.get(f"/api/v1/programmes/{hidden.ref}").status_code == 404
    assert client.get("/api/v1/me").status_code == 401
    made = client.post("/api/v1/programmes", json={}, csrf=False)
    assert (made.status_code, made.headers.get("Set-Cookie")) == (401, None)


def test_other_sites_may_read_what_is_public_and_nothing_else(program, donor):
    public, own = program()("GET", "/programmes"), program(donor)("GET", "/programmes")
    assert public.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in public.headers
    assert "Access-Control-Allow-Origin" not in own.headers
    assert "Access-Control-Allow-Origin" not in program()("POST", "/programmes", json={}).headers
    assert "Access-Control-Allow-Origin" not in program()("OPTIONS", "/programmes").headers


def test_its_owner_is_told(donor, token_of, tx):
    token_of(donor)
    told = [row for row in tx.scalars(select(OutboxRow)) if row.fact == AccountGuarded.__name__]
    assert [row.payload["what"] for row in told] == ["token_made"]
