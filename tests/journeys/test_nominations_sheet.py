"""Five people by a spreadsheet: the template is filled in, one cell is mended in the page, and all are put forward."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]

PEOPLE = [
    ("Ana Lopes", "ana.lopes@justice.example", "Judge", "", "Female", "Português"),
    ("Binta Sarr", "binta.sarr.justice.example", "Prosecutor", "", "Female", "Français"),
    ("=cmd|' /C calc'!A0", "eva@justice.example", "", "", "", ""),
    ("Moussa Diop", "moussa.diop@justice.example", "Clerk", "Court of Thiès", "Male", "Français"),
    ("Zoé Faye", "zoe.faye@justice.example", "", "", "", ""),
]


def open_session(page: Page) -> str:
    """The address of a session for which one can still nominate."""
    page.goto("/courses?dates=with")
    courses = page.locator("article.card h2 a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    for course in courses:
        page.goto(course)
        sessions = page.locator("main a[href*='/sessions/S-']").evaluate_all("l => l.map(a => a.getAttribute('href'))")
        for session in dict.fromkeys(one.partition("#")[0] for one in sessions):
            page.goto(session)
            if page.get_by_role("link", name="Nominate somebody").count():
                return re.sub(r"(/sessions/S-[\w-]+).*", r"\1", session)
    raise AssertionError("the demonstration has no session that is open")


def filled_in(template: Path) -> Path:
    """The template as somebody fills it in."""
    book = openpyxl.load_workbook(template)
    for number, person in enumerate(PEOPLE, start=3):
        for place, text in enumerate(person, start=1):
            cell = book.worksheets[0].cell(number, place, text)
            cell.data_type = "s"
    book.save(template)
    return template


def test_five_people_are_put_forward_by_a_sheet(
    running: RunningSite, somebody: Callable[..., Page], tmp_path: Any
) -> None:
    page = somebody(running.account("state", "SN", "focal_point"), accept_downloads=True)
    session = open_session(page)
    page.goto(f"{session}/nominations")
    page.get_by_role("link", name="Nominate by a spreadsheet").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Template as XLSX").click()
    download.value.save_as(tmp_path / "candidates.xlsx")
    page.locator("main input[type=file]").set_input_files(filled_in(tmp_path / "candidates.xlsx"))
    page.get_by_role("button", name="Look at the rows").click()
    page.wait_for_url("**/sheet/rows?**")
    main = page.get_by_role("main")
    assert main.get_by_role("button", name="Put 4 candidates forward").is_visible()
    main.get_by_role("link", name=re.compile("Row 4, E-mail address")).click()
    wrong = main.get_by_label("E-mail address")
    assert wrong.input_value() == "binta.sarr.justice.example"
    wrong.fill("binta.sarr@justice.example")
    wrong.press("Enter")
    main.get_by_role("button", name="Put 5 candidates forward").click()
    page.wait_for_url(re.compile(r"/nominations$"))
    assert "5 candidates are put forward." in page.locator(".flashes").inner_text()
    listed = page.get_by_role("main").inner_text()
    assert all(person[0] in listed for person in PEOPLE)
    with page.expect_download() as download:
        page.get_by_role("link", name="This list as XLSX").click()
    download.value.save_as(tmp_path / "list.xlsx")
    names = [cell.value for cell in openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets[0]["B"]]
    assert {person[0] for person in PEOPLE} <= set(names)
