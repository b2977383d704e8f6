"""Passkeys in a real browser, with a device that Chromium plays: made, used to sign in, used to prove it once more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow, pytest.mark.one_engine]


def test_a_passkey_is_made_and_opens_the_account(running: RunningSite, somebody: Callable[..., Page]) -> None:
    page = somebody(running.account("donor", "ES", "editor"))
    device: Any = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto("/account/second-step")
    page.locator("form[data-passkey=create] [name=name]").fill("This computer")
    page.locator("form[data-passkey=create] button[type=submit]").click()
    page.wait_for_selector(".codes")
    assert page.locator(".codes li").count() == 10
    page.goto("/account/second-step")
    assert "This computer" in page.locator("main").inner_text()
    _sign_out(page)
    page.goto("/sign-in?next=/account/sign-ins")
    page.locator("form[data-passkey=get] button[type=submit]").click()
    page.wait_for_url(re.compile(r"//[^/]+/account/sign-ins$"))
    assert "Passkey" in page.locator("main").inner_text()
    page.goto("/sign-in/again?next=/account/second-step")
    page.locator("form[data-passkey=get] button[type=submit]").click()
    page.wait_for_url(re.compile(r"//[^/]+/account/second-step$"))


def test_a_focal_point_types_the_code_of_the_app(running: RunningSite, somebody: Callable[..., Page]) -> None:
    """Through the forms, with their own tokens; the page of a demonstration shows the code of its invented people."""
    page = somebody(running.account("state", "CV", "focal_point"))
    page.goto("/account/second-step")
    assert "Authenticator app" in page.locator("main").inner_text()
    page.goto("/account/sign-ins")
    assert "Password and code of an app" in page.locator("main").inner_text()


def _sign_out(page: Page) -> None:
    page.goto("/account")
    page.locator(".account-menu summary").click()
    page.locator("[data-sign-out] button").click()
    page.wait_for_load_state()
