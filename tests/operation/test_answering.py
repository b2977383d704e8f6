"""Each request has one number, everywhere the same, and leaves a line in which nothing of a person stands."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
import structlog

from app import create_app
from app.config import Settings
from app.foundation import errors
from app.foundation.web import GUARDS, NOTHING, Guard, Permission
from app.operation import answering

NUMBER = re.compile(r"^[0-9a-f]{16}$")
PRODUCTION = {
    "COUNTERPART_ENV": "production", "SECRET_KEY": "s" * 32, "AUDIT_KEY": "a" * 32, "SMTP_URL": "smtp://localhost:25",
    "PUBLIC_URL": "https://counterpart.example",
}  # fmt: skip


@pytest.fixture
def settings(settings):
    return replace(settings, request_log=True)


@pytest.fixture
def lines(monkeypatch):
    """Every line that is written of a request."""
    with structlog.testing.capture_logs() as told:
        monkeypatch.setattr(answering, "log", structlog.get_logger())
        yield told


@pytest.fixture
def broken(app, monkeypatch):
    """A page that fails."""

    def fail():
        raise RuntimeError("ann@ministry.example is a secret")

    monkeypatch.setitem(GUARDS, "broken", Guard(Permission.PUBLIC_READ, NOTHING))
    app.add_url_rule("/broken", "broken", fail)


def test_each_answer_brings_the_number_of_its_request(client):
    first, second = client.get("/"), client.get("/nowhere")
    numbers = [answer.headers["X-Request-ID"] for answer in (first, second)]
    assert all(NUMBER.match(number) for number in numbers)
    assert numbers[0] != numbers[1]


def test_a_number_that_somebody_brings_is_not_taken(client):
    assert NUMBER.match(client.get("/", headers={"X-Request-ID": "forged"}).headers["X-Request-ID"])


def test_the_page_about_a_fault_the_log_and_the_answer_have_one_number(client, broken, lines, monkeypatch):
    monkeypatch.setattr(errors, "log", structlog.get_logger())
    answer = client.get("/broken", check=False)
    number = answer.headers["X-Request-ID"]
    assert answer.status_code == 500
    assert f">{number}<" in answer.text
    assert {line["event"]: line.get("reference", line["request"]) for line in lines} == {
        "request failed": number, "request": number,
    }  # fmt: skip


def test_somebody_without_a_database_is_given_a_number_too(app, client, world, sign_in, monkeypatch):
    """Who asks is looked up before the page begins: if that fails, the number is there already."""
    sign_in(client, world.account(world.organisation()))

    def gone(*_args):
        raise OSError("the database is gone")

    monkeypatch.setattr("app.accounts.queries.actor_for", gone)
    answer = client.get("/desk", check=False)
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text


def test_a_line_says_what_was_asked_for_and_how_long_it_took(client, lines):
    answer = client.get("/needs")
    (line,) = lines
    assert line.pop("milliseconds") > 0
    assert line == {
        "event": "request", "log_level": "info", "method": "GET", "route": "/needs", "status": 200,
        "request": answer.headers["X-Request-ID"],
    }  # fmt: skip


SECRETS = ("tok-3n-of-a-mail", "ann@ministry.example", "Ann Example", "203.0.113.9", "N-2222-2222", "hidden word")


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/invitations/tok-3n-of-a-mail"),
        ("POST", "/mail/tok-3n-of-a-mail/stop"),
        ("GET", "/search?q=ann@ministry.example"),
        ("GET", "/needs/N-2222-2222?from=Ann+Example"),
        ("GET", "/tok-3n-of-a-mail/ann@ministry.example"),
        ("POST", "/sign-in?next=/tok-3n-of-a-mail"),
    ],
)
def test_no_word_of_an_address_and_nobody_stands_in_a_line(client, lines, method, address):
    client.open(
        address, method=method, data={"email": "ann@ministry.example", "password": "hidden word"}, check=False,
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
        headers={"User-Agent": "Ann Example", "Referer": "https://x.example/tok-3n-of-a-mail"},
    )  # fmt: skip
    said = json.dumps([line for line in lines if line["event"] == "request"])
    assert said.count('"route"') == 1
    assert not [secret for secret in SECRETS if secret in said]


def test_whoever_is_signed_in_does_not_stand_in_it(client, world, sign_in, lines):
    account = world.account(world.organisation())
    sign_in(client, account)
    lines.clear()
    client.get("/desk")
    (line,) = lines
    assert set(line) == {"event", "log_level", "method", "route", "status", "milliseconds", "request"}


def test_what_nobody_publishes_is_one_route_and_one_method(client, lines):
    client.get("/a")
    client.open("/b", method="BREW", check=False)
    assert [(line["route"], line["method"]) for line in lines] == [("unknown", "GET"), ("unknown", "other")]


def test_health_and_static_files_leave_no_line(client, lines):
    for path in ("/health/live", "/health/ready", "/static/css/counterpart.css", "/static/none.css"):
        client.get(path)
    assert lines == []


def test_it_can_be_switched_off(settings, database, lines):
    client = create_app(replace(settings, request_log=False), database).test_client()
    assert client.get("/").status_code == 200
    assert lines == []


@pytest.mark.parametrize(
    ("environ", "is_on"),
    [
        ({}, False), ({"COUNTERPART_REQUEST_LOG": "on"}, True), (PRODUCTION, True),
        ({**PRODUCTION, "COUNTERPART_REQUEST_LOG": "off"}, False),
    ],
)  # fmt: skip
def test_it_is_usual_in_production_alone(environ, is_on):
    assert Settings.from_environment(environ).request_log is is_on
