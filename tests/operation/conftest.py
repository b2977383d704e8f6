"""A site whose database is its own, and people of the office: what the watching is tried on."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.foundation import migrate
from app.operation.standing import METRICS
from app.search.reactions import engine_of
from tests.operation.figures import figures_of


@pytest.fixture
def part(app):
    """The site under test; what is measured of it is measured anew each time."""
    part = app.extensions["counterpart"]
    part.parts[METRICS].of_site.measure._seconds = 0
    return part


@pytest.fixture
def own(app, part, new_database):
    """A site on a database of its own with the newest tables and an empty index, and a plain browser."""
    part.database = new_database("sqlite")
    migrate.upgrade(part.database)
    engine_of(part).rebuild([])
    part.settings.data_dir.mkdir(mode=0o700, exist_ok=True)
    app.test_client_class = FlaskClient
    return part


@pytest.fixture
def office(client, world, sign_in, part):
    """Somebody of the secretariat, signed in."""
    account = world.account(world.organisation("secretariat"), "editor")
    sign_in(client, account)
    client.account = account
    return client


@pytest.fixture
def figures(client):
    """Asks this machine's way and gives the figures."""
    return lambda: figures_of(client.get("/metrics").text)
