"""Lists for programs: what the page of the same list holds for the same person and the same filter, page after page."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.api.models import ApiToken
from app.foundation.audit import AuditEvent

PAGES = {
    "needs": ["", "theme=prisons", "q=port", "status=met", "country=SN&kind=training", "confirmed=yes"],
    "programmes": ["", "theme=prisons", "accepting=yes", "country=SN"],
    "courses": ["", "dates=with", "language=fr", "q=port"],
    "lessons": ["", "verdict=worked", "status=submitted", "theme=prisons"],
    "outputs": ["", "output_kind=manual", "theme=prisons", "q=port"],
    "organisations": ["", "kind=donor", "country=SN", "q=norge"],
}
PREFIX = {"needs": "N", "programmes": "P", "courses": "C", "lessons": "L", "outputs": "U", "organisations": "O"}


@pytest.fixture
def full(world):
    """A few records of each kind, in several tiers, states and places."""
    state, donor, centre = (
        world.organisation("state"),
        world.organisation("donor", name="Norge"),
        world.organisation("centre"),
    )
    for tier in ("public", "members", "own"):
        world.need(state, disclosure=tier, title="Scanner at the port", themes=["prisons"])
        world.need(state, disclosure=tier, status="met")
        world.programme(donor, disclosure=tier, themes=["prisons"])
        world.programme(donor, disclosure=tier, accepting="no")
        world.course(centre, disclosure=tier, sessions=[{}], title="Ports")
        world.course(centre, disclosure=tier, languages=["en"])
        world.lesson(state, disclosure=tier)
        world.lesson(state, disclosure=tier, status="submitted", themes=["prisons"])
        world.output(centre, disclosure=tier, title="Manual of ports")
        world.output(state, disclosure=tier, kind="study", themes=["prisons"])
    return state, donor, centre


def every_ref(ask, address):
    """All references of a list, by following `next`."""
    found, pages = [], 0
    while address:
        answer = ask("GET", address)
        assert answer.status_code == 200, answer.text
        found += [one["ref"] for one in answer.json["items"]]
        assert bool(answer.json["next"]) == ("Link" in answer.headers)
        address = answer.json["next"] and answer.json["next"].removeprefix("http://localhost:5000")
        pages += 1
    return found, pages


def test_a_list_holds_what_its_page_holds(full, world, client, new_client, sign_in, program):
    state, donor, _centre = full
    for account in (None, world.account(state), world.account(donor)):
        browser, ask = new_client(), program(account)
        if account:
            sign_in(browser, account)
        for name, filters in PAGES.items():
            for query in filters:
                page = browser.get(f"/{name}?{query}&size=100", check=False).text
                main = page[page.index("<main") :]
                shown = set(re.findall(rf'href="/{name}/({PREFIX[name]}-[0-9A-Z]{{4}}-[0-9A-Z]{{4}})"', main))
                listed, _pages = every_ref(ask, f"/{name}?{query}&limit=100")
                assert set(listed) == shown, (name, query, account)
                assert len(listed) == len(set(listed))


def test_pages_follow_one_another_without_gaps_and_who_takes_many_is_on_record(world, program, tx):
    state = world.organisation("state")
    own = {world.need(state).ref for _number in range(23)}
    ask = program(world.account(state))
    refs, pages = every_ref(ask, "/needs?limit=5")
    assert (set(refs), len(refs), pages) == (own, 23, 5)
    assert not [one for one in tx.scalars(select(AuditEvent.action)) if one == "export.made"]
    for _number in range(90):
        world.need(state)
    assert every_ref(ask, "/needs?limit=100")[1] == 2
    made = tx.scalars(select(AuditEvent).where(AuditEvent.action == "export.made")).all()
    token = tx.scalars(select(ApiToken.ref)).one()
    assert [one.details for one in made] == [{"what": "needs", "rows": 113, "program": token}]


def test_what_is_asked_wrongly_is_refused(program, world):
    ask = program()
    for query in ("limit=0", "limit=101", "limit=x", "cursor=x", "theme=nothing", "page=2", "status=posted&status=x"):
        answer = ask("GET", f"/needs?{query}")
        assert answer.status_code == 400, query
        assert (
            answer.json["errors"][0]["parameter"] == query.split("=")[0] if query != "status=posted&status=x" else True
        )
    cursor = ask("GET", "/programmes?limit=1")
    assert cursor.json == {"items": [], "next": None}


def test_a_cursor_of_one_list_is_none_of_another(world, program):
    state = world.organisation("state")
    for _number in range(2):
        world.need(state)
    ask = program()
    cursor = ask("GET", "/needs?limit=1").json["next"].split("cursor=")[1]
    assert ask("GET", f"/lessons?cursor={cursor}").status_code == 400
