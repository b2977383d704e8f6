"""A need is drafted in French: a lesson warns beside the form, is said not to apply, and shows that on its own page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.filling import fill_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow, pytest.mark.one_engine]

WARNING = "L'entretien se signe avant la remise, pas après la panne"
REASON = "Le terminal paie déjà un contrat d'entretien de six ans."


def test_a_lesson_that_warns_is_answered_while_one_drafts(
    running: RunningSite, somebody: Callable[..., Page]
) -> None:  # fmt: skip
    official = somebody(running.account("state", "SN", "editor"))
    official.goto("/needs/new")
    official.locator("main [name=title]").fill("Deux scanners mobiles pour le port de Dakar")
    official.locator("main [name=problem]").fill("Un conteneur sur deux cents est ouvert. Nous demandons des scanners.")
    official.locator("main input[name=themes][value=port_control]").check()

    beside = official.locator("#need-form-lessons")
    card = beside.locator("li.card", has=official.get_by_role("link", name=WARNING))
    expect(card).to_be_visible()
    expect(card.get_by_text(re.compile("même thème|same theme"))).to_be_visible()
    card.locator("summary").click()
    card.locator("select").select_option("not_applicable")
    card.locator("input").fill(REASON)
    # What was answered belongs to the form: it stays while the rest is typed and the lessons are drawn anew.
    fill_line(official, 0, "equipment", "2", "devices", "Scanners mobiles")
    official.wait_for_timeout(1500)
    expect(card.locator("input")).to_have_value(REASON)
    official.locator("main [name=starts_on]").fill("2027-03-01")
    official.locator("main [name=ends_on]").fill("2028-06-30")
    official.get_by_role("button", name=re.compile("^(Post this need|Publier ce besoin)$")).click()
    official.wait_for_url(re.compile(r"/needs/N-\w{4}-\w{4}"))
    expect(official.locator("#advice").get_by_text(REASON)).to_be_visible()

    visitor = somebody()
    visitor.goto(official.url)
    visitor.get_by_role("link", name=WARNING).click()
    visitor.wait_for_url(re.compile(r"/lessons/L-\w{4}-\w{4}"))
    expect(visitor.locator("#uses").get_by_text(REASON)).to_be_visible()
