"""What meets what, across languages, in both directions and nearly: each as the people of both sides would see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.filling import choose, fill_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]

SENEGAL = ("state", "SN", "editor")


@dataclass(frozen=True)
class Asked:
    """A need as an official writes it: training of so many officers."""

    title: str
    problem: str
    theme: str
    line: str


@dataclass(frozen=True)
class Offered:
    """A programme as a donor writes it, open to the States of one grouping."""

    title: str
    description: str
    theme: str
    grouping: str
    languages: tuple[str, ...] = ("en", "fr")


def in_french(page: Page, running: RunningSite) -> None:
    """Have the pages speak French from now on."""
    page.context.add_cookies([{"name": "language", "value": "fr", "url": running.address}])


def post_need(page: Page, asked: Asked) -> str:
    """Write a need and post it, with the form in whatever language the page is; its address."""
    page.goto("/needs/new")
    page.locator("main [name=title]").fill(asked.title)
    page.locator("main [name=problem]").fill(asked.problem)
    page.locator(f"main input[name=themes][value={asked.theme}]").check()
    fill_line(page, 0, "training", "60", "officers", asked.line)
    page.locator("main [name=starts_on]").fill("2027-03-01")
    page.locator("main [name=ends_on]").fill("2028-06-30")
    page.locator("main input[name=delivery_languages][value=fr]").check()
    page.get_by_role("button", name=re.compile("^(Post this need|Publier ce besoin)$")).click()
    page.wait_for_url(re.compile(r"/needs/N-\w{4}-\w{4}"))
    return re.sub(r"[?#].*", "", page.url)


def post_programme(page: Page, offered: Offered) -> str:
    """Write a programme that trains 120 officers, and post it; its address."""
    page.goto("/programmes/new")
    page.locator("main [name=title]").fill(offered.title)
    page.locator("main [name=description]").fill(offered.description)
    page.locator(f"main input[name=themes][value={offered.theme}]").check()
    choose(page, "offers-0-kind", "training")
    page.locator("main [name=offers-0-quantity]").fill("120")
    choose(page, "offers-0-unit", "officers")
    page.locator(f"main input[name=groupings][value={offered.grouping}]").check()
    for language in offered.languages:
        page.locator(f"main input[name=languages][value={language}]").check()
    page.get_by_role("main").get_by_role("button", name="Post this programme").click()
    page.wait_for_url(re.compile(r"/programmes/P-\w{4}-\w{4}"))
    return re.sub(r"[?#].*", "", page.url)


def section(page: Page, heading: str) -> Locator:
    """The section of the page under a heading that begins so."""
    return page.locator("section", has=page.get_by_role("heading", name=re.compile(f"^{heading}"))).last


def card(where: Locator, title: str) -> Locator:
    """The card of that title."""
    return where.locator("article.card", has=where.page.get_by_role("link", name=title))


def test_a_need_in_french_is_met_by_a_programme_in_english(running: RunningSite, somebody: Callable[..., Page]) -> None:
    offered = Offered(
        "Safer prisons: training for prison officers",
        "Instructors teach prison officers to run overcrowded prisons safely: classification, health and complaints.",
        "prisons",
        "ECOWAS",
    )
    asked = Asked(
        "Formation des agents pénitentiaires de Thiès et de Kaolack",
        "La surpopulation carcérale dépasse 180 % : deux agents surveillent seuls un quartier de 150 détenus.",
        "prisons",
        "Deux semaines de formation aux règles Mandela pour les surveillants",
    )
    donor = somebody(running.account("donor", "GB"))
    post_programme(donor, offered)
    running.wait_idle()

    official = somebody(running.account(*SENEGAL))
    in_french(official, running)
    need = post_need(official, asked)
    running.wait_idle()
    official.reload()
    found = card(section(official, "Qui pourrait répondre à ce besoin"), offered.title)
    expect(found.get_by_text(re.compile(r"notions communes\s:.*surpopulation carcérale"))).to_be_visible()
    expect(found.locator("[lang=en]").first).to_contain_text(offered.title)

    found.get_by_role("link", name=offered.title).click()
    official.wait_for_url("**/matches/programme/P-*")
    expect(official.get_by_role("heading", name="Exigence par exigence")).to_be_visible()
    rows = official.locator("main tbody tr")
    expect(rows.filter(has_text="60 agents")).to_contain_text("120 agents")
    for asks, verdict in {"60 agents": "Couvert", "Thèmes": "Couvert", "Pays": "Couvert", "Langues": "Couvert"}.items():
        expect(rows.filter(has_text=asks).first.get_by_role("cell").last).to_have_text(re.compile(verdict))

    donor.goto("/desk")
    expect(card(section(donor, "New matches"), asked.title)).to_contain_text("both speak of")
    donor.goto(need)
    expect(donor.get_by_role("heading", level=1)).to_contain_text(asked.title)


def test_a_near_miss_says_what_would_make_it_fit(running: RunningSite, somebody: Callable[..., Page]) -> None:
    offered = Offered(
        "Training of forensic document examiners",
        "Examiners learn to tell forged passports and visas from true ones, with a reference collection.",
        "border_control",
        "CARICOM",
    )
    asked = Asked(
        "Training in the examination of forged passports",
        "Officers at the airport of Dakar let forged passports and visas through: nobody taught them to examine any.",
        "border_control",
        "Course on forged passports and visas for officers",
    )
    post_programme(somebody(running.account("donor", "CA")), offered)
    running.wait_idle()
    official = somebody(running.account(*SENEGAL))
    need = post_need(official, asked)
    running.wait_idle()
    official.goto(f"{need}/matches")
    assert not card(section(official, "Offers that fit"), offered.title).count()
    near = card(section(official, "Near misses"), offered.title)
    expect(near).to_contain_text("What would make it fit:")
    near.get_by_role("link", name=offered.title).click()
    official.wait_for_url("**/matches/programme/P-*")
    notice = section(official, "What would make it fit")
    expect(notice).to_contain_text("Open to CARICOM only")
    expect(notice).to_contain_text("ask the donor to include Senegal")
    place = official.locator("main tbody tr").filter(has_text="Countries").first
    expect(place.get_by_role("cell").last).to_have_text(re.compile("Missing"))


def test_a_later_programme_meets_a_need_until_its_donor_closes_it(
    running: RunningSite, somebody: Callable[..., Page]
) -> None:
    asked = Asked(
        "Training of witness protection officers",
        "Two witnesses in cocaine trials were threatened in 2025; nobody here has been trained to protect witnesses.",
        "witness_protection",
        "Close protection and relocation of threatened witnesses",
    )
    offered = Offered(
        "Protecting witnesses of organised crime in West Africa",
        "Protection officers learn threat assessment, close protection and relocation of threatened witnesses.",
        "witness_protection",
        "ECOWAS",
    )
    official = somebody(running.account(*SENEGAL))
    need = post_need(official, asked)
    running.wait_idle()
    official.goto(f"{need}/matches")
    assert not official.get_by_role("link", name=offered.title).count()

    donor = somebody(running.account("donor", "DE"))
    programme = post_programme(donor, offered)
    running.wait_idle()
    donor.reload()
    expect(card(section(donor, "Needs that this could meet"), asked.title)).to_be_visible()
    official.goto(need)
    expect(card(section(official, "Who could meet this need"), offered.title)).to_be_visible()
    official.goto("/notices")
    told = f"“{offered.title}” fits your need “{asked.title}”"
    expect(official.get_by_role("main").get_by_role("link", name=told, exact=True)).to_be_visible()

    close(donor, programme)
    running.wait_idle()
    official.goto(need)
    assert not card(section(official, "Who could meet this need"), offered.title).count()
    official.goto(f"{need}/matches")
    assert not card(section(official, "Offers that fit"), offered.title).count()


def close(page: Page, programme: str) -> None:
    """Close a programme on its own page, with a reason."""
    page.goto(programme)
    page.locator("main summary", has_text="Close or suspend it").click()
    question = page.locator("dialog[open]")
    question.locator("select[name=ending]").select_option("4")
    question.locator("[name=reason]").fill("The funds are used up.")
    question.locator("button[type=submit]").last.click()
    page.wait_for_load_state()
    expect(page.get_by_role("main").get_by_text("The funds are used up.")).to_be_visible()
