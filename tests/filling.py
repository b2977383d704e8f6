"""How a test fills in the forms of the site in a browser, whatever the site's scripts have made of a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROBLEM = (
    "In 2025, 46 of 120 drug trials were put off because nobody could interpret from Spanish or Portuguese. "
    "Judges, prosecutors and lawyers ask for training in hearing an accused person through an interpreter."
)


def choose(page: Page, name: str, value: str) -> None:
    """Choose in a select, or in the box with suggestions that a script puts in the place of a long one."""
    native = page.locator(f"main select[name='{name}']")
    if native.is_visible():
        native.select_option(value)
        return
    text = native.locator(f"option[value='{value}']").text_content() or ""
    box = native.locator("xpath=following-sibling::*[1]").get_by_role("combobox")
    box.fill(text.strip())
    box.press("Enter")


def fill_line(page: Page, number: int, kind: str, quantity: str, unit: str, description: str) -> None:
    """Fill in one line of a need; the first is 0."""
    choose(page, f"lines-{number}-kind", kind)
    page.locator(f"main [name=lines-{number}-quantity]").fill(quantity)
    choose(page, f"lines-{number}-unit", unit)
    page.locator(f"main [name=lines-{number}-description]").fill(description)


def fill_need(page: Page, title: str) -> None:
    """Open the form of a new need and fill in what has to be, with one line for forty judges."""
    page.goto("/needs/new")
    page.locator("main [name=title]").fill(title)
    page.locator("main [name=problem]").fill(PROBLEM)
    page.locator("main input[name=themes][value=judicial_process]").check()
    fill_line(page, 0, "training", "40", "judges", "Two-week course for judges and prosecutors")
    page.locator("main [name=starts_on]").fill("2027-03-01")
    page.locator("main [name=ends_on]").fill("2028-06-30")
