"""What answers tell the browser, and which names the site answers to."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app import create_app
from tests.pages import CheckingClient


@pytest.fixture
def public_client(settings, database):
    """A browser on a site in production, behind https."""
    site = create_app(replace(settings, production=True, public_url="https://counterpart.example"), database)
    site.test_client_class = CheckingClient
    return site.test_client()


def test_a_page_may_do_nothing_but_its_own(client):
    headers = client.get("/").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert re.fullmatch(r"'nonce-[\w-]{22}'", policy["script-src"])
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_the_word_for_scripts_is_new_each_time(client):
    one, other = (client.get("/").headers["Content-Security-Policy"] for _ in range(2))
    assert one != other


def test_behind_https_it_stays_https_and_cookies_are_bound_to_the_host(public_client, world):
    home = public_client.get("/", base_url="https://counterpart.example")
    assert home.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    shown = public_client.get("/sign-in", base_url="https://counterpart.example")
    (cookie,) = [c for c in shown.headers.getlist("Set-Cookie") if "csrf" in c or c.startswith("__Host-")]
    assert re.match(r"__Host-counterpart=", cookie)
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_behind_https_every_cookie_is_for_https_alone(public_client):
    here = {"base_url": "https://counterpart.example"}
    answers = [public_client.get(path, **here) for path in ("/sign-in", "/language/fr")]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-counterpart", "__Host-language"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    "host", ["evil.example", "counterpart.example.evil.example", "counterpart.example@evil.example"]
)
def test_a_forged_host_is_refused(public_client, host):
    answer = public_client.get("/sign-in", headers={"Host": host}, check=False)
    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True)


def test_files_say_the_same_and_are_kept(public_client, client):
    path = "/static/js/counterpart.js"
    behind = public_client.get(path, base_url="https://counterpart.example").headers
    assert behind["X-Content-Type-Options"] == "nosniff"
    assert behind["Strict-Transport-Security"].startswith("max-age=31536000")
    plain = client.get(path).headers
    assert plain["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in plain
    assert "max-age=31536000" in plain["Cache-Control"]


def test_behind_https_the_language_is_bound_to_the_host_too(public_client):
    chosen = public_client.get("/language/fr?next=/sign-in", base_url="https://counterpart.example")
    (cookie,) = [c for c in chosen.headers.getlist("Set-Cookie") if "language" in c]
    assert cookie.startswith("__Host-language=fr;")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert '<html lang="fr"' in public_client.get("/sign-in", base_url="https://counterpart.example").text
    # A cookie of the plain name may come from a neighbouring host and is not believed.
    public_client.delete_cookie("__Host-language", domain="counterpart.example")
    public_client.set_cookie("language", "fr", domain="counterpart.example")
    assert '<html lang="en"' in public_client.get("/sign-in", base_url="https://counterpart.example").text


@pytest.mark.parametrize(
    ("method", "path"), [("post", "/sign-in"), ("post", "/needs/new"), ("get", "/invitations/forged")]
)
def test_what_was_typed_or_mailed_is_not_stored(client, method, path):
    assert getattr(client, method)(path).headers["Cache-Control"] == "private, no-store"


def test_pages_for_everybody_may_be_stored(client):
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")


def test_signing_out_leaves_nothing_in_the_browser(client, world, sign_in):
    sign_in(client, world.account(world.organisation()))
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Cache-Control"] == "private, no-store"
