"""Links within a page: they move, and nothing that was typed is lost; the filters of a list go back as pages do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.running import RunningSite

TITLE = "Train twelve customs officers to profile containers"


@pytest.fixture
def fetched() -> list[str]:
    return []


@pytest.fixture
def official(running: RunningSite, somebody: Callable[..., Page], fetched: list[str]) -> Page:
    page = somebody(running.account("state", "CV", "focal_point"))
    page.on("request", lambda one: fetched.append(one.url) if one.resource_type == "document" else None)
    return page


def test_another_part_of_a_long_form_is_opened_and_the_words_stay(official: Page, fetched: list[str]) -> None:
    official.set_viewport_size({"width": 390, "height": 844})
    official.goto("/needs/new")
    official.fill("[name=title]", TITLE)
    del fetched[:]
    for part in ("problem", "lines", "what"):
        official.locator(f"[data-tasks] a[href='#section-{part}']").click()
        expect(official.locator(f"#section-{part} h2")).to_be_visible()
    expect(official.locator("[name=title]")).to_have_value(TITLE)
    official.go_back()
    official.go_forward()
    expect(official.locator("[name=title]")).to_have_value(TITLE)
    assert fetched == []


def test_the_link_that_skips_to_the_content_leaves_it_there(official: Page, fetched: list[str]) -> None:
    official.goto("/needs/new")
    official.fill("[name=title]", TITLE)
    del fetched[:]
    official.evaluate("document.querySelector('a[href=\"#main\"]').click()")
    expect(official.locator("[name=title]")).to_have_value(TITLE)
    assert fetched == []


def test_back_from_a_filter_is_the_list_before(official: Page) -> None:
    official.goto("/needs")
    before = official.locator("[data-results-count]").text_content()
    official.evaluate(
        "() => { const box = document.querySelector('form[data-auto-submit] input[type=checkbox]');"
        " box.checked = !box.checked; box.dispatchEvent(new Event('change', {bubbles: true})) }"
    )
    official.wait_for_url("**/needs?*")
    official.go_back()
    official.wait_for_url("**/needs")
    expect(official.locator("[data-results-count]")).to_have_text(str(before))
