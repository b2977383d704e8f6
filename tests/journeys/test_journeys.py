"""The five journeys, each as the person it is for would go it, in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.filling import fill_need

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]

Window = "Callable[..., Page]"
TITLE = "Court interpreters for drug trials in Dakar and Thiès"


def test_an_official_posts_a_need_and_is_matched(running: RunningSite, somebody: Callable[..., Page]) -> None:
    page = somebody(running.account("state", "SN", "editor"))
    fill_need(page, TITLE)
    page.get_by_role("button", name="Post this need").click()
    page.wait_for_url(re.compile(r"/needs/N-\w{4}-\w{4}"))
    assert page.get_by_role("heading", level=1).inner_text().startswith("Court interpreters")
    running.wait_idle()
    page.reload()
    section = page.locator("section", has=page.get_by_role("heading", name="Who could meet this need"))
    assert section.locator("article.card").count() >= 1
    assert "about Courts and prosecution" in section.inner_text()
    page.goto("/search?q=interpretes tribunaux drogue Dakar")
    assert page.get_by_role("link", name=TITLE).is_visible()


def test_a_donor_searches_and_pledges_and_the_recipient_accepts(
    running: RunningSite, somebody: Callable[..., Page]
) -> None:
    official = somebody(running.account("state", "SN", "editor"))
    fill_need(official, "Digital evidence for the prosecutors of Kaolack")
    official.get_by_role("button", name="Post this need").click()
    official.wait_for_url(re.compile(r"/needs/N-\w{4}-\w{4}"))
    need = official.url
    running.wait_idle()
    donor = somebody(running.account("donor", "FR"))
    donor.goto("/search?q=digital evidence Kaolack&type=need")
    donor.get_by_role("link", name="Digital evidence for the prosecutors of Kaolack").click()
    donor.get_by_role("link", name="Pledge").first.click()
    donor.wait_for_url("**/pledge")
    donor.locator("main input[name$=quantity]").first.fill("25")
    donor.get_by_role("main").get_by_role("button", name="Make this pledge").click()
    donor.wait_for_url(re.compile(r"/pledges/G-"))
    pledge = donor.url
    official.goto(pledge)
    official.get_by_role("main").get_by_text("Accept this pledge").first.click()
    official.get_by_role("button", name="Accept it").click()
    official.wait_for_load_state()
    official.goto(need)
    assert "25 of 40" in official.get_by_role("main").inner_text()
    donor.goto(need)
    assert "25 of 40" in donor.get_by_role("main").inner_text()


def press_and_confirm(page: Page, word: str) -> None:
    """Press the button that begins with a word, and again in the question that may open."""
    main = page.get_by_role("main")
    main.get_by_text(re.compile(f"^{word}")).first.click()
    question = page.locator("main dialog[open] button[type=submit]")
    if question.count():
        question.first.click()
    page.wait_for_load_state()


def test_a_centre_publishes_a_course_with_a_session(running: RunningSite, somebody: Callable[..., Page]) -> None:
    page = somebody(running.account("centre", "SN"))
    page.goto("/courses/new")
    page.get_by_label("Title").fill("Hearing an accused person through an interpreter")
    page.locator("[name=description]").fill("For judges and prosecutors who hear drug cases in several languages.")
    page.locator("input[name=themes][value=judicial_process]").check()
    page.locator("input[name=languages][value=fr]").check()
    page.locator("input[name=groupings][value=ECOWAS]").check()
    page.get_by_role("main").get_by_role("button", name="Post this course").click()
    page.wait_for_url(re.compile(r"/courses/C-\w{4}-\w{4}"))
    page.get_by_role("link", name=re.compile("session", re.IGNORECASE)).first.click()
    page.locator("[name=starts_on]").fill("2027-05-10")
    page.locator("[name=ends_on]").fill("2027-05-21")
    page.locator("[name=seats]").fill("24")
    page.locator("[name=place]").fill("Dakar")
    page.get_by_role("main").get_by_role("button", name="Announce this session").click()
    page.wait_for_url(re.compile(r"/courses/C-"))
    assert "24" in page.get_by_role("main").inner_text()
    running.wait_idle()
    visitor = somebody()
    visitor.goto("/search?q=interpreter accused&type=course")
    assert visitor.get_by_role("link", name="Hearing an accused person through an interpreter").is_visible()


def test_the_secretariat_verifies_an_organisation(running: RunningSite, somebody: Callable[..., Page]) -> None:
    first, second = [person for person in running.accounts if person["kind"] == "secretariat"][:2]
    for person, decision in ((first, "I have checked it"), (second, "Verify")):
        page = somebody(person)
        page.goto("/organisations/queue")
        page.get_by_role("link", name=re.compile("togolaise")).first.click()
        main = page.get_by_role("main")
        main.get_by_label(re.compile(f"^{decision}")).check()
        main.locator("input[name=sure]").check()
        main.get_by_role("button", name="Record this decision").click()
        page.wait_for_load_state()
    visitor = somebody()
    visitor.goto("/organisations?q=togolaise")
    assert visitor.get_by_role("link", name=re.compile("togolaise")).first.is_visible()


def test_a_lesson_reaches_the_next_drafter(running: RunningSite, somebody: Callable[..., Page]) -> None:
    teller = somebody(running.account("state", "GH", "editor"))
    teller.goto("/lessons/new")
    title = "Dogs trained on fresh samples miss what has lain buried"
    words: dict[str, Any] = {
        "title": title,
        "context": "When the first explosive-detection dogs came to the port of Tema",
        "action": "they were trained on fresh samples only",
        "result": "they missed five of nine charges that had lain in cargo for weeks",
        "cause": "old charges smell of something else",
        "instruction": "ask for samples of several ages, and test on aged ones before the handler is certified",
    }
    for name, value in words.items():
        teller.locator(f"main [name={name}]").fill(value)
    teller.locator("main input[name=themes][value=explosives]").check()
    for name, value in {"verdict": "failed", "kind": "operational"}.items():
        field = teller.locator(f"main [name={name}]")
        if field.first.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            teller.locator(f"main [name={name}][value={value}]").check()
    teller.get_by_role("main").get_by_role("button", name="Put it in the library").click()
    teller.wait_for_url(re.compile(r"/lessons/L-\w{4}-\w{4}"))
    drafter = somebody(running.account("state", "CV", "editor"))
    drafter.goto("/needs/new")
    drafter.locator("input[name=themes][value=explosives]").check()
    drafter.get_by_role("link", name=title).wait_for()
