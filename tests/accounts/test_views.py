"""One's own account, invitations and the people of an organisation, through the site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import passwords, queries, service
from app.accounts.models import Account, Invitation
from app.accounts.people import people_panel
from app.accounts.service import InvitationDraft
from app.foundation.db import Tx
from app.foundation.permissions import ANONYMOUS, SYSTEM
from tests.factories import PASSWORD, World

SignIn = Callable[..., Any]
NEW = "a mango tree by the river"
GOOD = {"name": "Yaa Asantewaa", "language": "fr", "password": NEW, "repeated_password": NEW}


@pytest.fixture
def invitation(tx: Tx, world: World, now: datetime) -> Invitation:
    organisation = world.organisation(name="Cellule nationale")
    return service.invite(tx, SYSTEM, organisation, InvitationDraft("yaa@org.example", "Yaa", "fr", "editor"), now)


@pytest.fixture
def link(app: Flask, invitation: Invitation) -> str:
    return f"/invitations/{queries.token_for(app.secret_key, invitation)}"


def text_of(response: Any) -> str:
    return str(response.get_data(as_text=True))


# --- one's own account ---


def test_details_are_saved_and_speak_at_once(client: FlaskClient, world: World, sign_in: SignIn) -> None:
    account = world.account(world.organisation())
    sign_in(client, account)
    assert client.submit("/account", {"name": "Ama Ata", "language": "pt"}).status_code == 303
    assert (account.name, account.language) == ("Ama Ata", "pt")
    assert 'value="Ama Ata"' in text_of(client.get("/account"))


def test_a_name_is_needed_and_what_was_typed_stays(client: FlaskClient, world: World, sign_in: SignIn) -> None:
    sign_in(client, world.account(world.organisation()))
    answer = client.submit("/account", {"name": " ", "language": "es"})
    assert answer.status_code == 422
    assert '<option selected value="es">' in text_of(answer)


def test_a_new_password_is_checked(client: FlaskClient, world: World, sign_in: SignIn) -> None:
    account = world.account(world.organisation())
    sign_in(client, account)
    for current, new, again, why in (
        ("wrong", NEW, NEW, "present password"),
        (PASSWORD, "short", "short", "12 characters"),
        (PASSWORD, NEW, NEW + "!", "differ"),
    ):
        values = {"current_password": current, "new_password": new, "repeated_password": again}
        answer = client.submit("/account/password", values)
        assert answer.status_code == 422
        assert why in text_of(answer)
    assert passwords.matches(account.password_hash, PASSWORD)


# --- invitations ---


def test_an_invitation_says_who_and_to_what_and_makes_an_account(
    client: FlaskClient, link: str, tx: Tx, invitation: Invitation
) -> None:
    page = text_of(client.get(link))
    assert "Cellule nationale" in page
    assert "yaa@org.example" in page
    assert client.submit(link, GOOD).status_code == 303
    account = tx.scalars(select(Account).where(Account.email == "yaa@org.example")).one()
    assert account.memberships[0].role == "editor"
    assert "Yaa Asantewaa" in text_of(client.get("/account"))
    assert client.get(link).status_code == 410


def test_a_weak_password_makes_no_account_and_loses_nothing(client: FlaskClient, link: str, tx: Tx) -> None:
    answer = client.submit(link, {**GOOD, "password": "yaa 1234567890", "repeated_password": "yaa 1234567890"})
    assert answer.status_code == 422
    assert 'value="Yaa Asantewaa"' in text_of(answer)
    assert tx.scalars(select(Account)).all() == []


def test_accepting_twice_is_accepting_once(client: FlaskClient, link: str, tx: Tx) -> None:
    fields = {name: values[0] for name, values in client.form(link).items() if name != "csrf_token"} | GOOD
    first = client.post(link, data=fields)
    client.post("/sign-out")
    again = client.post(link, data=fields)
    assert (first.status_code, again.status_code) == (303, 303)
    assert len(tx.scalars(select(Account)).all()) == 1


def test_somebody_with_an_account_signs_in_and_accepts(
    client: FlaskClient, link: str, world: World, sign_in: SignIn
) -> None:
    account = world.account(world.organisation("donor"), email="yaa@org.example")
    assert "/sign-in?next=/invitations/" in text_of(client.get(link))
    sign_in(client, account)
    assert client.submit(link).status_code == 303
    assert len(world.actor(account).memberships) == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_else_is_told_to_sign_out(
    client: FlaskClient, link: str, world: World, sign_in: SignIn, invitation: Invitation, method: str
) -> None:
    sign_in(client, world.account(world.organisation("donor")))
    answer = getattr(client, method)(link, **({"data": GOOD} if method == "post" else {}))
    assert "signed in as somebody else" in text_of(answer)
    assert invitation.accepted_at is None


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "%C3%A9", "..."])
def test_a_link_that_was_not_made_here_is_no_invitation(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/invitations/{token}")
    assert answer.status_code == 410
    assert "no longer open" in text_of(answer)


# --- the people of an organisation ---


def test_a_focal_point_invites_and_takes_back(
    client: FlaskClient, world: World, sign_in: SignIn, tx: Tx, now: datetime
) -> None:
    organisation = world.organisation()
    sign_in(client, world.account(organisation, "focal_point"))
    people = f"/organisations/{organisation.ref}/people"
    fields = {"email": "Yaa@org.example", "name": "Yaa", "language": "fr", "role": "editor"}
    assert client.submit(people, fields).status_code == 303
    assert "yaa@org.example" in text_of(client.get(people))
    (made,) = queries.pending_invitations(tx, organisation.id, now)
    revoke = f"/organisations/{organisation.ref}/invitations/{made.ref}/revoke"
    assert client.post(revoke).status_code == 303
    assert queries.pending_invitations(tx, organisation.id, now) == []
    assert "no longer open" in text_of(client.post(revoke, follow_redirects=True))


def test_the_same_invitation_form_sent_twice_invites_once(
    client: FlaskClient, world: World, sign_in: SignIn, tx: Tx
) -> None:
    organisation = world.organisation()
    sign_in(client, world.account(organisation, "focal_point"))
    people = f"/organisations/{organisation.ref}/people"
    fields = {name: values[0] for name, values in client.form(people, "invite").items()}
    fields |= {"email": "yaa@org.example", "role": "member"}
    assert [client.post(people, data=fields).status_code for _ in range(2)] == [303, 303]
    assert len(tx.scalars(select(Invitation)).all()) == 1


def test_an_address_that_is_none_is_refused_in_words(client: FlaskClient, world: World, sign_in: SignIn) -> None:
    organisation = world.organisation()
    sign_in(client, world.account(organisation, "focal_point"))
    answer = client.submit(f"/organisations/{organisation.ref}/people", {"email": "yaa at org", "role": "member"})
    assert answer.status_code == 422
    assert "whole e-mail address" in text_of(answer)
    assert "yaa at org" in text_of(answer)


def test_roles_are_changed_and_people_removed(client: FlaskClient, world: World, sign_in: SignIn, tx: Tx) -> None:
    organisation = world.organisation()
    focal, editor = world.account(organisation, "focal_point"), world.account(organisation)
    sign_in(client, focal)
    at = f"/organisations/{organisation.ref}/people"
    client.post(f"{at}/{editor.ref}/role", data={"role": "member"})
    assert world.actor(editor).memberships[0].role == "member"
    assert "only focal point" in text_of(client.post(f"{at}/{focal.ref}/remove", follow_redirects=True))
    assert client.post(f"{at}/{editor.ref}/remove").status_code == 303
    assert world.actor(editor).memberships == ()
    assert client.post(f"{at}/A-2222-2222/remove").status_code == 404


def test_the_list_of_people_is_for_the_focal_point(
    client: FlaskClient, new_client: Callable[[], FlaskClient], world: World, sign_in: SignIn
) -> None:
    organisation = world.organisation()
    people = f"/organisations/{organisation.ref}/people"
    assert client.get(people).status_code == 302
    for account in (world.account(organisation), world.account(world.organisation("donor"), "focal_point")):
        browser = new_client()
        sign_in(browser, account)
        assert browser.get(people).status_code == 403
        assert browser.post(people, data={"email": "a@b.example", "role": "member"}).status_code == 403
    sign_in(client, world.account(world.organisation("secretariat")))
    assert client.get(people).status_code == 200


def test_names_are_for_verified_organisations_and_an_editors_address_for_nobody(app: Flask, world: World) -> None:
    organisation = world.organisation()
    account = world.account(organisation, name="Kossi Agbeko")
    with app.test_request_context():
        assert people_panel(ANONYMOUS, organisation.ref) == ""
        assert people_panel(world.somebody("donor", status="applied"), organisation.ref) == ""
        shown = people_panel(world.somebody("donor"), organisation.ref)
        assert "Kossi Agbeko" in people_panel(world.actor(account), organisation.ref)
    assert "Kossi Agbeko" in shown
    assert account.email not in shown


def test_a_focal_points_address_is_for_verified_organisations(app: Flask, world: World) -> None:
    organisation = world.organisation()
    focal = world.account(organisation, "focal_point")
    reader, waiting = world.somebody("donor"), world.somebody("donor", status="applied")
    with app.test_request_context():
        assert f"mailto:{focal.email}" in people_panel(reader, organisation.ref)
        assert people_panel(waiting, organisation.ref) == ""
