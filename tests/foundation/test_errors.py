"""Every page about an error through the real stack: its code, the reader's language, and a way onward."""

from __future__ import annotations

import errno
import sqlite3
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import Conflict, TooManyRequests, UnsupportedMediaType

from app.foundation import errors
from app.foundation.passing_faults import code_of, is_passing
from app.foundation.web import GUARDS, NOTHING, Guard, Permission, abort
from app.foundation.wording.versions import StaleVersion

URL_ENCODED = "application/x-www-form-urlencoded"


@pytest.fixture
def broken_at(app, monkeypatch):
    """Says how the page /broken, which only a test's site has, is to fail."""
    told = []

    def fail():
        raise told[-1]

    monkeypatch.setitem(GUARDS, "broken", Guard(Permission.PUBLIC_READ, NOTHING))
    app.add_url_rule("/broken", "broken", fail, methods=["GET", "POST"])
    return told.append


@pytest.fixture
def office(client, world, sign_in):
    sign_in(client, world.account(world.organisation(), "focal_point"))
    return client


def test_what_is_not_there_leads_to_the_search_and_the_lists(client):
    answer = client.get("/needs/N-2222-2222")
    assert answer.status_code == 404
    assert 'action="/search"' in answer.text
    assert 'href="/programmes"' in answer.text
    assert "/sign-in?next=/needs/N-2222-2222" in answer.text


def test_what_one_may_not_open_says_who_helps(office):
    answer = office.get("/organisations/queue")
    assert answer.status_code == 403
    assert "another account" in answer.text
    assert 'href="/desk"' in answer.text


@pytest.mark.parametrize("path", ["/needs/new", "/organisations/apply"])
def test_too_large_a_form_names_the_limit_and_where_the_draft_is(office, path):
    answer = office.post(path, data=b"title=" + b"x" * (13 * 1024 * 1024), content_type=URL_ENCODED)
    assert answer.status_code == 413
    for word in ("up to 10 MB", "up to 12 MB", "up to 4 MB", "/desk#drafts-title", f'href="{path}"'):
        assert word in answer.text


def test_too_large_a_text_is_refused_before_a_whole_form_is_too_large(client):
    part = b'--edge\r\nContent-Disposition: form-data; name="letter"\r\n\r\n%s\r\n--edge--\r\n'
    body = part % (b"x" * (5 * 1024 * 1024))
    answer = client.post("/organisations/apply", data=body, content_type="multipart/form-data; boundary=edge")
    assert answer.status_code == 413
    assert "Go back in your browser" in answer.text


@pytest.mark.parametrize(
    ("said", "header", "words"), [(30, "30", "in 30 seconds"), (None, "60", "in 60 seconds"), (500, "500", "9 minutes")]
)
def test_too_many_requests_say_when_to_try_again(client, broken_at, said, header, words):
    broken_at(TooManyRequests(retry_after=said))
    answer = client.get("/broken")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, header)
    assert words in answer.text


def test_a_moment_to_try_again_is_told_as_a_while(client, broken_at, clock):
    broken_at(TooManyRequests(retry_after=clock.now().replace(minute=1)))
    assert client.get("/broken").headers["Retry-After"] == "60"


def test_our_own_fault_has_a_reference_that_stands_in_the_log_too(client, broken_at, monkeypatch):
    told = {}
    monkeypatch.setattr(errors, "log", SimpleNamespace(error=lambda _event, **kw: told.update(kw)))
    broken_at(RuntimeError("a secret of the house"))
    answer = client.get("/broken", check=False)
    assert answer.status_code == 500
    assert told["reference"] in answer.text
    assert "secret of the house" not in answer.text
    assert 'href="/"' in answer.text


def test_a_fault_of_the_page_about_faults_still_ends_in_a_page(broken_at, office, app):
    def no_database(*_args):
        raise RuntimeError("no database")

    broken_at(RuntimeError("first"))
    app.jinja_env.globals["panel"] = no_database
    answer = office.get("/broken", check=False)
    assert answer.status_code == 500
    assert "Sign in" in answer.text, "the frame for those who are not signed in asks nothing of the database"
    app.jinja_env.globals["static"] = no_database
    answer = office.get("/broken", check=False)
    assert answer.status_code == 500
    assert f'reference: <code dir="ltr">{answer.headers["X-Request-ID"]}</code>' in answer.text


