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
