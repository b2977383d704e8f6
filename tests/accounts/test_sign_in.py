"""Signing in and out through the site, and everything that ends a sign-in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import models
from app.foundation.db import Tx
from app.foundation.drafts import Draft
from tests.factories import PASSWORD, World
from tests.house import MovableClock

SignIn = Callable[..., Any]
WRONG = "do not belong together"


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_the_right_password_lets_in_and_the_button_out(client: FlaskClient, world: World, sign_in: SignIn) -> None:
    account = world.account(world.organisation())
    assert not is_in(client)
    sign_in(client, account)
    assert is_in(client)
    assert client.post("/sign-out").status_code == 303
    assert not is_in(client)


def test_a_page_that_asks_for_a_sign_in_leads_back(client: FlaskClient, world: World) -> None:
    account = world.account(world.organisation())
    asked = client.get("/account")
    assert asked.headers["Location"] == "/sign-in?next=/account"
    answer = client.submit(asked.headers["Location"], {"email": account.email, "password": PASSWORD}, to="/sign-in")
    assert answer.headers["Location"] == "/account"


@pytest.mark.parametrize("next_address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_nobody_is_led_off_the_site(client: FlaskClient, world: World, next_address: str) -> None:
    account = world.account(world.organisation())
    answer = client.post("/sign-in", data={"email": account.email, "password": PASSWORD, "next": next_address})
    assert "evil" not in answer.headers["Location"]
    assert answer.headers["Location"].startswith("/")


def test_the_answer_is_the_same_whether_the_account_exists(client: FlaskClient, world: World) -> None:
    account = world.account(world.organisation())
    texts = []
    for email in (account.email, "nobody@nowhere.example"):
        answer = client.post("/sign-in", data={"email": email, "password": "not the password"})
        assert answer.status_code == 422
        texts.append(answer.get_data(as_text=True).count(WRONG))
    assert texts == [1, 1]


def test_five_wrong_passwords_lock_and_the_lock_passes(
    client: FlaskClient, world: World, sign_in: SignIn, clock: MovableClock
) -> None:
    account = world.account(world.organisation())
    for _ in range(5):
        client.post("/sign-in", data={"email": account.email, "password": "not the password"})
    locked = client.post("/sign-in", data={"email": account.email, "password": PASSWORD})
    assert locked.status_code == 422
    assert WRONG in locked.get_data(as_text=True)
    clock.move(minutes=1)
    sign_in(client, account)


def test_the_cookie_is_renewed_at_sign_in(client: FlaskClient, world: World, sign_in: SignIn) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["csrf_token"] = "known to somebody else"
    sign_in(client, world.account(world.organisation()))
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != "known to somebody else"


def test_a_stamp_that_changes_ends_every_other_sign_in(
    client: FlaskClient, new_client: Callable[[], FlaskClient], world: World, sign_in: SignIn
) -> None:
    account, other = world.account(world.organisation()), new_client()
    sign_in(client, account)
    sign_in(other, account)
    new = "a mango tree by the river"
    values = {"current_password": PASSWORD, "new_password": new, "repeated_password": new}
    assert client.submit("/account/password", values).status_code == 303
    assert is_in(client)
    assert not is_in(other)


def test_a_closed_account_is_out_at_once(client: FlaskClient, world: World, sign_in: SignIn) -> None:
    account = world.account(world.organisation())
    sign_in(client, account)
    account.status = "closed"
    assert not is_in(client)


def test_a_sign_in_lasts_a_working_day(client: FlaskClient, world: World, sign_in: SignIn, clock: MovableClock) -> None:
    sign_in(client, world.account(world.organisation()))
    for _ in range(7):
        clock.move(hours=1.7)
        assert is_in(client)
    clock.move(hours=0.2)
    assert not is_in(client)


def test_a_sign_in_that_nobody_uses_ends_after_two_hours(
    client: FlaskClient, world: World, sign_in: SignIn, clock: MovableClock
) -> None:
    sign_in(client, world.account(world.organisation()))
    clock.move(hours=1.9)
    assert is_in(client)
    clock.move(hours=2.1)
    assert not is_in(client)


def test_the_site_notes_once_a_minute_that_a_sign_in_is_used(
    client: FlaskClient, world: World, sign_in: SignIn, clock: MovableClock, tx: Tx
) -> None:
    sign_in(client, world.account(world.organisation()))
    began = clock.now()
    clock.move(seconds=59)
    is_in(client)
    assert tx.scalars(select(models.SignIn.seen_at)).one() == began
    clock.move(seconds=1)
    is_in(client)
    assert tx.scalars(select(models.SignIn.seen_at)).one() == clock.now()


@pytest.mark.parametrize("role", ["editor", "focal_point"])
def test_signing_in_over_an_open_sign_in_ends_it(
    client: FlaskClient, new_client: Callable[[], FlaskClient], world: World, sign_in: SignIn, tx: Tx, role: str
) -> None:
    first, second = world.account(world.organisation()), world.account(world.organisation("donor"), role)
    sign_in(client, first)
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    sign_in(client, second)
    ended = {one.account_id: one.ended_at is not None for one in tx.scalars(select(models.SignIn))}
    assert ended == {first.id: True, second.id: False}
    thief = new_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert not is_in(thief)


def test_proving_oneself_changes_the_word_of_the_sign_in(
    client: FlaskClient, new_client: Callable[[], FlaskClient], world: World, sign_in: SignIn
) -> None:
    sign_in(client, world.account(world.organisation()))
    thief = new_client()
    with client.session_transaction() as mine, thief.session_transaction() as theirs:
        theirs.update(mine)
    assert is_in(thief)
    assert client.submit("/sign-in/again", {"password": PASSWORD}).status_code == 303
    assert is_in(client)
    assert not is_in(thief)


def test_the_present_password_is_counted_and_locks(
    client: FlaskClient, world: World, sign_in: SignIn, clock: MovableClock
) -> None:
    sign_in(client, world.account(world.organisation()))
    new = "a mango tree by the river"
    values = {"current_password": "not the password", "new_password": new, "repeated_password": new}
    for _ in range(5):
        assert client.submit("/account/password", values).status_code == 422
    right = {**values, "current_password": PASSWORD}
    locked = client.submit("/account/password", right)
    assert locked.status_code == 422
    assert "too many attempts" in locked.get_data(as_text=True)
    clock.move(minutes=1)
    assert client.submit("/account/password", right).status_code == 303


def test_a_cookie_works_in_its_own_browser_alone(client: FlaskClient, world: World, sign_in: SignIn) -> None:
    sign_in(client, world.account(world.organisation()))
    assert client.get("/account", headers={"User-Agent": "Another/1.0"}).status_code == 302
    assert not is_in(client)


def test_a_suspended_organisation_has_no_focal_point_on_the_next_request(
    client: FlaskClient, world: World, sign_in: SignIn
) -> None:
    organisation = world.organisation()
    sign_in(client, world.account(organisation, "focal_point"))
    people = f"/organisations/{organisation.ref}/people"
    assert client.get(people).status_code == 200
    organisation.status = "suspended"
    assert client.get(people).status_code == 403
    assert "suspended" in client.get("/account").get_data(as_text=True)


def test_a_form_sent_after_the_sign_in_expired_is_kept(client: FlaskClient, world: World, tx: Tx) -> None:
    account = world.account(world.organisation())
    expired = client.post("/needs/new", data=[("title", "Saisies"), ("form_key", "k1")], csrf=False)
    assert expired.status_code == 403
    text = expired.get_data(as_text=True)
    assert "Your sign-in has expired. Sign in again: what you typed is kept." in text
    carried = json.dumps([["title", "Saisies"], ["form_key", "k1"], ["password", "no"]])
    fields = {"email": account.email, "next": "/needs/new", "carried": carried}
    wrong = client.post("/sign-in", data={**fields, "password": "wrong wrong wrong"})
    assert "Saisies" in wrong.get_data(as_text=True)
    right = client.post("/sign-in", data={**fields, "password": PASSWORD})
    assert right.headers["Location"] == "/needs/new?draft=k1"
    draft = tx.scalars(select(Draft)).one()
    assert (draft.account_id, draft.form, draft.key, draft.title) == (account.id, "needs/new", "k1", "Saisies")
    assert draft.fields == [["title", "Saisies"], ["form_key", "k1"]]


def test_the_expired_page_is_not_filled_with_the_other_forms_fields(client: FlaskClient) -> None:
    data = {"email": "invited@x.example", "password": "typed elsewhere"}
    text = client.post("/needs/new", data=data, csrf=False).get_data(as_text=True)
    assert 'value="invited@x.example"' not in text
    assert "typed elsewhere" not in text


def test_what_was_sent_where_no_page_is_goes_to_the_desk(client: FlaskClient, world: World, tx: Tx) -> None:
    account = world.account(world.organisation())
    carried = json.dumps([["reason", "A long story"]])
    address = "/organisations/O-2222-2222/decide"
    fields = {"email": account.email, "password": PASSWORD, "next": address, "carried": carried}
    answer = client.post("/sign-in", data=fields)
    assert "decide" not in answer.headers["Location"]
    draft = tx.scalars(select(Draft)).one()
    assert (draft.form, draft.record_ref) == ("organisations/decide", "O-2222-2222")


@pytest.mark.parametrize("carried", ["{", "[1]", '[["a",1]]', "x" * 500_000])
def test_what_cannot_be_read_hinders_nobody(client: FlaskClient, world: World, carried: str) -> None:
    account = world.account(world.organisation())
    fields = {"email": account.email, "password": PASSWORD, "next": "/account", "carried": carried}
    assert client.post("/sign-in", data=fields).headers["Location"] == "/account"


def test_a_sign_in_page_that_was_open_too_long_keeps_what_it_carries(client: FlaskClient, world: World) -> None:
    account = world.account(world.organisation())
    carried = json.dumps([["title", "Saisies"]])
    fields = {"email": account.email, "password": PASSWORD, "carried": carried}
    answer = client.post("/sign-in", data=fields, csrf=False)
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "open for a long time" in text
    assert "Saisies" in text
    assert not is_in(client)


def test_a_password_is_never_written_back(client: FlaskClient) -> None:
    text = client.post("/sign-in", data={"email": "a@b.example", "password": "secret-in-the-page"}).get_data(
        as_text=True
    )
    assert "secret-in-the-page" not in text


def test_nothing_is_signed_in_or_out_without_a_token(client: FlaskClient, world: World, sign_in: SignIn) -> None:
    account = world.account(world.organisation())
    client.post("/sign-in", data={"email": account.email, "password": PASSWORD}, csrf=False)
    assert not is_in(client)
    sign_in(client, account)
    client.post("/sign-out", csrf=False)
    assert is_in(client)


def test_language_is_chosen_for_a_year(client: FlaskClient) -> None:
    answer = client.get("/language/fr?next=/sign-in")
    assert answer.headers["Location"] == "/sign-in"
    cookie = client.get_cookie("language")
    assert cookie is not None
    assert (cookie.value, cookie.max_age, cookie.same_site) == ("fr", 365 * 24 * 3600, "Lax")
    assert '<html lang="fr"' in client.get("/sign-in").get_data(as_text=True)


def test_a_language_that_the_site_does_not_speak_is_no_page(client: FlaskClient) -> None:
    assert client.get("/language/xx").status_code == 404
    assert client.get("/language/fr?next=https://evil.example/").headers["Location"].startswith("/")


def test_a_new_password_may_not_be_made_of_the_words_of_ones_organisation(
    client: FlaskClient, world: World, sign_in: SignIn
) -> None:
    sign_in(client, world.account(world.organisation(name="Zollkriminalamt")))
    new = "Zollkriminalamt2026"
    values = {"current_password": PASSWORD, "new_password": new, "repeated_password": new}
    answer = client.submit("/account/password", values)
    assert answer.status_code == 422
    assert "guessed first" in answer.get_data(as_text=True)
