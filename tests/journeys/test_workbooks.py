"""A spreadsheet out, edited as a person would, in again with a conflict and with an error on row 17."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]


def columns(sheet: Any) -> dict[str, int]:
    """The column of each field, by the hidden row of codes."""
    return {str(cell.value): cell.column for cell in sheet[2]}


def amend(page: Page, ref: str, title: str) -> None:
    """A colleague changes the title on the page meanwhile."""
    page.goto(f"/needs/{ref}/amend")
    page.get_by_label("Title", exact=True).first.fill(title)
    page.get_by_role("button", name=re.compile("Post the new version|Save|Post")).last.click()
    page.wait_for_url(f"**/needs/{ref}")


def test_a_spreadsheet_goes_out_and_comes_back_with_a_conflict_and_an_error(
    running: RunningSite, somebody: Callable[..., Page], tmp_path: Any
) -> None:
    account = running.account("state", "SN", "focal_point")
    page = somebody(account, accept_downloads=True)
    page.goto("/desk")
    page.get_by_role("link", name="Work offline").click()
    page.get_by_role("link", name="Needs", exact=True).last.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Workbook (XLSX)").click()
    path = tmp_path / "needs.xlsx"
    download.value.save_as(path)

    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    at = columns(sheet)
    ref, before = sheet.cell(3, 2).value, sheet.cell(3, at["title"]).value
    sheet.cell(3, at["title"]).value = "What I wrote on the train"
    sheet.cell(17, at["title"]).value = "Radios for the coast guard"
    sheet.cell(17, at["problem"]).value = "Boats cannot call for help."
    sheet.cell(17, at["lines-0-kind"]).value = "Equipment"
    sheet.cell(17, at["lines-0-quantity"]).value = "many"
    book.save(path)
    amend(page, ref, "What a colleague wrote at the desk")

    page.goto("/workbooks/needs")
    page.locator("main input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Look at the rows").click()
    page.wait_for_url(re.compile(r"/workbooks/needs/[\w-]+$"))
    main = page.get_by_role("main")
    assert main.get_by_text("Row 17, column “Line 1: How many”: Type a number").is_visible()
    conflict = main.locator("section[data-state=conflict]")
    for text in (before, "What a colleague wrote at the desk", "What I wrote on the train"):
        assert conflict.get_by_text(text).first.is_visible()
    conflict.get_by_label("Mine").check()
    main.get_by_role("button", name="Save this row").click()
    assert page.get_by_text("One row is saved.").is_visible()
    assert page.get_by_role("main").get_by_text("Row 17, column").first.is_visible()
    page.goto(f"/needs/{ref}")
    assert page.get_by_role("heading", level=1).inner_text().startswith("What I wrote on the train")
