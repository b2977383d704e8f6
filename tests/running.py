"""A whole site as `make run` makes it, on a free port: web, worker, demonstration data, and a real browser beside it.

The demonstration is loaded once for all processes of a run; each process takes a copy and runs a site of its own on
it, so that what one journey writes stands in nobody else's way. Site and browser live until the process ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyotp
import pytest

from app.config import Settings
from app.foundation import outbox
from app.foundation.db import Database
from tests.house import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE_MS = 15_000

SITE = pytest.StashKey["RunningSite"]()
BROWSER = pytest.StashKey["Browser"]()

Window = Callable[..., "Page"]


@dataclass
class RunningSite:
    """The address of the site, its environment, the demonstration's sign-ins, and the folder with its data."""

    address: str
    environment: dict[str, str]
    accounts: list[dict[str, Any]]
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def account(self, kind: str, country: str | None = None, role: str | None = None) -> dict[str, Any]:
        """A demonstration account of that kind."""
        return next(
            a
            for a in self.accounts
            if a["kind"] == kind and country in {None, a["country"]} and role in {None, a["role"]}
        )

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the site's terminal."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip

    def must(self, *words: str) -> None:
        """Run a command of the site's terminal that has to succeed."""
        outcome = self.command(*words)
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr

    def wait_idle(self) -> None:
        """Until the worker has nothing left to do; what the command of that name does, without starting a program."""
        database = Database(Settings.from_environment(self.environment).database_url)
        try:
            wait_until(lambda: not self._waiting(database), 60)
        finally:
            database.close()

    def _waiting(self, database: Database) -> int:
        with database.reading() as tx:
            assert not outbox.count_given_up(tx), (self.folder / "said.txt").read_text()
            return outbox.count_waiting(tx)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a process of the site; what it says is in `said.txt` of its folder."""
        with (self.folder / "said.txt").open("a") as out:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=out, stderr=out)
        self.processes.append(process)
        return process

    def stop(self) -> None:
        """End what was started, and fail where it does not end in order."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(30) for process in self.processes]
        self.processes.clear()
        assert not any(codes), (codes, (self.folder / "said.txt").read_text())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def site_in(folder: Path, port: int | None = None) -> RunningSite:
    """A site whose data are in this folder, not yet running."""
    address = f"http://localhost:{port or free_port()}"
    environment = {
        **os.environ,
        "COUNTERPART_DATA_DIR": str(folder),
        "SEARCH_DIR": str(folder / "index"),
        "PORT": address.rpartition(":")[2],
        "PUBLIC_URL": address,
        "COUNTERPART_RATE_LIMITS": "0",
    }
    for name in ("DATABASE_URL", "COUNTERPART_NOW", "SMTP_URL"):
        environment.pop(name, None)
    accounts = folder / "demo-accounts.json"
    return RunningSite(address, environment, json.loads(accounts.read_text()) if accounts.exists() else [], folder)


# --- the demonstration, loaded once ---


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Only one process of the run at a time."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def demonstration(common: Path) -> Path:
    """The demonstration's own data, indexed and matched, in a folder that all processes of the run know.

    TEST_DEMONSTRATION names a folder in which several runs share it.
    """
    place = Path(os.environ.get("TEST_DEMONSTRATION") or common)
    folder = place / "demonstration"
    with only_one(place / "demonstration.lock"):
        if not (folder / "whole").exists():
            folder.mkdir(exist_ok=True)
            load_demonstration(site_in(folder))
            (folder / "whole").touch()
    return folder


def load_demonstration(site: RunningSite) -> None:
    for words in (["migrate"], ["seed", "--no-shared"], ["reindex"]):
        site.must(*words)
    site.start(sys.executable, "-m", "flask", "--app", "app", "worker")
    try:
        site.must("wait-idle", "--timeout", "150")
    finally:
        site.stop()


def copy_of_demonstration(common: Path) -> Path:
    """A copy of it for one process alone."""
    folder = Path(tempfile.mkdtemp(prefix="site-", dir=common))
    shutil.copytree(demonstration(common), folder, dirs_exist_ok=True)
    return folder


def common_folder(config: pytest.Config, factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all processes of this run share."""
    own = factory.getbasetemp()
    return own.parent if hasattr(config, "workerinput") else own


# --- starting ---


def serve(site: RunningSite) -> RunningSite:
    """Start web and worker, and wait until the site says that it is ready."""
    said = site.folder / "said.txt"
    said.write_text("")
    process = site.start(sys.executable, "-m", "app.serve")
    try:
        wait_for_line(said, "ready ", process)
    except AssertionError:
        # Nothing of a site that does not come up is left running.
        process.terminate()
        process.wait(30)
        raise
    return site


def wait_for_line(file: Path, beginning: str, process: subprocess.Popen[bytes]) -> None:
    """Until a line of the file begins so; a minute and a half at most, where the machine is busy."""
    for _tenth in range(900):
        if any(line.startswith(beginning) for line in file.read_text().splitlines()):
            return
        assert process.poll() is None, file.read_text()
        time.sleep(0.1)
    raise AssertionError(file.read_text())


def start_chromium() -> tuple[Browser, Callable[[], None]]:
    """Chromium without a screen, and what ends it."""
    from playwright.sync_api import sync_playwright

    started = sync_playwright().start()
    chromium = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

    def end() -> None:
        chromium.close()
        started.stop()

    return chromium, end


# --- fixtures; the folders that use them import them into their conftest.py ---


@pytest.fixture(scope="session")
def common(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all processes of this run share."""
    return common_folder(request.config, tmp_path_factory)


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest, common: Path) -> RunningSite:
    """The site, filled with the demonstration's own data and running until the process ends."""
    config = request.config
    if SITE not in config.stash:
        config.stash[SITE] = site = serve(site_in(copy_of_demonstration(common)))
        config.add_cleanup(site.stop)
    return config.stash[SITE]


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Browser:
    """Chromium without a screen."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}; set CHROMIUM_PATH")
    config = request.config
    if BROWSER not in config.stash:
        config.stash[BROWSER], end = start_chromium()
        config.add_cleanup(end)
    return config.stash[BROWSER]


@pytest.fixture
def somebody(running: RunningSite, browser: Browser) -> Iterator[Window]:
    """Open a browser window as a demonstration account, or as nobody."""
    contexts = []

    def open_window(account: dict[str, Any] | None = None, **options: Any) -> Page:
        context = browser.new_context(base_url=running.address, **{"locale": "en", **options})
        contexts.append(context)
        context.add_cookies([{"name": "language", "value": "en", "url": running.address}])
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        if account:
            sign_in(page, account)
        return page

    yield open_window
    for context in contexts:
        context.close()


def sign_in(page: Page, account: dict[str, Any]) -> None:
    """Through the form, as people do, in whatever language the page is."""
    page.goto("/sign-in")
    page.locator("main [name=email]").fill(account["email"])
    page.locator("main [name=password]").fill(account["password"])
    page.locator("main form[action='/sign-in'] button[type=submit]").click()
    if account.get("totp_secret"):
        page.locator("main [name=code]").fill(pyotp.TOTP(account["totp_secret"]).now())
        page.locator("main form[action='/sign-in/second-step'] button[type=submit]").click()
    # The worker of a site that has just begun may hold the database for a while.
    page.wait_for_url("**/desk", timeout=90_000)
