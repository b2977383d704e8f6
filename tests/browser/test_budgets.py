"""What the main pages weigh: a first visit of 60 KB in six requests, and 15 KB for a page later on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.wire import Counter

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.one_engine]

FIRST_BYTES, FIRST_REQUESTS, LATER_BYTES = 60 * 1024, 6, 15 * 1024
# The pages that the budget names, for an official who has signed in; the last part of the address is looked up.
LATER = ("/needs", "/programmes", "/courses", "/lessons", "a need", "/needs/new", "/desk", "/search?q=judges training",
         "/searches", "/overview/radar")  # fmt: skip


def visit(page: Page, counter: Counter, address: str) -> dict[str, int]:
    """Open a page and wait until it has fetched what it wants."""
    counter.start_again()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return counter.sent()


def row(name: str, sent: dict[str, int]) -> str:
    return f"{name:24} {len(sent):3} requests {sum(sent.values()) / 1024:7.1f} KB"


def a_need(page: Page) -> str:
    """The address of the first need of the list."""
    return str(page.locator("#results a[href^='/needs/N-']").first.get_attribute("href"))


@pytest.fixture
def official(running: RunningSite) -> dict[str, Any]:
    return running.account("state", "CV", "focal_point")


def test_a_first_visit_is_light(running: RunningSite, browser: Browser) -> None:
    context = browser.new_context(base_url=running.address, locale="fr")
    page = context.new_page()
    sent = visit(page, Counter.of(page), "/")
    context.close()
    print("\n" + row("home, first visit", sent))
    print("".join(f"  {size:7} {address}\n" for address, size in sorted(sent.items(), key=lambda pair: -pair[1])))
    assert sent, "nothing was counted"
    assert len(sent) <= FIRST_REQUESTS, sent
    assert sum(sent.values()) <= FIRST_BYTES, sent


@pytest.mark.parametrize("language", ["en", "fr"])
def test_later_pages_are_light(
    running: RunningSite, somebody: Callable[..., Page], official: dict[str, Any], language: str
) -> None:
    page = somebody(official)
    page.context.add_cookies([{"name": "language", "value": language, "url": running.address}])
    counter = Counter.of(page)
    for address in ("/", "/needs/new", "/needs"):
        visit(page, counter, address)
    addresses = {name: a_need(page) if name == "a need" else name for name in LATER}
    heavy = []
    for name, address in addresses.items():
        sent = visit(page, counter, address)
        print(("\n" if name == LATER[0] else "") + row(name, sent))
        assert sent, f"{name}: nothing was counted"
        if sum(sent.values()) > LATER_BYTES:
            heavy.append(row(name, sent) + f" {sent}")
    assert not heavy, "more than a later page may weigh:\n" + "\n".join(heavy)
