"""Pages for anybody are given again while nothing has changed, and never after: on databases that really commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from app import create_app
from app.config import Settings
from app.foundation import migrate, tally
from app.foundation.db import Database
from app.foundation.kept import pages as kept_pages
from app.foundation.kept.pages import Kept, KeptPages, Shelf
from app.foundation.permissions import ANONYMOUS
from app.needs.models import Need
from tests.factories import World
from tests.house import MovableClock

# A PostgreSQL server tells of commits to its other databases too: pages are then drawn once more than need be.
COUNTING = pytest.mark.one_engine


@pytest.fixture(scope="module")
def whole(new_database: Any, engine_name: str) -> Database:
    database = new_database(engine_name)
    migrate.upgrade(database)
    return database


@pytest.fixture
def site(whole: Database, settings: Settings, clock: MovableClock) -> Iterator[Flask]:
    app = create_app(replace(settings, database_url=whole.url), whole)
    app.extensions["counterpart"].clock = clock
    yield app
    app.extensions["counterpart"].parts["search"].close()


@pytest.fixture
def browser(site: Flask) -> FlaskClient:
    return FlaskClient(site)


@pytest.fixture
def drawn(site: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which views were asked for a page."""
    seen: list[str] = []
    for name, view in list(site.view_functions.items()):
        monkeypatch.setitem(site.view_functions, name, _noted(seen, name, view))
    return seen


def _noted(seen: list[str], name: str, view: Any) -> Any:
    def noted(**values: Any) -> Any:
        seen.append(name)
        return view(**values)

    return noted


@pytest.fixture
def need(whole: Database, now: datetime) -> Iterator[str]:
    with whole.transaction() as tx:
        world = World(tx, now)
        need = world.need(world.organisation())
        tx.flush()
        ref = need.ref
    yield f"/needs/{ref}"
    with whole.transaction() as tx:
        tx.execute(delete(Need).where(Need.ref == ref))


@COUNTING
def test_the_same_page_is_drawn_once_and_its_scripts_run_with_a_new_word(browser, drawn, need):
    first, second = browser.get(need), browser.get(need)
    assert drawn == ["needs.page"]
    words = [answer.headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0] for answer in (first, second)]
    assert words[0] != words[1]
    for answer, own, other in ((first, *words), (second, *reversed(words))):
        assert own in answer.text
        assert other not in answer.text
    assert first.text.replace(words[0], "") == second.text.replace(words[1], "")
    assert {name for name, _value in first.headers} == {name for name, _value in second.headers}
    assert first.headers["Content-Type"] == second.headers["Content-Type"] == "text/html; charset=utf-8"


@COUNTING
def test_what_the_view_says_besides_is_said_again(site, browser, drawn, need, monkeypatch):
    view = site.view_functions["needs.page"]

    def saying_more(**values: Any) -> Any:
        answer = view(**values)
        answer.headers["Link"] = "</needs.csv>; rel=alternate"
        return answer

    monkeypatch.setitem(site.view_functions, "needs.page", saying_more)
    assert [browser.get(need).headers["Link"] for _again in range(2)] == ["</needs.csv>; rel=alternate"] * 2
    assert len(drawn) == 1


@COUNTING
def test_what_anybody_commits_is_there_at_the_next_look(browser, drawn, need, whole):
    elsewhere = Database(whole.url)
    try:
        for title in ("Trainers for the border", "Trainers for the harbour"):
            browser.get(need)
            with elsewhere.transaction() as tx:
                tx.execute(update(Need).where(Need.ref == need.rpartition("/")[2]).values(title=title))
            assert title in browser.get(need).text
    finally:
        elsewhere.close()
    assert len(drawn) == 3


def test_what_is_closed_to_everybody_is_gone_at_once(browser, need, whole):
    assert [browser.get(need).status_code for _again in range(2)] == [200, 200]
    with whole.transaction() as tx:
        tx.execute(update(Need).where(Need.ref == need.rpartition("/")[2]).values(disclosure="own"))
    assert browser.get(need).status_code == 404


def test_what_is_not_committed_is_not_shown_and_what_is_taken_back_never_was(browser, need, whole):
    before = browser.get(need).text
    with pytest.raises(RuntimeError), whole.transaction() as tx:
        tx.execute(update(Need).where(Need.ref == need.rpartition("/")[2]).values(title="Never said"))
        tx.flush()
        assert "Never said" not in browser.get(need).text
        raise RuntimeError
    assert "Never said" not in browser.get(need).text
    assert before.count("<article") == browser.get(need).text.count("<article")


