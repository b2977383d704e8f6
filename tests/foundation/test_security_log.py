"""What may be an attack leaves one line in the log, and nothing of a person in it."""

from __future__ import annotations

import io
import json
import logging
import sys
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import TooManyRequests, UnsupportedMediaType
from wtforms import Form, MultipleFileField

from app.foundation import logs, security_log
from app.foundation.filing.fields import sound_files
from app.foundation.web import GUARDS, NOTHING, Guard, Permission
from tests.factories import PASSWORD


@pytest.fixture
def lines(monkeypatch):
    """Every line of the log of security, as it leaves."""
    with structlog.testing.capture_logs() as told:
        monkeypatch.setattr(security_log, "log", structlog.get_logger())
        yield told


def kinds(lines):
    return [line["kind"] for line in lines if line["event"] == "security"]


@pytest.fixture
def office(client, world, sign_in):
    account = world.account(world.organisation(), "focal_point")
    sign_in(client, account)
    client.account = account
    return client


def test_a_refusal_names_route_permission_and_account(office, lines):
    office.get("/organisations/queue?name=Ann+Example")
    (line,) = lines
    assert (line["kind"], line["route"], line["method"]) == ("refused", "/organisations/queue", "GET")
    assert line["account"] == office.account.id
    assert line["permission"] == GUARDS["organisations.queue"].permission.value
    assert len(line["request"]) == 16
    assert "Ann" not in json.dumps(line)


def test_who_asks_for_what_is_hidden_is_noted_without_the_reference(office, lines):
    office.get("/needs/N-2222-2222")
    (line,) = lines
    assert (line["kind"], line["route"], line["status"]) == ("hidden", "/needs/<ref>", 404)


def test_slips_and_visitors_are_not_noted(client, lines):
    client.get("/needs/N-2222-2222")
    client.get("/no-such-page")
    client.get("/account")
    assert lines == []


def test_a_form_without_a_token_is_noted(office, lines):
    office.post("/account", data={"name": "Mallory"}, csrf=False)
    (line,) = lines
    assert (line["kind"], line["route"]) == ("token", "/account")
    assert "Mallory" not in json.dumps(line)


@pytest.mark.parametrize("path", ["/invitations/forged", "/sign-in/new-password/forged", "/account/e-mail/forged"])
def test_a_forged_link_is_noted_and_its_word_is_not(client, lines, path):
    assert client.get(path).status_code == 410
    assert "link" in kinds(lines)
    assert "forged" not in json.dumps(lines)


def test_a_passkey_that_fails_is_noted(client, lines):
    client.get("/sign-in")
    assert client.post("/sign-in/passkey", data={"credential": "{}"}).status_code == 422
    assert kinds(lines) == ["passkey"]


def test_a_wrong_code_and_a_wrong_password_of_somebody_signed_in_are_noted(client, new_client, world, sign_in, lines):
    account = world.account(world.organisation(), "focal_point")
    client.post("/sign-in", data={"email": account.email, "password": PASSWORD})
    client.post("/sign-in/second-step", data={"code": "000000"})
    other = new_client()
    sign_in(other, account)
    other.post("/sign-in/again", data={"password": "not the password"})
    assert kinds(lines) == ["code", "password"]
    assert "not the password" not in json.dumps(lines)


@pytest.mark.parametrize(("error", "kind"), [(TooManyRequests(), "too_many"), (UnsupportedMediaType(), "unreadable")])
def test_too_many_and_what_cannot_be_read_is_noted(app, client, lines, monkeypatch, error, kind):
    def fail():
        raise error

    monkeypatch.setitem(GUARDS, "broken", Guard(Permission.PUBLIC_READ, NOTHING))
    app.add_url_rule("/broken", "broken", fail)
    client.get("/broken")
    assert kinds(lines) == [kind]


def test_too_much_and_a_wrong_method_are_noted(client, lines):
    client.post("/organisations/apply", data=b"x=" + b"x" * (13 * 1024 * 1024), content_type="text/plain")
    client.get("/sign-in/passkey")
    client.get("/sign-out")
    assert kinds(lines)[-2:] == ["unreadable", "unreadable"]


def test_a_forged_host_is_noted(app, client, lines):
    app.config["TRUSTED_HOSTS"] = ["counterpart.example"]
    client.get("/sign-in", headers={"Host": "evil.example"}, check=False)
    assert kinds(lines) == ["forged_host"]
    assert "evil" not in json.dumps(lines)


def test_a_refused_file_is_noted_without_its_name(app, lines):
    class Sent(Form):
        files = MultipleFileField(validators=[sound_files])

    with app.test_request_context():
        sent = Sent()
        sent.files.data = [FileStorage(stream=io.BytesIO(b"MZ"), filename="ann.exe")]
        assert not sent.validate()
    (line,) = lines
    assert (line["kind"], line["reason"]) == ("file", "kind")
    assert "ann" not in json.dumps(line)


def test_every_kind_is_explained_to_who_reads_the_log():
    said = (Path(__file__).resolve().parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    assert [kind for kind, words in security_log.KINDS.items() if f"| `{kind}` | {words} |" not in said] == []


def test_there_is_no_other_kind():
    with pytest.raises(LookupError):
        security_log.note("something")


def test_the_traceback_of_a_database_error_keeps_the_values_out(database):
    typed = {"word": "ann@ministry.example"}
    try:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT no_such_column, :word"), typed)
    except DatabaseError:
        story = logs.story_of(sys.exc_info())
    assert "test_security_log.py" in story
    assert "Error" in story
    assert "ann@" not in story
    told = logs.story_of((IntegrityError, IntegrityError("x", {}, ValueError("ann@ministry.example")), None))
    assert told == "IntegrityError\n"


def test_an_error_of_ours_keeps_its_words_and_what_led_to_it():
    try:
        try:
            raise KeyError("first")
        except KeyError as error:
            raise ValueError("then") from error
    except ValueError:
        story = logs.story_of(sys.exc_info())
    assert story.index("KeyError: 'first'") < story.index("ValueError: then")


def test_lines_of_the_web_server_have_the_same_form():
    record = logging.LogRecord("_granian", logging.ERROR, __file__, 1, "no %s", ('"port"',), None)
    line = json.loads(logs.Line().format(record))
    assert line["event"] == 'no "port"'
    assert line["level"] == "error"
    assert line["timestamp"].endswith("+00:00")
