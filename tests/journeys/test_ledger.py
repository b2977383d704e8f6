"""The ledger as its people use it: a part is pledged, too much is refused, both sides confirm, a gap opens again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.filling import fill_need

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]


def need_of_forty_judges(page: Page, title: str) -> str:
    """Post a need for forty judges; its address."""
    fill_need(page, title)
    page.get_by_role("button", name="Post this need").click()
    page.wait_for_url(re.compile(r"/needs/N-\w{4}-\w{4}"))
    return page.url


def pledge(page: Page, need: str, judges: str) -> str:
    """Pledge for so many of them; the address of the pledge."""
    page.goto(f"{need}/pledge")
    page.locator("main input[name$=quantity]").first.fill(judges)
    page.get_by_role("main").get_by_role("button", name="Make this pledge").click()
    page.wait_for_url(re.compile(r"/pledges/G-"))
    return page.url


def press(page: Page, button: str, sure: str, **typed: str) -> None:
    """Press a button, fill in what its question asks, and say yes."""
    page.get_by_role("main").get_by_text(button, exact=True).first.click()
    question = page.locator("dialog[open], details[open].confirm").last
    for name, text in typed.items():
        field = question.locator(f"[name$={name}]")
        if field.first.get_attribute("type") == "radio":
            question.locator(f"[name$={name}][value={text}]").check()
        else:
            field.fill(text)
    question.get_by_role("button", name=sure).click()
    page.wait_for_load_state()


def accept(page: Page, pledge_address: str) -> None:
    """The recipient says yes."""
    page.goto(pledge_address)
    press(page, "Accept this pledge", "Accept it")


def test_a_part_is_pledged_too_much_is_refused_and_a_withdrawal_opens_the_gap(
    running: RunningSite, somebody: Callable[..., Page]
) -> None:
    official = somebody(running.account("state", "SN", "editor"))
    need = need_of_forty_judges(official, "Judges of Kolda who hear cases of wildlife trafficking")
    first, second = (somebody(running.account("donor", country)) for country in ("FR", "DE"))
    part, rest = pledge(first, need, "25"), pledge(second, need, "30")
    accept(official, part)
    official.goto(need)
    assert "25 of 40" in official.get_by_role("main").inner_text()

    # The second is more than is open: it is explained to the recipient, who turns it away as covered.
    accept(official, rest)
    page = official.get_by_role("main")
    assert "More than is open" in page.inner_text()
    assert "This is more than you asked for" in page.inner_text()
    press(official, "Decline this pledge", "Decline it", cause="covered", reason="Another donor was quicker.")
    second.goto(rest)
    assert "Others cover it already" in second.get_by_role("main").inner_text()

    # The first withdraws: the gap is open at once, and whoever was turned away is told.
    first.goto(part)
    press(first, "Withdraw this pledge", "Withdraw it", reason="The vote on the budget failed.")
    official.goto(need)
    assert "0 of 40" in official.get_by_role("main").inner_text()
    running.wait_idle()
    second.goto("/notices")
    assert "may be open again" in second.get_by_role("main").inner_text()
    second.goto(rest)
    second.get_by_role("link", name="Pledge anew").click()
    second.wait_for_url("**/pledge")
    assert second.locator("main input[name$=quantity]").first.input_value() == "40"


def test_both_sides_confirm_and_a_difference_is_shown_until_one_gives_in(
    running: RunningSite, somebody: Callable[..., Page]
) -> None:
    official = somebody(running.account("state", "SN", "editor"))
    need = need_of_forty_judges(official, "Judges of Ziguinchor who hear cases of illegal fishing")
    donor = somebody(running.account("donor", "FR"))
    address = pledge(donor, need, "40")
    accept(official, address)
    donor.goto(address)
    donor.get_by_text("Record a delivery").click()
    donor.locator("main [name$=much]").fill("40")
    donor.locator("main [name$=delivered_on]").fill("2026-11-20")
    donor.get_by_role("button", name="Record this delivery").click()
    donor.wait_for_load_state()

    official.goto(address)
    press(official, "Confirm this delivery", "This is what arrived", much="36")
    said = official.get_by_role("main").inner_text()
    for words in ("The two sides differ", "Donor: 40", "Recipient: 36", "36 counts"):
        assert words in said
    official.goto(need)
    assert "36 delivered" in official.get_by_role("main").inner_text()

    donor.goto("/pledges")
    assert "In dispute: 1" in donor.get_by_role("main").inner_text()
    donor.goto(address)
    press(donor, "Agree with their figure", "Yes, it was 36")
    assert "The two sides differ" not in donor.get_by_role("main").inner_text()
