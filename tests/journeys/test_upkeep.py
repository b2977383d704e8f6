"""An owner answers by the link of a mail, without signing in: looking changes nothing, the button does, and once."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest

from tests.house import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]

ASKED = "Do these records still stand?"
NEED = re.compile(r"\((N-\w{4}-\w{4})\)\s+It is to be confirmed by .*\s+Still true:\s+\S+(/upkeep/\S+/true)")


def letters(running: RunningSite) -> list[tuple[str, str, str]]:
    """Whom the site has asked in English about which need, and by which link."""
    found = []
    for file in sorted((running.folder / "mail").glob("*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        if mail["Subject"] == ASKED and body is not None:
            found += [(str(mail["To"]), *match.groups()) for match in NEED.finditer(body.get_content())]
    return found


def test_a_need_is_confirmed_by_the_link_of_a_mail_and_the_link_is_spent(
    running: RunningSite, somebody: Callable[..., Page]
) -> None:
    wait_until(lambda: letters(running), 60)
    _to, ref, link = letters(running)[0]
    owner = somebody()
    owner.goto(f"/needs/{ref}")
    before = owner.get_by_role("complementary").inner_text()

    # Whatever opens the link, it changes nothing as long as nobody presses the button.
    for _look in range(2):
        owner.goto(link)
        assert owner.get_by_role("heading", level=1).inner_text() == "Does this still stand?"
        assert ref in owner.get_by_role("main").inner_text()
    owner.goto(f"/needs/{ref}")
    assert owner.get_by_role("complementary").inner_text() == before

    owner.goto(link)
    owner.get_by_role("button", name="Yes, answer: Still true").click()
    owner.wait_for_url(re.compile(r"/answered$"))
    assert "Readers see that it was confirmed today." in owner.get_by_role("main").inner_text()
    owner.goto(f"/needs/{ref}")
    assert owner.get_by_role("complementary").inner_text() != before, "it is to be confirmed half a year later now"

    # The link is spent, and so is every other one about this need.
    for _to, its, other in letters(running):
        if its == ref:
            answer = owner.goto(other)
            assert answer is not None
            assert answer.status == 410
            assert "This link has nothing more to ask" in owner.get_by_role("main").inner_text()
    altered = owner.goto(link.replace("/upkeep/", "/upkeep/A"))
    assert altered is not None
    assert altered.status == 404
