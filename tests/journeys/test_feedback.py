"""A match is said not to fit: it goes for that organisation at once, and the secretariat decides for everybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow, pytest.mark.one_engine]


def listed(page: Page, address: str) -> list[str]:
    """The titles in the lists of matches, as this person sees them without opening anything."""
    page.goto(address)
    links = page.locator("section.section article.card h3 a")
    return [text for text in links.all_inner_texts() if text]


def test_a_donor_says_not_a_fit_and_the_secretariat_agrees(running: RunningSite, somebody: Callable[..., Page]) -> None:
    donor, visitor = somebody(running.account("donor", "FR")), somebody()
    donor.goto("/desk")
    card = donor.locator("section", has=donor.get_by_role("heading", name="New matches")).locator("article.card").first
    card.get_by_role("link").first.click()
    donor.wait_for_url("**/matches/**")
    pair = donor.url
    need = pair.partition("/matches/")[0]
    offer = donor.locator("main .grid-2 section h2").nth(1).inner_text().replace("\n", " ")
    before = listed(visitor, f"{need}/matches")
    assert offer in listed(donor, f"{need}/matches")

    donor.goto(pair)
    donor.get_by_text("It is not a fit, because …").click()
    donor.get_by_label("The dates do not suit").check()
    donor.get_by_role("button", name="Say that it is not a fit").click()
    expect(donor.get_by_text("does not see this match any more")).to_be_visible()
    assert offer not in listed(donor, f"{need}/matches")
    assert listed(visitor, f"{need}/matches") == before
    donor.get_by_text("1 hidden by your organisation: show").click()
    expect(donor.locator("details").get_by_role("link", name=offer)).to_be_visible()
    donor.goto("/desk")
    assert not donor.locator(f"main a[href='{pair.removeprefix(running.address)}']").count()

    office = somebody(running.account("secretariat"))
    office.goto("/quality")
    waiting = office.locator("section", has=office.get_by_role("heading", name="What waits for your decision"))
    expect(waiting.get_by_text("The dates do not suit")).to_be_visible()
    waiting.locator(f"a[href='{pair.removeprefix(running.address)}']").click()
    office.get_by_label("Put last for everybody").check()
    office.get_by_label("Why you decide so").fill("The donor has moved its dates.")
    office.get_by_role("button", name="Decide for everybody").click()
    office.wait_for_url("**/quality")
    expect(office.get_by_text("Nothing waits")).to_be_visible()
    expect(office.get_by_text("The donor has moved its dates.")).to_be_visible()
    running.wait_idle()
    assert set(listed(visitor, f"{need}/matches")) == set(before)
    visitor.goto(f"{need}/matches")
    fits = visitor.locator("section", has=visitor.get_by_role("heading", name=re.compile("^Offers that fit")))
    assert fits.locator("article.card h3 a").all_inner_texts()[-1] == offer
