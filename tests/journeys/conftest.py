"""A whole site as `make run` makes it, on a free port: web, worker, demonstration data, and a real browser."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@dataclass
class RunningSite:
    """The address of the site, its environment, and the demonstration's sign-ins."""

    address: str
    environment: dict[str, str]
    accounts: list[dict[str, Any]]
    process: subprocess.Popen[bytes]

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

    def wait_idle(self) -> None:
        """Until the worker has nothing left to do."""
        outcome = self.command("wait-idle", "--timeout", "60")
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The site, filled with the demonstration's own data and running until the last journey has ended."""
    folder = tmp_path_factory.mktemp("site")
    port = free_port()
    environment = {
        **os.environ,
        "COUNTERPART_DATA_DIR": str(folder),
        "SEARCH_DIR": str(folder / "index"),
        "PORT": str(port),
        "PUBLIC_URL": f"http://localhost:{port}",
    }
    for name in ("DATABASE_URL", "COUNTERPART_NOW", "SMTP_URL"):
        environment.pop(name, None)
    site = RunningSite(f"http://localhost:{port}", environment, [], None)  # type: ignore[arg-type]
    for words in (["migrate"], ["seed", "--no-shared"], ["reindex"]):
        outcome = site.command(*words)
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    site.accounts = json.loads((folder / "demo-accounts.json").read_text())
    said = folder / "said.txt"
    with said.open("w") as out:
        site.process = subprocess.Popen([sys.executable, "-m", "app.serve"], cwd=ROOT, env=environment, stdout=out)
    try:
        wait_for_line(said, "ready ", site.process)
        site.wait_idle()
        yield site
    finally:
        site.process.send_signal(signal.SIGTERM)
        code = site.process.wait(30)
    assert code == 0


def wait_for_line(file: Path, beginning: str, process: subprocess.Popen[bytes]) -> None:
    """Until a line of the file begins so; half a minute at most."""
    for _tenth in range(300):
        if any(line.startswith(beginning) for line in file.read_text().splitlines()):
            return
        assert process.poll() is None, file.read_text()
        time.sleep(0.1)
    raise AssertionError(file.read_text())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a screen."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}; set CHROMIUM_PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def somebody(running: RunningSite, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a browser window as a demonstration account, or as nobody."""
    contexts = []

    def open_window(account: dict[str, Any] | None = None, **options: Any) -> Page:
        context = browser.new_context(base_url=running.address, locale="en", **options)
        contexts.append(context)
        context.add_cookies([{"name": "language", "value": "en", "url": running.address}])
        context.set_default_timeout(15_000)
        page = context.new_page()
        if account:
            page.goto("/sign-in")
            page.get_by_label("E-mail").fill(account["email"])
            page.get_by_label("Password").fill(account["password"])
            page.get_by_role("main").get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/desk")
        return page

    yield open_window
    for context in contexts:
        context.close()
