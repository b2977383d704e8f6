"""`make demo-cluster`: the site on several hosts, and a person at a browser while a host dies, and then the database.

Needs root (network namespaces), Debian's PostgreSQL, nginx and Chromium. With --stay it goes on until Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cluster.site import NAME, Site, nginx, site_on_hosts
from tests.filling import fill_need
from tests.running import CHROMIUM, FLAGS
from tests.servers import DEBIAN

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

PATIENCE_MS = 60_000
LETTER = "The court of the port asks for interpreters.\n" * 2000
NEED = "Crime-scene training for the customs of the port"


@dataclass
class Walk:
    """What a person does, one step after the other, and how long each took."""

    page: Page
    site: Site
    folder: Path
    steps: list[tuple[str, float, int]] = field(default_factory=list)

    def step(self, what: str, act: Callable[[], Response | None]) -> None:
        """Do it, and note how long it took and what was answered; an answer of an error is a failure."""
        began = time.monotonic()
        answer = act()
        took = time.monotonic() - began
        status = answer.status if answer else 200
        self.steps.append((what, took, status))
        print(f"  {took:6.2f} s  {status}  {what}", flush=True)
        if status >= 400 or "went wrong" in self.page.title():
            self.page.screenshot(path=self.folder / "failure.png")
            raise SystemExit(f"{what}: {status} {self.page.title()}")

    def open(self, path: str) -> None:
        """Look at a page."""
        self.step(f"opens {path}", lambda: self.page.goto(f"{self.site.address}{path}"))

    def picture(self, name: str) -> None:
        """Keep what is seen."""
        self.page.screenshot(path=self.folder / f"{name}.png", full_page=False)


def sign_in(walk: Walk) -> None:
    """As an official of a State who needs no second step."""
    account = next(a for a in walk.site.accounts if a["kind"] == "state" and not a["totp_secret"])
    walk.open("/sign-in")
    walk.page.locator("[name=email]").fill(account["email"])
    walk.page.locator("[name=password]").fill(account["password"])
    walk.step("signs in", lambda: submit(walk.page, "main form[action='/sign-in'] button[type=submit]"))


def submit(page: Page, button: str) -> Response | None:
    """Press a button and wait for the page that comes of it."""
    with page.expect_navigation() as coming:
        page.locator(button).click()
    return coming.value


def walk_through(walk: Walk) -> None:
    """Pages while all is well, while a host dies, and while the database does."""
    sign_in(walk)
    for path in ("/desk", "/needs", "/search?q=training", "/overview"):
        walk.open(path)
    letter = post_with_letter(walk)
    fill_need(walk.page, NEED)
    print("\nThe first web host dies, with its worker, while a form is filled in.", flush=True)
    walk.site.hosts["web1"].kill()
    forget_copies(walk.site)
    walk.step("posts the need", lambda: submit(walk.page, "main button:has-text('Post this need')"))
    posted = walk.page.url
    walk.picture("after-the-host")
    for path in ("/desk", "/needs", "/search?q=training", "/overview", "/programmes"):
        walk.open(path)
    fetch(walk, letter)
    found = wait_for_search(walk)
    print(f"  {found:6.2f} s       until the need is found by search, by the worker that is left", flush=True)
    print("\nThe primary dies; the standby is promoted.", flush=True)
    walk.site.hosts["db1"].kill()
    walk.site.standby.ask("ALTER SYSTEM RESET synchronous_standby_names")
    walk.site.standby.promote()
    for path in ("/desk", posted.removeprefix(walk.site.address), "/needs", "/search?q=crime-scene"):
        walk.open(path)
    forget_copies(walk.site)
    fetch(walk, letter)
    walk.picture("after-the-database")


def post_with_letter(walk: Walk) -> str:
    """Post a need with a letter attached; the address of the letter."""
    fill_need(walk.page, "Interpreters for the courts of the port")
    file = {"name": "letter.txt", "mimeType": "text/plain", "buffer": LETTER.encode()}
    walk.page.locator("main input[type=file][name=files]").set_input_files([file])
    walk.step("posts a need with a letter", lambda: submit(walk.page, "main button:has-text('Post this need')"))
    return walk.page.get_by_role("link", name="letter.txt").get_attribute("href") or ""


def fetch(walk: Walk, letter: str) -> None:
    """Fetch the letter, from whichever host is left; it has to be the one that was sent."""
    began = time.monotonic()
    asks = "async path => { const answer = await fetch(path); return [answer.status, await answer.text()]; }"
    status, text = walk.page.evaluate(asks, letter)
    walk.steps.append(("fetches the letter", time.monotonic() - began, status))
    print(f"  {time.monotonic() - began:6.2f} s  {status}  fetches the letter", flush=True)
    if text != LETTER:
        raise SystemExit("the letter is not the one that was sent")


def forget_copies(site: Site) -> None:
    """Take every copy of a file off the disk of the host that is left: what is fetched now comes from the database."""
    shutil.rmtree(site.folder / "web2" / "data" / "files", ignore_errors=True)


def wait_for_search(walk: Walk) -> float:
    """Seconds until what was posted is found."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        walk.page.goto(f"{walk.site.address}/search?q=%22{NEED.replace(' ', '+')}%22")
        if walk.page.get_by_role("link", name=NEED).count():
            return time.monotonic() - began
        time.sleep(0.3)
    raise SystemExit("the need is not found by search")


