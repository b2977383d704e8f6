"""The pages that speed is measured on, and how somebody comes to them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.running import RunningSite, copy_of_demonstration, serve, site_in, start_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MAIN_PAGES = ("home", "list", "need", "post", "desk")


def addresses(site: RunningSite, browser: Browser) -> dict[str, str]:
    """Where the main pages are; the need is the first of the list."""
    page = browser.new_page(base_url=site.address)
    page.goto("/needs")
    need = page.locator("#results a[href^='/needs/N-']").first.get_attribute("href") or ""
    page.close()
    return {"home": "/", "list": "/needs", "need": need, "post": "/needs/new", "desk": "/desk"}


@contextmanager
def own_site() -> Iterator[tuple[RunningSite, Browser]]:
    """A site and a browser for a program that is not a test."""
    with tempfile.TemporaryDirectory() as folder:
        site = serve(site_in(copy_of_demonstration(Path(folder))))
        browser, end = start_chromium()
        try:
            yield site, browser
        finally:
            end()
            site.stop()
