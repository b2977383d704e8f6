"""The desk of a region writes its report, its focal point signs it, and somebody who signs in nowhere downloads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pypdf
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]

TITLE = "West Africa in the second half of 2026"
RECOMMENDED = "Share one forensic laboratory among neighbours"


def test_a_regional_report_is_written_signed_and_downloaded(
    running: RunningSite, somebody: Callable[..., Page], tmp_path: Path
) -> None:
    page = somebody(running.account("regional", "NG", "focal_point"))
    page.goto("/reports")
    page.get_by_role("link", name="Write a regional report").click()
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("From", exact=True).fill("2026-07-01")
    page.get_by_label("Until", exact=True).fill("2026-12-31")
    page.get_by_label("Anybody").check()
    page.get_by_label("What is recommended").fill(RECOMMENDED)
    page.get_by_role("button", name="Keep the draft").click()
    page.wait_for_url(re.compile(r"/reports/regional/RR-[\w-]+$"), timeout=60_000)
    report = page.url
    page.get_by_role("link", name="Sign it").click()
    page.get_by_label("Function").fill("Head of desk")
    page.get_by_label("Place").fill("Abuja")
    page.get_by_role("button", name="Sign it now").click()
    page.wait_for_url(re.compile(r"/work/J-[\w-]+$"), timeout=60_000)
    # The page asks again by itself, and says when the work has ended.
    page.get_by_role("link", name="See what came of it").click(timeout=180_000)
    page.wait_for_url(report)

    reader = somebody(None, accept_downloads=True)
    reader.goto("/reports")
    reader.get_by_role("link", name=TITLE).click()
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Download as PDF").click()
    path = tmp_path / "report.pdf"
    download.value.save_as(path)
    words = re.sub(r"\s+", " ", "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(path).pages))
    for said in (TITLE, RECOMMENDED, "Head of desk", "Abuja", "Situation by theme", "Annex: sources"):
        assert said in words, said
