"""A donor brings in a file: sees what would change before anything does, imports it, and takes it back as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow, pytest.mark.one_engine]

ACTIVITY = """<iati-activity xml:lang="en"><iati-identifier>ZZ-9-{number}</iati-identifier>
  <reporting-org ref="{ref}" type="10"><narrative>{name}</narrative></reporting-org>
  <title><narrative>{title}</narrative></title><recipient-country code="GH"/>{more}</iati-activity>"""
PATIENCE_MS = 60_000


def test_a_file_is_looked_at_imported_and_taken_back(
    running: RunningSite, somebody: Callable[..., Page], tmp_path: Path
) -> None:
    donor = somebody(running.account("donor", "GB"))
    own = (running.account("donor", "GB")["organisation"], "")

    def bring_in(*activities: tuple[str, str, str], who: tuple[str, str] = own) -> None:
        file = tmp_path / "activities.xml"
        said = [
            ACTIVITY.format(number=number, title=title, more=more, name=who[0], ref=who[1])
            for number, title, more in activities
        ]
        file.write_text(f'<iati-activities version="2.03">{"".join(said)}</iati-activities>')
        donor.goto("/imports/new")
        donor.locator("input[type=file]").set_input_files(file)
        donor.get_by_role("button", name="Read the files").click()
        follow()

    def follow() -> None:
        donor.wait_for_url("**/work/*")
        donor.get_by_role("link", name="See what came of it").click(timeout=PATIENCE_MS)
        donor.wait_for_url("**/imports/IM-*")

    def say(open_with: str, confirm: str) -> None:
        donor.locator("summary", has_text=open_with).click()
        donor.get_by_role("button", name=confirm).click()
        follow()

    donor.goto("/imports/new")
    donor.get_by_role("button", name="Read the files").click()
    expect(donor.locator(".error-summary")).to_contain_text("Choose one file at least.")

    bring_in(("1", "Port control in Tema", ""), ("2", "Prison reform in Kumasi", ""))
    expect(donor.get_by_text("2 activities: 2 new, 0 changed")).to_be_visible()
    say("Import these", "Yes, import them")
    expect(donor.get_by_text("Imported").first).to_be_visible()

    wrong = '<activity-date type="1" iso-date="31/12/2026"/>'
    bring_in(("1", "Port control in Takoradi", wrong), ("3", "Customs in Paga", ""))
    expect(donor.get_by_text("2 activities: 1 new, 1 changed")).to_be_visible()
    donor.get_by_role("link", name="Port control in Takoradi").click()
    expect(donor.get_by_text("Port control in Tema").first).to_be_visible()
    expect(donor.get_by_text("is not a date written year-month-day")).to_be_visible()
    donor.go_back()
    say("Import these", "Yes, import them")
    donor.get_by_role("link", name="Customs in Paga").click()
    donor.get_by_role("link", name="Open the programme").click()
    customs = donor.url
    donor.goto("/imports")
    donor.get_by_role("link", name="activities.xml").first.click()
    say("Undo this import", "Yes, undo all of it")
    expect(donor.get_by_text("1: put back as it was")).to_be_visible()

    donor.goto(customs)
    expect(donor.get_by_text("The import that brought this programme was undone.")).to_be_visible()
    answer = somebody().goto(customs)
    assert answer is not None
    assert answer.status == 404