@pytest.mark.parametrize("error", [StaleDataError(), Conflict()])
def test_who_saves_second_finds_what_was_typed(broken_at, office, error):
    broken_at(error)
    answer = office.post("/broken", data={"title": "Mine", "form_key": "secret-key"})
    assert answer.status_code == 409
    assert "Mine" in answer.text
    assert "secret-key" not in answer.text
    assert 'href="/broken"' in answer.text


def test_both_versions_stand_side_by_side_where_the_other_is_known(broken_at, office):
    broken_at(StaleVersion(SimpleNamespace(ref="N-2222-2222", title="Theirs", summary="The same")))
    answer = office.post("/broken", data={"title": "Mine", "summary": "The same"})
    assert answer.status_code == 409
    assert "Mine" in answer.text
    assert "Theirs" in answer.text
    assert "The same" not in answer.text


def test_what_cannot_be_read_is_said_to_be_so(client, broken_at):
    broken_at(UnsupportedMediaType())
    answer = client.get("/broken")
    assert answer.status_code == 415
    assert "Error 415" in answer.text
    assert "cut off" in answer.text


@pytest.mark.parametrize("code", [403, 404, 405, 409, 413, 429, 500])
def test_pages_about_errors_speak_the_readers_language(client, app, code):
    app.add_url_rule("/wrong", "wrong", lambda: abort(code))
    spoken = {
        language: client.get("/wrong", headers={"Accept-Language": language}, check=False) for language in ("en", "fr")
    }
    assert {answer.status_code for answer in spoken.values()} == {code}
    assert '<html lang="fr"' in spoken["fr"].text
    assert spoken["fr"].text.count("<h1") == spoken["en"].text.count("<h1") == 1


@pytest.mark.one_engine
def test_the_address_that_a_failed_form_left_leads_to_the_page_it_stood_on(client):
    for path, page in (
        ("/lessons/L-2222-2222/comments", "/lessons/L-2222-2222"),
        ("/clarifications/Q-2222-2222/answer?from=mail", "/clarifications/Q-2222-2222"),
        ("/account/second-step/app/remove", "/account/second-step/app"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (303, page)
    assert client.get("/sign-out").status_code == 405, "there is no page above it"
    assert client.delete("/lessons/L-2222-2222/comments").status_code == 405


def busy(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("database is locked: INSERT INTO needs VALUES ('secret')")
    cause.sqlite_errorcode, cause.sqlite_errorname = code, "SQLITE_BUSY"
    return OperationalError("INSERT", {}, cause)


@pytest.mark.parametrize("error", [busy(5), busy(5 | (2 << 8)), busy(13), OSError(errno.ENOSPC, "No space left")])
def test_what_passes_by_itself_is_sent_again_with_one_press(broken_at, office, error):
    broken_at(error)
    answer = office.post("/broken", data={"title": "Judges & clerks", "form_key": "k" * 20, "password": "baobab"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    for word in ("Please try again in a moment", 'action="/broken"', "Judges &amp; clerks", "k" * 20, "csrf_token"):
        assert word in answer.text
    assert "baobab" not in answer.text
    assert "secret" not in answer.text


def test_what_passes_by_itself_is_told_who_only_reads(broken_at, office):
    broken_at(busy(5))
    answer = office.get("/broken")
    assert answer.status_code == 503
    assert "Try again in 10 seconds" in answer.text
    assert 'class="reference"' in answer.text


@pytest.mark.parametrize("error", [busy(1), OSError(errno.ENOENT, "no such file"), LookupError("x")])
def test_a_fault_of_ours_is_not_promised_to_pass(broken_at, office, error):
    broken_at(error)
    assert office.post("/broken", check=False).status_code == 500


def lost_line(state):
    cause = psycopg.OperationalError("server closed the connection")
    cause.sqlstate = state
    return OperationalError("SELECT", {}, cause)


@pytest.mark.parametrize(
    ("error", "passes", "code"),
    [
        (lost_line(None), True, ""), (lost_line("57P01"), True, "57P01"), (lost_line("53100"), True, "53100"),
        (lost_line("42P01"), False, "42P01"), (busy(5), True, "SQLITE_BUSY"), (busy(1), False, "SQLITE_BUSY"),
        (OSError(errno.EROFS, "read-only"), True, "EROFS"), (PoolTimeout(), True, ""), (ValueError(), False, ""),
    ],
)  # fmt: skip
def test_which_errors_pass(error, passes, code):
    assert is_passing(error) is passes
    assert code_of(error) == code
