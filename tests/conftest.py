"""What every test stands on: a database that forgets, a site at a fixed hour, clients that check each page they fetch.

TEST_DATABASE chooses the engine: sqlite (what one gets without it), postgresql, both in one run, or each. With both,
rules, services and queries are tested on the two of them, and tests that open pages take turns, so that either engine
has half of them; with each, every test runs twice. AT_LENGTH=1 runs what takes minutes too.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from app.config import Settings
from app.foundation import migrate
from app.foundation.db import Database, Tx
from tests import quick, servers
from tests.factories import SECRET_KEY, World
from tests.house import MovableClock, RolledBackDatabase
from tests.pages import CheckingClient, sign_in_with

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TWO = ["sqlite", "postgresql"]
ENGINES = {"sqlite": ["sqlite"], "postgresql": ["postgresql"], "both": TWO, "each": TWO}
SERVER = pytest.StashKey[servers.Server]()
SELDOM = (50_000, 20, 10)
"""After how many new things they are looked through, and how many such looks come before one through older things."""
NOT_TO_BE_SKIPPED_IN_CI = ("needs_chromium", "needs_postgresql")

hypothesis_settings.register_profile(
    "house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile("house")


# --- which engines, and what must not be skipped ---


def engines() -> list[str]:
    wanted = os.environ.get("TEST_DATABASE", "sqlite")
    if wanted not in ENGINES:
        raise pytest.UsageError(f"TEST_DATABASE must be one of {', '.join(ENGINES)}, not {wanted!r}")
    return ENGINES[wanted]


def pytest_configure(config: pytest.Config) -> None:
    quick.begin()
    is_first_process = not hasattr(config, "workerinput")
    if is_first_process and "postgresql" in engines():
        os.environ.pop(servers.SERVER_ADDRESS, None)
        try:
            server = servers.start_postgresql()
        except servers.NoServer as error:
            os.environ[servers.SERVER_ADDRESS] = f"none: {error}"
            return
        config.stash[SERVER] = server
        os.environ[servers.SERVER_ADDRESS] = server.conninfo


def pytest_collection_finish() -> None:
    """The tests themselves are no garbage: seven thousand of them need not be looked through again and again.

    A site of its own for each test is, and half a million things are looked through to find it: not so often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(SERVER, None)
    if server:
        server.stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    wanted = engines()
    needs_one = metafunc.definition.get_closest_marker("one_engine")
    if "engine_name" in metafunc.fixturenames and len(wanted) > 1 and not needs_one:
        if os.environ.get("TEST_DATABASE") == "both" and "app" in metafunc.fixturenames:
            wanted = [wanted[crc32(metafunc.definition.nodeid.encode()) % len(wanted)]]
        metafunc.parametrize("engine_name", wanted, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long unless it was asked for; whatever opens a browser needs one, said or not."""
    if os.environ.get("AT_LENGTH", "") != "1" and (
        long := [one for one in items if one.get_closest_marker("at_length")]
    ):
        config.hook.pytest_deselected(items=long)
        items[:] = [one for one in items if one not in long]
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("needs_chromium")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    in_ci = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    reason = str(report.longrepr)
    marked = next((name for name in NOT_TO_BE_SKIPPED_IN_CI if item.get_closest_marker(name)), None)
    if not marked and servers.NO_SERVER in reason:
        marked = "needs_postgresql"
    # A test that skips for a reason of its own (root may write anywhere) says so with these words.
    by_design = "by design: " in reason
    if in_ci and marked and report.skipped and not by_design and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{marked}: in CI this may not be skipped. {reason}"
    return report


# --- the database ---


@pytest.fixture(scope="session")
def engine_name() -> str:
    """The engine of this test; `pytest_generate_tests` gives each in turn where there are two."""
    return engines()[0]


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    workerinput = getattr(request.config, "workerinput", {"workerid": "main"})
    return f"{workerinput['workerid']}_{os.getpid()}"


@pytest.fixture(scope="session")
def new_database(
    request: pytest.FixtureRequest, worker_name: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Database]]:
    """Makes an empty database on an engine, without tables; all of them are closed at the end."""
    made: list[Database] = []

    def make(engine: str) -> Database:
        name = f"counterpart_{worker_name}_{len(made)}"
        if engine == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('database')}/{name}.sqlite"
        else:
            url = servers.new_database(server_address(request.config), name)
        made.append(Database(url))
        return made[-1]

    yield make
    for database in made:
        database.close()


def server_address(config: pytest.Config) -> str:
    """Where the PostgreSQL server of this run is; a test that asks for it is skipped where there is none."""
    if servers.SERVER_ADDRESS not in os.environ:
        try:
            config.stash[SERVER] = servers.start_postgresql()
            os.environ[servers.SERVER_ADDRESS] = config.stash[SERVER].conninfo
        except servers.NoServer as error:
            os.environ[servers.SERVER_ADDRESS] = f"none: {error}"
    address = os.environ[servers.SERVER_ADDRESS]
    if address.startswith("none: "):
        pytest.skip(address.removeprefix("none: "))
    return address


@pytest.fixture(scope="session")
def with_tables(new_database: Callable[[str], Database]) -> Callable[[str], Database]:
    """The database of an engine with the tables that the migrations make, once per process."""
    ready: dict[str, Database] = {}

    def get(engine: str) -> Database:
        if engine not in ready:
            ready[engine] = new_database(engine)
            migrate.upgrade(ready[engine])
        return ready[engine]

    return get


@pytest.fixture
def database(engine_name: str, with_tables: Callable[[str], Database]) -> Iterator[RolledBackDatabase]:
    """A database in which nothing stays: all of a test, and of the site it uses, is one transaction rolled back."""
    whole = with_tables(engine_name)
    with whole.engine.connect() as connection:
        outer = connection.begin()
        try:
            yield RolledBackDatabase(whole.url, connection)
        finally:
            if outer.is_active:
                outer.rollback()


@pytest.fixture
def tx(database: RolledBackDatabase) -> Iterator[Tx]:
    """An open transaction for the test itself; a client's requests see what it has written, and it sees theirs."""
    with database.open(writing=True) as tx:
        database.tests_own = tx
        yield tx
        database.tests_own = None


# --- the hour, the records, the people ---


@pytest.fixture
def now() -> datetime:
    """Monday 23 November 2026, nine o'clock UTC."""
    return MORNING


@pytest.fixture
def clock(now: datetime) -> MovableClock:
    """The site's clock: `clock.move(days=3)` lets time pass for the requests that follow."""
    return MovableClock(now)


@pytest.fixture
def world(tx: Tx, now: datetime) -> World:
    """Makes organisations, people and records with believable values."""
    return World(tx, now)


# --- the site ---


@pytest.fixture
def settings(tmp_path: Path, now: datetime, database: RolledBackDatabase) -> Settings:
    """The settings of the site under test: folders of its own, a fixed hour, no demonstration."""
    return Settings(
        data_dir=tmp_path / "data",
        host="127.0.0.1",
        port=5000,
        secret_key=SECRET_KEY,
        database_url=database.url,
        search_dir=tmp_path / "index",
        public_url="http://localhost:5000",
        smtp_url=None,
        fixed_now=now,
        shared_dir=tmp_path / "shared",
        production=False,
        demonstration=False,
        rate_limits=False,
    )


@pytest.fixture(scope="session")
def compiled_templates() -> quick.CompiledTemplates:
    """Compiled templates that outlive the site of one test."""
    return quick.CompiledTemplates()


@pytest.fixture
def app(
    settings: Settings, database: RolledBackDatabase, clock: MovableClock, compiled_templates: quick.CompiledTemplates
) -> Flask:
    """The whole site on the test's own database and clock."""
    from app import create_app

    site = create_app(settings, database)
    site.extensions["counterpart"].clock = clock
    site.jinja_env.bytecode_cache = compiled_templates
    site.test_client_class = CheckingClient
    return site


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Switch pytest-flask's own off: it keeps one request open through a test, so two clients share one `g` and the

    second is signed in as the first. tests/foundation/test_clients.py proves that ours are two people.
    """


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser with cookies of its own that checks every page; `post` adds the form token by itself."""
    return app.test_client()


@pytest.fixture
def new_client(app: Flask) -> Callable[[], FlaskClient]:
    """Makes further browsers, for tests with two people in them."""
    return app.test_client


@pytest.fixture
def sign_in() -> Callable[..., object]:
    """Signs a person in through the form, as people do: `sign_in(client, account)`."""
    return sign_in_with