def test_a_page_that_was_drawn_while_something_changed_is_of_the_past(site, browser, drawn, need, whole, monkeypatch):
    ref, view = need.rpartition("/")[2], site.view_functions["needs.page"]

    def meanwhile(**values: Any) -> Any:
        answer = view(**values)
        with whole.transaction() as tx:
            tx.execute(update(Need).where(Need.ref == ref).values(title="Changed meanwhile"))
        return answer

    with monkeypatch.context() as patch:
        patch.setitem(site.view_functions, "needs.page", meanwhile)
        assert "Changed meanwhile" not in browser.get(need).text
    assert "Changed meanwhile" in browser.get(need).text


@COUNTING
def test_each_minute_each_language_and_each_address_has_its_own(browser, drawn, need, clock):
    for _again in range(2):
        browser.get(need)
        browser.get(need, headers={"Accept-Language": "fr"})
        browser.get(f"{need}?beside=en")
        browser.get(need, base_url="http://127.0.0.1:5000")
    assert len(drawn) == 4
    clock.move(minutes=1)
    browser.get(need)
    assert len(drawn) == 5


@COUNTING
def test_an_index_that_has_changed_makes_pages_anew(site, browser, drawn, monkeypatch):
    marks = iter(["one", "one", "two"])
    monkeypatch.setattr(KeptPages, "mark_of_index", lambda _self: next(marks))
    for _again in range(3):
        browser.get("/needs")
    assert len(drawn) == 2


@COUNTING
@pytest.mark.parametrize(
    "address",
    ["/sign-in", "/invitations/somebodys-own-word", "/organisations/apply", "/needs/N-2222-2222", "/sitemap.xml"],
)
def test_forms_mistakes_and_files_are_not_kept(browser, drawn, address):
    browser.get(address)
    browser.get(address)
    assert len(drawn) == 2


def test_whoever_brings_something_along_is_answered_for_himself(site, browser, drawn, need):
    browser.get(need)
    with browser.session_transaction() as cookie:
        cookie["_flashes"] = [("success", "It was sent.")]
    assert "It was sent." in browser.get(need).text
    assert "It was sent." not in browser.get(need).text
    assert "It was sent." not in FlaskClient(site).get(need).text


@COUNTING
def test_somebody_signed_in_is_neither_given_a_kept_page_nor_leaves_one(site, need, drawn, monkeypatch):
    browser = FlaskClient(site)
    official = replace(ANONYMOUS, account_id=1, name="Ana")
    alone = [one for one in site.before_request_funcs[None] if isinstance(getattr(one, "__self__", 0), KeptPages)]
    assert len(alone) == 1
    monkeypatch.setitem(site.before_request_funcs, None, [lambda: setattr(g, "actor", official), *alone])
    for _again in range(2):
        browser.get(need)
    assert len(drawn) == 2


@COUNTING
def test_what_went_another_way_than_usual_is_not_kept(site, browser, drawn, need, monkeypatch):
    view = site.view_functions["needs.page"]

    def counting(**values: Any) -> Any:
        tally.count("search_from_database")
        return view(**values)

    monkeypatch.setitem(site.view_functions, "needs.page", counting)
    browser.get(need)
    browser.get(need)
    assert len(drawn) == 2


@COUNTING
def test_a_database_that_is_gone_keeps_nothing(site, browser, drawn, monkeypatch):
    marks = site.extensions["counterpart"].database.marks
    monkeypatch.setattr(marks, "mark", lambda: None)
    browser.get("/needs")
    browser.get("/needs")
    assert len(drawn) == 2


def test_the_shelf_is_no_larger_than_its_room():
    shelf = Shelf(room=1000)
    for number in range(20):
        shelf.keep(number, Kept(b"x" * 300, b"w", "state"))
        shelf.find(0, "state")
    assert shelf.taken <= 1000
    assert shelf.find(0, "state"), "what is asked for again and again stays"
    assert shelf.find(19, "state")
    assert shelf.find(1, "state") is None
    assert shelf.find(19, "another state") is None
    shelf.keep(19, Kept(b"y", b"w", "another state"))
    assert shelf.find(19, "another state").body == b"y"
    assert shelf.taken == 601
    assert kept_pages.ROOM > kept_pages.LARGEST
