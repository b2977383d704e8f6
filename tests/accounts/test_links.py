"""Links of mails: a new password, a new address; what they open, and everything that makes them worthless."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import passwords
from app.accounts.links.service import token_for
from app.accounts.models import Confirmation
from app.foundation.db import Tx
from app.foundation.worker import work_off
from app.notifications.mailer import send_waiting
from app.notifications.models import Mail
from app.wiring import REACTIONS
from tests.factories import PASSWORD, SECRET_KEY, World
from tests.house import MovableClock

SignIn = Callable[..., Any]
NEW = "a mango tree by the river"
LINK = re.compile(r"/(sign-in/new-password|account/e-mail)/\S+")
CHOICE = {"new_password": NEW, "repeated_password": NEW}


def mails(app: Flask, tx: Tx) -> list[Mail]:
    """Let the worker do its work; the mails that have been written."""
    while work_off(app.extensions["counterpart"], REACTIONS):
        pass
    return list(tx.scalars(select(Mail).order_by(Mail.id)))


def sent_links(app: Flask, now: Any) -> list[str]:
    """The addresses in the mails that have really been sent (to the folder of a development site)."""
    site = app.extensions["counterpart"]
    send_waiting(site, now, 20)
    files = (site.settings.data_dir / "mail").glob("*.eml")
    sent = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    texts = [message.get_body(("plain",)).get_content() for message in sent]  # type: ignore[union-attr]
    return [found.group(0) for text in texts for found in LINK.finditer(text)]


def link_of(tx: Tx, path: str) -> str:
    asked = tx.scalars(select(Confirmation).order_by(Confirmation.id.desc())).first()
    assert asked is not None
    return f"{path}/{token_for(SECRET_KEY, asked)}"


def test_a_forgotten_password_is_chosen_anew_with_the_link(
    client: FlaskClient,
    app: Flask,
    world: World,
    tx: Tx,
    sign_in: SignIn,
    now: Any,
    new_client: Callable[[], FlaskClient],
) -> None:
    account, other = world.account(world.organisation()), new_client()
    sign_in(other, account)
    assert "Look into your mail" in client.submit("/sign-in/forgotten", {"email": account.email.upper()}).text
    assert [mail.recipient for mail in mails(app, tx)] == [account.email]
    links = sent_links(app, now)
    assert len(links) == 1
    assert client.submit(links[0], CHOICE).headers["Location"] == "/sign-in"
    assert passwords.matches(account.password_hash, NEW)
    assert other.get("/account").status_code == 302
    assert client.get(links[0], check=True).status_code == 410
    assert "was changed" in mails(app, tx)[-1].body


def test_the_answer_is_the_same_for_every_address(
    client: FlaskClient, app: Flask, world: World, tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = []
    monkeypatch.setattr(passwords, "matches", lambda *args: hashes.append(args))
    pages = []
    for email in (world.account(world.organisation()).email, "nobody@nowhere.example"):
        page = client.submit("/sign-in/forgotten", {"email": email})
        pages.append((page.status_code, re.sub(r'(csrf_token" value|nonce|content)="[^"]*"', "", page.text)))
    assert pages[0] == pages[1]
    assert hashes == []
    assert len(mails(app, tx)) == 1


def test_nobody_floods_a_mailbox(client: FlaskClient, app: Flask, world: World, tx: Tx) -> None:
    account = world.account(world.organisation())
    for _ in range(8):
        assert client.submit("/sign-in/forgotten", {"email": account.email}).status_code == 200
    assert len(mails(app, tx)) == 5


@pytest.mark.parametrize("spoil", ["late", "changed", "closed", "forged", "other kind"])
def test_a_link_that_is_no_longer_good_opens_nothing(
    client: FlaskClient, world: World, tx: Tx, clock: MovableClock, spoil: str
) -> None:
    account = world.account(world.organisation())
    client.submit("/sign-in/forgotten", {"email": account.email})
    link = link_of(tx, "/sign-in/new-password")
    if spoil == "late":
        clock.move(hours=1)
    elif spoil == "changed":
        account.stamp = "another"
    elif spoil == "closed":
        account.status = "closed"
    elif spoil == "forged":
        link = link[:-3] + "abc"
    else:
        link = link.replace("/sign-in/new-password", "/account/e-mail")
    assert client.get(link).status_code == 410
    assert client.post(link, data=CHOICE).status_code == 410
    assert passwords.matches(account.password_hash, PASSWORD)


def test_a_reset_leaves_the_second_step_standing(client: FlaskClient, world: World, tx: Tx) -> None:
    account = world.account(world.organisation(), "focal_point")
    client.submit("/sign-in/forgotten", {"email": account.email})
    client.submit(link_of(tx, "/sign-in/new-password"), CHOICE)
    page = client.post("/sign-in", data={"email": account.email, "password": NEW})
    assert "Second step" in page.text
    assert client.get("/account").status_code == 302


def test_a_new_address_counts_once_it_is_proved_and_both_are_told(
    client: FlaskClient, app: Flask, world: World, tx: Tx, sign_in: SignIn, now: Any
) -> None:
    account = world.account(world.organisation())
    former = account.email
    sign_in(client, account)
    assert client.submit("/account/e-mail", {"email": "New@elsewhere.example"}).status_code == 303
    mails(app, tx)
    link = sent_links(app, now)[0]
    assert "new@elsewhere.example" in client.get(link).text
    assert account.email == former
    assert client.submit(link, {}).headers["Location"] == "/sign-in"
    assert account.email == "new@elsewhere.example"
    assert client.get("/account").status_code == 302
    assert [mail.recipient for mail in mails(app, tx)] == ["new@elsewhere.example", former, "new@elsewhere.example"]


def test_a_taken_address_is_told_and_nobody_else_learns_of_it(
    client: FlaskClient, app: Flask, world: World, tx: Tx, sign_in: SignIn
) -> None:
    account, taken = world.account(world.organisation()), world.account(world.organisation())
    sign_in(client, account)
    free = client.submit("/account/e-mail", {"email": "free@elsewhere.example"})
    same = client.submit("/account/e-mail", {"email": taken.email})
    assert (free.status_code, free.headers["Location"]) == (same.status_code, same.headers["Location"])
    mail = mails(app, tx)[-1]
    assert (mail.recipient, "{the link" in mail.body) == (taken.email, False)
    assert client.submit(link_of(tx, "/account/e-mail"), {}).status_code == 410
    assert account.email != taken.email


def test_sign_in_does_the_same_work_for_everybody(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same status, same page, and the password is hashed once, whether there is such an account, locked or none."""
    real, counted = passwords.matches, []

    def count(kept: str, typed: str) -> bool:
        counted.append(1)
        return real(kept, typed)

    monkeypatch.setattr(passwords, "matches", count)
    known, locked = world.account(world.organisation()), world.account(world.organisation())
    for _ in range(5):
        client.post("/sign-in", data={"email": locked.email, "password": "wrong wrong wrong"})
    answers = []
    for email in (known.email, locked.email, "nobody@nowhere.example"):
        counted.clear()
        page = client.post("/sign-in", data={"email": email, "password": "wrong wrong wrong"})
        text = page.text.replace(email, "EMAIL")
        text = re.sub(r'(value|nonce|data-options)="[^"]*"', "", text)
        answers.append((page.status_code, len(counted), text))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][:2] == (422, 1)
