"""The radar's three findings, each opened to the records behind it by somebody who has not signed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]

RECORD = re.compile(r"/(needs|programmes|courses|pledges|limits)/[A-Z]+-")


@pytest.mark.parametrize("finding", ["gap", "crowding", "collision"])
def test_a_finding_is_opened_to_its_records(running: RunningSite, somebody: Callable[..., Page], finding: str) -> None:
    page = somebody()
    page.goto("/overview")
    page.get_by_role("link", name=re.compile("The radar")).click()
    page.wait_for_url(re.compile(r"/overview/radar"))
    page.goto(f"/overview/radar/findings?kind={finding}")
    main = page.get_by_role("main")
    links = main.locator("a[href*='/overview/radar/cell']")
    assert links.count() >= 1, main.inner_text()
    links.first.click()
    page.wait_for_url(re.compile(r"/overview/radar/cell"))
    records = [link.get_attribute("href") or "" for link in page.get_by_role("main").get_by_role("link").all()]
    behind = [address for address in records if RECORD.search(address)]
    assert behind, main.inner_text()
    page.goto(behind[0])
    assert page.get_by_role("heading", level=1).is_visible()
