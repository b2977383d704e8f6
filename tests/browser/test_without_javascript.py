"""Every page does its job with JavaScript switched off: sign in, post, search, filter, pledge, amend."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.filling import fill_line, fill_need

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.one_engine]

TITLE = "Interpreters for drug trials in Kolda and Ziguinchor"
A_NEED = re.compile(r"/needs/N-\w{4}-\w{4}$")


@pytest.fixture
def plain(somebody: Callable[..., Page]) -> Callable[..., Page]:
    """Open a window in which no script runs."""
    return lambda account=None: somebody(account, java_script_enabled=False)


def press(page: Page, name: str) -> None:
    """Press the button that begins with these words."""
    page.get_by_role("main").get_by_role("button", name=re.compile(f"^{name}")).last.click()
    page.wait_for_load_state()


def test_scripts_are_off(plain: Callable[..., Page]) -> None:
    page = plain()
    page.goto("/")
    assert "js" not in (page.locator("html").get_attribute("class") or "").split()


def test_signing_in(running: RunningSite, plain: Callable[..., Page]) -> None:
    page = plain(running.account("donor", "FR"))
    assert page.url.endswith("/desk")
    page.locator("header details.account-menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert page.get_by_role("link", name="Sign in").first.is_visible()


def test_searching(plain: Callable[..., Page]) -> None:
    page = plain()
    page.goto("/")
    page.locator("main input[name=q]").first.fill("laboratoire")
    page.locator("main input[name=q]").first.press("Enter")
    page.wait_for_url(re.compile("q=laboratoire"))
    assert page.locator("main article").count() > 0


def test_filtering_a_list(plain: Callable[..., Page]) -> None:
    page = plain()
    page.goto("/needs")
    every = shown(page)
    facet = page.locator("#filters input[name=theme]").first
    if not facet.is_visible():
        page.locator("details.facets > summary").click()
    theme = facet.get_attribute("value")
    facet.check()
    press(page, "Apply filters")
    assert f"theme={theme}" in page.url
    assert 0 < shown(page) < every
    page.get_by_role("link", name="Clear all").click()
    page.wait_for_load_state()
    assert shown(page) == every


def shown(page: Page) -> int:
    """How many records the list says that it has."""
    found = re.search(r"\d+", page.locator(".results-count").inner_text())
    assert found
    return int(found.group())


def test_posting_pledging_and_amending(running: RunningSite, plain: Callable[..., Page]) -> None:
    official = plain(running.account("state", "SN", "editor"))
    fill_need(official, TITLE)
    press(official, "Add a line")
    assert official.locator("main [name=title]").input_value() == TITLE, "what was typed is kept"
    assert official.locator("main [name=lines-0-quantity]").input_value() == "40"
    fill_line(official, 1, "equipment", "6", "sets", "Sets of interpreting equipment for court rooms")
    press(official, "Post this need")
    official.wait_for_url(A_NEED)
    need = official.url
    lines = official.get_by_role("main").inner_text()
    assert "Two-week course" in lines
    assert "Sets of interpreting equipment" in lines

    donor = plain(running.account("donor", "FR"))
    donor.goto(f"{need}/pledge")
    donor.locator("main input[name$=quantity]").first.fill("25")
    press(donor, "Make this pledge")
    donor.wait_for_url(re.compile(r"/pledges/G-"))
    assert "25" in donor.get_by_role("main").inner_text()

    official.goto(f"{need}/amend")
    official.locator("main [name=title]").fill(f"{TITLE}, amended")
    press(official, "Post the new version")
    official.wait_for_url(A_NEED)
    assert official.get_by_role("heading", level=1).inner_text() == f"{TITLE}, amended"


def test_errors_are_told_and_nothing_is_lost(running: RunningSite, plain: Callable[..., Page]) -> None:
    page = plain(running.account("state", "SN", "editor"))
    page.goto("/needs/new")
    page.locator("main [name=title]").fill(TITLE)
    press(page, "Post this need")
    summary = page.locator("[data-error-summary]")
    assert summary.is_visible()
    assert page.locator("main [name=title]").input_value() == TITLE
    summary.get_by_role("link").first.click()
    assert "#" in page.url, "a fault leads to its field"
