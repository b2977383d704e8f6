"""Without a mouse: from the home page to a need that is published, signing in on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.filling import PROBLEM
from tests.journeys.keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow, pytest.mark.one_engine]

TITLE = "A tide gauge for the harbour police of Tarrafal"


def test_a_need_is_posted_with_the_keyboard_alone(running: RunningSite, somebody: Callable[..., Page]) -> None:
    account = running.account("state", "CV", "editor")
    page = somebody()
    keys = Keyboard(page)
    page.goto("/")
    keys.press("Tab")
    first = keys.where(".skip")
    assert first["isWanted"], "the first stop leads past the header"
    assert first["isShown"]

    keys.follow("=Sign in")
    keys.go_to("[name=email]")
    keys.type(account["email"])
    keys.go_to("[name=password]")
    keys.type(account["password"])
    with page.expect_navigation(url="**/desk"):
        keys.press("Enter")

    keys.follow("=Post a need")
    keys.go_to("[name=title]")
    keys.type(TITLE)
    keys.go_to("input[name=themes][value=maritime_interdiction]")
    keys.press("Space")
    assert page.locator("main input[name=themes][value=maritime_interdiction]").is_checked()
    keys.go_to("[name=problem]")
    keys.type(PROBLEM)
    keys.choose("select[name=lines-0-kind], #lines-0-kind", "Training")
    keys.go_to("[name=lines-0-quantity]")
    keys.type("12")
    keys.choose("select[name=lines-0-unit], #lines-0-unit", unit_name(page, "officers"))
    keys.go_to("[name=lines-0-description]")
    keys.type("Two weeks on reading the gauge and on keeping its log")
    keys.go_to("[name=starts_on]")
    keys.type("2027-03-01")
    keys.go_to("[name=ends_on]")
    keys.type("2028-06-30")
    # Back and forth: what has been passed can be reached again.
    keys.go_to("[name=lines-0-quantity]", back=True)
    keys.type("14")
    keys.follow("=Post this need")

    page.wait_for_url(re.compile(r"/needs/N-\w{4}-\w{4}$"))
    assert page.get_by_role("heading", level=1).inner_text() == TITLE
    assert "14" in page.get_by_role("main").inner_text()


def unit_name(page: Page, code: str) -> str:
    """How the page names a unit."""
    return (page.locator(f"main [name=lines-0-unit] option[value={code}]").text_content() or "").strip()
