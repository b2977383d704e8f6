"""What is typed into a form outlives a lost sign-in, a dropped line and a closed window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.running import sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.one_engine]

TYPED = "Handheld analysers for the laboratory of Praia"


@pytest.fixture
def form(running: RunningSite, somebody: Callable[..., Page]) -> Page:
    """An official who posts a need."""
    page = somebody(running.account("state", "CV", "focal_point"))
    page.goto("/needs/new")
    return page


def state(page: Page, wanted: str) -> None:
    """Wait until the form says how its draft is."""
    page.locator(f"[data-autosave-status][data-state={wanted}]").first.wait_for(state="attached")


def test_a_lost_sign_in(form: Page, running: RunningSite) -> None:
    form.context.clear_cookies()
    form.get_by_label("Title", exact=True).first.fill(TYPED)
    state(form, "signedout")
    other = form.context.new_page()
    sign_in(other, running.account("state", "CV", "focal_point"))
    form.bring_to_front()
    form.locator("[data-autosave-retry]").click()
    state(form, "saved")
    other.goto("/desk")
    assert TYPED in other.locator("main").inner_text()


def test_a_dropped_line(form: Page) -> None:
    form.context.set_offline(True)
    form.get_by_label("Title", exact=True).first.fill(TYPED)
    state(form, "offline")
    form.context.set_offline(False)
    state(form, "saved")


def kept(page: Page) -> str:
    """All that the site keeps in this browser."""
    return page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")


def test_what_is_not_for_everybody_is_not_kept_in_the_browser(form: Page) -> None:
    form.context.set_offline(True)
    form.get_by_label("Title", exact=True).first.fill(TYPED)
    form.locator("[name=contact]").fill("Inspector Ana Lopes, +238 555 0100")
    form.locator("[name=place]").fill("Third floor of the old customs house")
    form.locator("[name=lines-0-cost_amount]").fill("77 123")
    state(form, "offline")
    assert TYPED in kept(form)
    for words in ("Lopes", "customs house", "77 123", "77123", "77,123"):
        assert words not in kept(form)
    form.locator("[name=disclosure][value=members]").check()
    form.get_by_label("Title", exact=True).first.fill(TYPED + " again")
    form.locator("[data-autosave-status]", has_text="nothing of it is kept on this computer").first.wait_for()
    assert TYPED not in kept(form)
    form.context.set_offline(False)
    state(form, "saved")


def test_a_pledge_is_not_kept_in_the_browser(somebody: Callable[..., Page], running: RunningSite) -> None:
    page = somebody(running.account("donor", role="editor"))
    page.goto("/needs")
    address = page.locator("a[href^='/needs/N-']").first.get_attribute("href")
    page.goto(f"{address}/pledge")
    page.context.set_offline(True)
    page.locator("[name=conditions]").fill("Only after the law has passed")
    state(page, "offline")
    assert "law has passed" not in kept(page)


def test_a_copy_is_kept_no_longer_than_a_sign_in_and_none_after_signing_out(form: Page) -> None:
    form.evaluate(
        """() => {
          localStorage.setItem('counterpart:old', JSON.stringify({ at: Date.now() - 13 * 36e5, path: '/', data: [] }));
          localStorage.setItem('counterpart:new', JSON.stringify({ at: Date.now() - 11 * 36e5, path: '/', data: [] }));
        }"""
    )
    form.goto("/desk")
    assert form.evaluate("Object.keys(localStorage)") == ["counterpart:new"]
    # Without the script it is the answer of the site that empties the browser.
    form.evaluate("document.querySelector('[data-sign-out]').removeAttribute('data-sign-out')")
    form.evaluate("document.querySelector('form[action=\"/sign-out\"]').submit()")
    form.wait_for_function("Object.keys(localStorage).length === 0")


def test_a_closed_window(form: Page) -> None:
    form.context.set_offline(True)
    form.get_by_label("Title", exact=True).first.fill(TYPED)
    state(form, "offline")
    address, context = form.url, form.context
    form.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    again.locator("[data-autosave-take]").click()
    assert again.get_by_label("Title", exact=True).first.input_value() == TYPED


def test_a_message_that_was_sent_is_not_offered_again(somebody: Callable[..., Page], running: RunningSite) -> None:
    page = somebody(running.account("state", "SN", "editor"))
    page.goto("/messages")
    page.locator("main a[href^='/messages/TH-']").first.click()
    page.locator("#message-form textarea").fill("The second week suits us.")
    page.locator("#message-form [type=submit]").click()
    page.locator(".flashes [data-color=success]").wait_for()
    assert not page.locator("[data-autosave-restore]").first.is_visible()
    assert "second week suits" not in kept(page)
    # What comes back with an error is still kept.
    page.locator("#message-form textarea").fill("")
    page.locator("#message-form [type=submit]").click()
    page.locator(".error-summary").wait_for()
    page.locator("#message-form textarea").fill("Written after the error.")
    state(page, "saved")
