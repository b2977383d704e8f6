from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.foundation import migrate
from app.foundation.db import Database
from app.foundation.outbox import tell
from app.needs.events import NeedPosted
from app.overview import health
from app.search.reactions import engine_of


@pytest.fixture
def own(app, new_database):
    """A site on a database of its own with the newest tables, an index, and a plain browser."""
    part = app.extensions["counterpart"]
    part.database = new_database("sqlite")
    migrate.upgrade(part.database)
    engine_of(part).rebuild([])
    app.test_client_class = FlaskClient
    return part


def ask(app):
    answer = app.test_client().get("/health/ready")
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, answer.json["reasons"]


def test_a_living_process_says_ok_and_sets_no_cookie(client):
    answer = client.get("/health/live")
    assert (answer.status_code, answer.text) == (200, "ok")
    assert "Set-Cookie" not in answer.headers


def test_a_site_is_ready_when_all_parts_are(app, own):
    assert ask(app) == (200, [])
    assert app.test_client().get("/health/ready").json["ready"] is True


def test_without_an_index_the_site_says_so(app, own):
    (own.settings.search_dir / "CURRENT").unlink()
    assert ask(app) == (503, [health.UNREADABLE])


def test_a_fact_that_waits_for_five_minutes_means_that_the_worker_is_stuck(app, own, now):
    with own.database.transaction() as tx:
        tell(tx, NeedPosted(1), now - timedelta(minutes=4))
    assert ask(app) == (200, [])
    with own.database.transaction() as tx:
        tell(tx, NeedPosted(2), now - timedelta(minutes=5))
    assert ask(app) == (503, [health.STUCK])


def test_a_database_without_tables_is_behind(app, own, new_database):
    own.database = new_database("sqlite")
    assert ask(app) == (503, [health.BEHIND])


def test_a_database_that_does_not_answer_is_no_traceback(app, own, tmp_path):
    folder = tmp_path / "a-folder-is-no-database"
    folder.mkdir()
    own.database = Database(f"sqlite:///{folder}")
    assert ask(app) == (503, [health.SILENT])


@pytest.mark.parametrize(
    "asked",
    [
        {"environ_base": {"REMOTE_ADDR": "203.0.113.7"}},
        {"headers": {"X-Forwarded-For": "203.0.113.7"}},
        {"headers": {"Forwarded": "for=203.0.113.7"}},
    ],
)
def test_who_asks_from_elsewhere_learns_no_reasons(app, own, asked):
    (own.settings.search_dir / "CURRENT").unlink()
    answer = app.test_client().get("/health/ready", **asked)
    assert (answer.status_code, answer.json) == (503, {"ready": False})
