"""Finding: without accents and in another language, by prefixes, where nothing is found, and again next week."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow, pytest.mark.one_engine]


def hits(page: Page) -> list[str]:
    """The titles that are shown."""
    return page.locator("#results .card__title").all_inner_texts()


def type_in(page: Page, words: str) -> None:
    """Put words into the box and press Enter."""
    box = page.get_by_role("searchbox", name="Search everything")
    box.fill(words)
    box.press("Enter")
    page.wait_for_load_state()


def test_portuguese_without_accents_finds(running: RunningSite, somebody: Callable[..., Page]) -> None:
    page = somebody()
    page.goto("/search")
    type_in(page, "introdução ao controlo de precursores")
    clean = hits(page)
    assert "Introdução ao controlo de precursores" in clean
    type_in(page, "introducao ao controlo de precursores")
    assert hits(page) == clean
    type_in(page, "introducao ao controlo de precursorres")
    assert clean[0] in hits(page)
    notice = page.locator("#results .notice")
    assert "precursores" in notice.inner_text()
    notice.get_by_role("link", name="precursores").click()
    assert hits(page) == clean


def test_prefixes_become_tags_and_a_wrong_one_is_said(running: RunningSite, somebody: Callable[..., Page]) -> None:
    page = somebody()
    page.goto("/search")
    type_in(page, "country:Senegal type:need juges")
    tags = page.locator(".filters-on .chip")
    assert tags.count() == 2
    assert page.locator("#q").input_value() == "juges"
    assert page.locator("#filters input[name=country][value=SN]").is_checked()
    narrow = len(hits(page))
    tags.filter(has_text="Senegal").click()
    page.wait_for_load_state()
    assert len(hits(page)) >= narrow
    type_in(page, "country:Wakanda judges")
    assert "No country is called “Wakanda”" in page.locator("#results").inner_text()
    page.get_by_role("link", name="Rwanda").click()
    page.wait_for_load_state()
    assert "Rwanda" in page.locator(".filters-on").inner_text()


def test_where_nothing_is_found_the_page_helps_further(running: RunningSite, somebody: Callable[..., Page]) -> None:
    page = somebody(running.account("state", "SN", "editor"))
    page.goto("/search?q=precurseurs&theme=prisons&country=CV")
    assert page.get_by_role("heading", name="Nothing was found").is_visible()
    assert page.get_by_role("main").get_by_role("link", name="Post a need").is_visible()
    lighter = page.locator("li", has=page.get_by_role("link", name="Without “Prisons”"))
    promised = re.search(r"(\d+) record", lighter.inner_text())
    assert promised is not None
    lighter.get_by_role("link").click()
    page.wait_for_load_state()
    assert page.locator("[data-results-count] strong").inner_text() == promised[1]


def test_a_search_is_followed_and_found_again(running: RunningSite, somebody: Callable[..., Page]) -> None:
    page = somebody(running.account("donor", "FR"))
    page.goto("/search?q=interpreters&type=need")
    page.locator("#follow > summary").click()
    page.locator("dialog[open] #follow-name").fill("Interpreters wanted")
    page.locator("dialog[open] button[type=submit]").click()
    page.wait_for_load_state()
    assert "You follow this search as “Interpreters wanted”" in page.get_by_role("main").inner_text()
    page.goto("/searches")
    page.get_by_role("link", name="Interpreters wanted", exact=True).click()
    page.wait_for_load_state()
    assert page.locator("#q").input_value() == "interpreters"
    page.goto("/search")
    assert (
        page.get_by_role("navigation", name="Your last searches").get_by_role("link", name="interpreters").is_visible()
    )


def test_from_hit_to_hit_with_the_keyboard(running: RunningSite, somebody: Callable[..., Page]) -> None:
    page = somebody()
    page.goto("/search?q=judges")
    focused = "document.activeElement.textContent"
    titles = hits(page)
    for key, wanted in [("j", 0), ("j", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("k", 0)]:
        page.keyboard.press(key)
        assert page.evaluate(focused) == titles[wanted], key
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == titles[0]
    page.keyboard.press("/")
    page.keyboard.type("jk")
    assert page.locator("#q").input_value() == "jk"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.get_by_role("heading", level=1).inner_text() == titles[0]
