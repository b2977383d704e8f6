"""Searches that people follow, and their last ones: for their own eyes, and only as long as they want."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.privacy.service import erase, forget_old
from app.foundation.db import Tx
from app.search import saved, service
from app.search.models import HistoryOff, PastSearch, SavedSearch
from tests.factories import World
from tests.house import MovableClock

SignIn = Callable[..., Any]


@pytest.fixture
def account(world: World, client: FlaskClient, sign_in: SignIn) -> Any:
    """Somebody of a State who has signed in."""
    one = world.account(world.organisation(country="SN"))
    sign_in(client, one)
    return one


def follow(client: FlaskClient, address: str = "?q=ports", name: str = "Ports") -> Any:
    return client.post("/searches/follow", data={"address": address, "name": name})


def test_a_search_is_followed_renamed_and_dropped(client: FlaskClient, account: Any, tx: Tx) -> None:
    assert follow(client, "?country=SN&q=ports&page=3&evil=1").headers["Location"] == "/search?q=ports&country=SN"
    page = client.get("/search?q=ports&country=SN").text
    assert "You follow this search as “Ports”" in page
    (kept,) = tx.scalars(select(SavedSearch)).all()
    client.post(f"/searches/{kept.ref}/rename", data={"name": "  Harbours "})
    assert "Harbours" in client.get("/searches").text
    client.post(f"/searches/{kept.ref}/rename", data={"name": " "})
    assert tx.scalars(select(SavedSearch.name)).all() == ["Harbours"]
    client.post(f"/searches/{kept.ref}/unfollow")
    assert "You follow no search yet" in client.get("/searches").text


def test_the_form_on_the_page_follows_what_is_shown(
    client: FlaskClient, account: Any, index: Any, world: World, tx: Tx
) -> None:
    world.need(world.organisation(), title="Ports", countries=["SN"])
    index()
    assert client.submit("/search?q=country:SN+ports", to="/searches/follow").status_code == 303
    (kept,) = tx.scalars(select(SavedSearch)).all()
    assert (kept.address, kept.name) == ("?q=ports&country=SN", "ports · Senegal")


def test_following_twice_keeps_one(client: FlaskClient, account: Any, tx: Tx) -> None:
    follow(client)
    follow(client, name="Other name")
    assert tx.scalars(select(SavedSearch.name)).all() == ["Other name"]


def test_nothing_and_too_much_cannot_be_followed(
    client: FlaskClient, account: Any, tx: Tx, world: World, now: Any
) -> None:
    follow(client, "?page=2")
    assert tx.scalars(select(SavedSearch)).all() == []
    for number in range(service.MOST_SAVED):
        service.follow(tx, world.actor(account), "x", f"?q=word{number}", now)
    answer = client.post("/searches/follow", data={"address": "?q=more", "name": "More"}, follow_redirects=True)
    assert "You follow 50 searches" in answer.text
    assert len(tx.scalars(select(SavedSearch)).all()) == service.MOST_SAVED


def test_they_are_nobody_elses_business(
    client: FlaskClient, account: Any, new_client: Any, sign_in: SignIn, world: World, tx: Tx
) -> None:
    follow(client)
    client.get("/search?q=judges")
    (kept,) = tx.scalars(select(SavedSearch)).all()
    other = new_client()
    sign_in(other, world.account(account.memberships[0].organisation, "focal_point"))
    assert "Ports" not in other.get("/searches").text
    assert "Your last searches" not in other.get("/search").text
    for what in ("rename", "unfollow"):
        assert other.post(f"/searches/{kept.ref}/{what}", data={"name": "Mine"}).status_code == 404
    assert new_client().get("/searches").status_code == 302


def test_what_is_new_is_counted_until_one_looks(
    client: FlaskClient, account: Any, index: Any, world: World, clock: MovableClock
) -> None:
    world.need(world.organisation(), title="Old ports", posted_at=clock.now())
    index()
    follow(client)
    assert "Nothing new" in client.get("/searches").text
    world.now = clock.move(minutes=20)
    world.need(world.organisation(), title="New ports", posted_at=clock.now())
    world.need(world.organisation(), title="New ports, hidden", posted_at=clock.now(), disclosure="own")
    world.need(world.organisation(), title="New judges", posted_at=clock.now())
    index()
    clock.move(minutes=20)
    assert "1 new record<" in client.get("/searches").text
    client.get("/search?q=ports")
    assert "Nothing new" in client.get("/searches").text


def test_without_an_index_the_page_still_opens(
    client: FlaskClient, account: Any, world: World, clock: MovableClock
) -> None:
    follow(client)
    clock.move(minutes=20)
    world.need(world.organisation(), title="New ports", posted_at=clock.now())
    assert "The index is being repaired" in client.get("/searches").text


def test_the_last_ten_are_offered_under_an_empty_box(
    client: FlaskClient, account: Any, clock: MovableClock, tx: Tx
) -> None:
    for number in range(12):
        client.get(f"/search?q=word{number}")
        clock.move(minutes=1)
    client.get("/search?q=word11&country=SN")
    client.get("/search?q=word11&page=2")
    client.get("/search")
    names = [past.name for past in tx.scalars(select(PastSearch).order_by(PastSearch.searched_at.desc()))]
    assert names == ["word11 · Senegal", *(f"word{number}" for number in range(10, 1, -1))]
    page = client.get("/search").text
    assert "Your last searches" in page
    assert "/search?q=word11&amp;country=SN" in page


def test_they_can_be_cleared_and_switched_off(client: FlaskClient, account: Any, tx: Tx) -> None:
    client.get("/search?q=ports")
    client.post("/searches/history", data={"wish": "clear"})
    assert tx.scalars(select(PastSearch)).all() == []
    client.get("/search?q=ports")
    client.post("/searches/history", data={"wish": "off"})
    client.get("/search?q=ports")
    assert tx.scalars(select(PastSearch)).all() == []
    assert "Your last searches are not kept" in client.get("/searches").text
    client.post("/searches/history", data={"wish": "on"})
    client.get("/search?q=ports")
    assert len(tx.scalars(select(PastSearch)).all()) == 1


def test_nobody_elses_searches_are_kept(client: FlaskClient, tx: Tx) -> None:
    client.get("/search?q=ports")
    assert tx.scalars(select(PastSearch)).all() == []


def test_they_are_taken_along_forgotten_in_time_and_erased(
    client: FlaskClient, account: Any, tx: Tx, world: World, clock: MovableClock
) -> None:
    follow(client)
    client.get("/search?q=judges")
    kept = json.loads(client.submit("/account/data", {}).get_data(as_text=True))
    assert kept["saved_searches"][0]["name"] == "Ports"
    assert kept["past_searches"][0]["address"] == "?q=judges"
    clock.move(days=31)
    forget_old(tx, clock.now())
    tx.expire_all()
    assert tx.scalars(select(PastSearch)).all() == []
    service.keep_history(tx, world.actor(account), clock.now(), on=False)
    erase(tx, account)
    for model in (SavedSearch, PastSearch, HistoryOff):
        assert tx.scalars(select(model)).all() == []


def test_new_finds_follow_the_reader_of_the_hour(world: World, index: Any, tx: Tx, clock: MovableClock) -> None:
    """What a digest will ask: with the rights of the person at that moment."""
    state = world.organisation()
    owner, stranger = world.actor(world.account(state)), world.somebody("donor")
    need = world.need(state, title="Ports", disclosure="own", posted_at=clock.now())
    engine = index()
    before = clock.now().replace(hour=1)
    assert saved.new_finds(tx, owner, engine, "?q=ports", before) == (("need", need.id),)
    assert saved.new_finds(tx, stranger, engine, "?q=ports", before) == ()
    assert saved.new_finds(tx, owner, engine, "?q=ports", clock.now()) == ()
