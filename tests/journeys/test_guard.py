"""A donor is about to post what another one runs already: the guard asks, and co-funding is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow, pytest.mark.one_engine]

TITLE = "Ports atlantiques : cellules de ciblage et de visite des conteneurs"


def test_co_funding_is_declared_from_the_duplicate_guard(running: RunningSite, somebody: Callable[..., Page]) -> None:
    donor = somebody(running.account("donor", "GB"))
    donor.goto(f"/programmes?q={TITLE.split(' : ', maxsplit=1)[0]}")
    donor.get_by_role("link", name=TITLE).first.click()
    donor.wait_for_url("**/programmes/P-*")
    there = donor.url
    description = donor.locator("section", has=donor.get_by_role("heading", name="What the programme does")).locator(
        "p"
    )
    words = description.first.inner_text()

    donor.goto("/programmes/new")
    donor.locator("main [name=title]").fill(TITLE)
    donor.locator("main [name=description]").fill(words)
    for field, values in (("themes", ("port_control", "customs")), ("countries", ("SN", "GH"))):
        for value in values:
            donor.locator(f"main input[name={field}][value={value}]").check()
    donor.locator("main select[name=offers-0-kind]").select_option("training")
    donor.get_by_role("button", name="Post this programme").click()

    guard = donor.locator("#guard")
    expect(guard.get_by_role("heading", name="Is this here already?")).to_be_visible()
    expect(guard.locator("mark").first).to_be_visible()
    expect(donor.locator(".error-summary a").first).to_have_attribute("href", f"#guard-{there.rsplit('/', 1)[1]}-says")
    assert donor.locator("main [name=title]").input_value() == TITLE
    # With the keyboard: from the summary to the question, and the answer.
    donor.locator(".error-summary a").first.press("Enter")
    guard.get_by_label("Paid for together with the other").first.check()
    guard.get_by_label("Why, in a sentence").first.fill("We pay half of the scanners.")
    guard.get_by_role("button", name="Post with these answers").click()
    donor.wait_for_url("**/programmes/P-*")
    expect(donor.get_by_text("We pay half of the scanners.")).to_be_visible()

    running.wait_idle()
    visitor = somebody()
    visitor.goto(there)
    relations = visitor.locator("section", has=visitor.get_by_role("heading", name="How it stands to other records"))
    expect(relations.get_by_text("We pay half of the scanners.")).to_be_visible()
    other = somebody(running.account("donor", "FR"))
    other.goto("/notices")
    expect(other.get_by_role("main").get_by_text("beside your").first).to_be_visible()