@contextmanager
def browser_of(site: Site, folder: Path) -> Iterator[Page]:
    """Chromium on a host of its own, which knows the site by its name."""
    from playwright.sync_api import sync_playwright

    starter = folder / "chromium.sh"
    starter.write_text(f'#!/bin/sh\nexec {" ".join(site.hosts["person"].entry)} {CHROMIUM} "$@"\n', encoding="utf-8")
    starter.chmod(starter.stat().st_mode | stat.S_IXUSR)
    flags = [*FLAGS, f"--host-resolver-rules=MAP {NAME} {site.front}", "--ignore-certificate-errors"]
    with sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=starter, args=flags)
        context = chromium.new_context(base_url=site.address, ignore_https_errors=True, locale="en-GB")
        context.add_cookies([{"name": "__Host-language", "value": "en", "url": site.address, "secure": True}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        yield page
        chromium.close()


def what_is_missing() -> str:
    """A sentence on what this machine lacks for it, or nothing."""
    lacks = [
        name
        for name, is_there in (
            ("root", os.geteuid() == 0), ("ip (iproute2)", shutil.which("ip")), ("nginx", nginx()),
            ("openssl", shutil.which("openssl")), ("Debian's postgresql", [*DEBIAN.glob("*/bin")]),
            ("Chromium", Path(CHROMIUM).exists()),
        )
        if not is_there
    ]  # fmt: skip
    return f"This needs {', '.join(lacks)}, which is not here." if lacks else ""


def main() -> int:
    """0 where the person got every page; 2 where it cannot be shown here."""
    parser = argparse.ArgumentParser(description="The site on several hosts, one of which dies.")
    parser.add_argument("--stay", action="store_true", help="go on until Ctrl-C, with a host to look at it from")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of what was seen")
    asked = parser.parse_args()
    if missing := what_is_missing():
        print(missing, file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    folder.chmod(0o755)
    pictures = asked.pictures or folder
    pictures.mkdir(parents=True, exist_ok=True)
    try:
        with site_on_hosts(folder, lambda what: print(f"starting: {what}", flush=True)) as site:
            if asked.stay:
                stay(site)
                return 0
            with browser_of(site, folder) as page:
                walk = Walk(page, site, pictures)
                walk_through(walk)
            report(walk)
            site.command("audit", "verify")
            print("The record of events verifies on the promoted standby.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def report(walk: Walk) -> None:
    """What the person noticed."""
    times = sorted(took for _what, took, _status in walk.steps)
    slowest = max(walk.steps, key=lambda step: step[1])
    median = times[len(times) // 2]
    print(f"\n{len(times)} steps, none failed; median {median:.2f} s, slowest {slowest[1]:.2f} s ({slowest[0]})")


def stay(site: Site) -> None:
    """Go on until Ctrl-C."""
    entry = " ".join(site.hosts["person"].entry)
    print(f"ready {site.address} (at {site.front}); a shell on a host beside it: {entry} bash")
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        print("ending")


if __name__ == "__main__":
    sys.exit(main())
