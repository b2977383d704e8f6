"""The ground that the attacks of this folder are made on: built once, and for each test as it was in the morning."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.config import Settings
from app.foundation import migrate
from app.foundation.db import Database, Tx
from tests.conftest import MORNING
from tests.factories import SECRET_KEY, World
from tests.house import MovableClock, RolledBackDatabase
from tests.pages import CheckingClient
from tests.security.filled import Filled
from tests.security.ground import Ground, Stage, undone, walk, windows

BARE = Settings(
    data_dir=Path(), host="127.0.0.1", port=5000, secret_key=SECRET_KEY, database_url="", search_dir=Path(),
    public_url="http://localhost:5000", smtp_url=None, fixed_now=MORNING, shared_dir=Path(), production=False,
    demonstration=False, rate_limits=False,
)  # fmt: skip


@pytest.fixture(scope="session")
def stage(
    engine_name: str, new_database: Callable[[str], Database], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """A site with one record of every kind, a browser for everybody, and every form that they find."""
    whole = new_database(engine_name)
    migrate.upgrade(whole)
    folder = tmp_path_factory.mktemp("stage")
    folders = {"data_dir": folder / "data", "search_dir": folder / "index", "shared_dir": folder / "shared"}
    with whole.engine.connect() as connection:
        outer = connection.begin()
        database = RolledBackDatabase(whole.url, connection)
        with database.open(writing=True) as tx:
            database.tests_own = tx
            yield _built(replace(BARE, database_url=whole.url, **folders), database, tx)
        outer.rollback()


def _built(settings: Settings, database: RolledBackDatabase, tx: Tx) -> Stage:
    from app import create_app

    app = create_app(settings, database)
    app.extensions["counterpart"].clock = clock = MovableClock(MORNING)
    app.test_client_class = CheckingClient
    ground = Ground(World(tx, MORNING), tx, settings.data_dir, SECRET_KEY)
    browsers = windows(app.test_client, ground)
    forms = [(browsers[who], form.action, form) for who, form in walk(app, ground, browsers).values()]
    return Stage(app, settings, database, clock, ground, browsers, forms)


@pytest.fixture
def attacked(stage: Stage) -> Iterator[Stage]:
    """The same for one test: whatever it does has not been done for the next one."""
    stage.clock.fixed = MORNING
    shutil.rmtree(stage.settings.data_dir / "mail", ignore_errors=True)
    with undone(stage.database, *stage.browsers.values()):
        yield stage


@pytest.fixture
def app(attacked: Stage) -> Flask:
    return attacked.app


@pytest.fixture
def settings(attacked: Stage) -> Settings:
    return attacked.settings


@pytest.fixture
def database(attacked: Stage) -> RolledBackDatabase:
    return attacked.database


@pytest.fixture
def clock(attacked: Stage) -> MovableClock:
    return attacked.clock


@pytest.fixture
def tx(attacked: Stage) -> Tx:
    return attacked.ground.tx


@pytest.fixture
def ground(attacked: Stage) -> Ground:
    return attacked.ground


@pytest.fixture
def browsers(attacked: Stage) -> dict[str, Any]:
    return attacked.browsers


@pytest.fixture
def forms(attacked: Stage) -> list[tuple[Any, str, Filled]]:
    return attacked.forms
