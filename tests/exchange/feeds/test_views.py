"""The feeds on the site: sound by RFC 4287, for strangers alone, and still where nothing public has changed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from lxml import etree

from app.foundation.wording.versions import keep_version
from app.programmes.changes import snapshot

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def feed_of(answer) -> etree._Element:
    """The feed, checked by the rules of RFC 4287 that readers trip over."""
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    feed = etree.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, (element.tag, name)
            assert element.findtext(f"{ATOM}{name}")
        moment = datetime.fromisoformat(element.findtext(f"{ATOM}updated"))
        assert moment.utcoffset() == timedelta(0)
        assert element.findtext(f"{ATOM}author/{ATOM}name")
        assert element.findtext(f"{ATOM}id").startswith("tag:localhost,2026:")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links.keys() == {"self", "alternate", "license"}
    ids = [each.text for each in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    stamps = [each.findtext(f"{ATOM}updated") for each in feed.findall(f"{ATOM}entry")]
    assert feed.findtext(f"{ATOM}updated") == max(stamps, default=feed.findtext(f"{ATOM}updated"))
    return feed


def titles(feed: etree._Element) -> list[str]:
    return [each.findtext(f"{ATOM}title") for each in feed.iter(f"{ATOM}entry")]


@pytest.fixture
def state(world):
    return world.organisation("state", country="SN")


def test_a_search_is_followed_newest_first(client, world, state, now, index):
    donor = world.organisation("donor")
    world.need(state, title="Ports & <b>sea</b>\x0b", posted_at=now - timedelta(days=2), countries=["SN"])
    world.programme(donor, title="Ports of Senegal", posted_at=now - timedelta(days=1), countries=["SN"])
    world.programme(donor, title="Laboratories", posted_at=now, countries=["GH"])
    index()
    feed = feed_of(client.get("/search.atom?q=ports"))
    assert titles(feed) == ["Ports of Senegal", "Ports & <b>sea</b>"]
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith("/search.atom?q=ports")
    assert titles(feed_of(client.get("/search.atom"))) == ["Laboratories", *titles(feed)]
    assert titles(feed_of(client.get("/countries/sn.atom"))) == titles(feed)
    assert titles(feed_of(client.get("/themes/prisons.atom"))) == []
    assert titles(feed_of(client.get("/search.atom?q=ports+zzqqxx"))) == []
    for address in ("/countries/XX.atom", "/themes/none.atom"):
        assert client.get(address).status_code == 404


def test_entries_speak_the_language_that_is_asked_for_or_their_own(client, world, state, index):
    need = world.need(state, title="Ports", language="fr")
    world.programme(world.organisation("donor", names={"fr": "Aide du Nord"}), title="Sea", language="en")
    index()
    own = feed_of(client.get("/search.atom"))
    assert {each.get(LANG) for each in own.iter(f"{ATOM}entry")} == {"fr", "en"}
    french = feed_of(client.get("/search.atom?lang=fr"))
    assert french.get(LANG) == "fr"
    assert "Aide du Nord" in [each.text for each in french.iter(f"{ATOM}name")]
    assert "Besoin" in {each.get("label") for each in french.iter(f"{ATOM}category")}
    assert f"tag:localhost,2026:{need.ref}" in [each.text for each in french.iter(f"{ATOM}id")]


def test_a_feed_is_for_strangers_whoever_asks(client, sign_in, world, index):
    donor = world.organisation("donor")
    world.programme(donor, title="Shown")
    world.programme(donor, title="Own", disclosure="own")
    world.programme(donor, title="Members", disclosure="members")
    index()
    before = client.get("/search.atom").data
    sign_in(client, world.account(donor))
    after = client.get("/search.atom")
    assert after.data == before
    assert after.headers["Cache-Control"] == "public, no-cache"
    assert titles(feed_of(after)) == ["Shown"]


def test_a_hidden_change_moves_nothing_and_a_public_one_does(client, world, tx, now, clock, index):
    donor = world.organisation("donor")
    programme = world.programme(donor, contact="Anna", field_disclosure={"contact": "members"}, posted_at=now)
    actor = world.actor(world.account(donor))
    keep_version(tx, actor, programme, snapshot(programme), now)
    index()
    first = client.get("/search.atom")
    headers = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/search.atom", headers=headers).status_code == 304
    stamp = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/search.atom", headers=stamp).status_code == 304
    clock.move(hours=1)

    def amend(**words: str) -> None:
        for name, text in words.items():
            setattr(programme, name, text)
        programme.changed_at = clock.now()
        tx.flush()
        keep_version(tx, actor, programme, snapshot(programme), clock.now())
        index()

    amend(contact="Bert")
    assert client.get("/search.atom", headers=headers).status_code == 304
    clock.move(hours=1)
    amend(title="Another title")
    changed = client.get("/search.atom", headers=stamp)
    assert feed_of(changed).find(f"{ATOM}entry").findtext(f"{ATOM}updated") == "2026-11-23T11:00:00+00:00"


def test_pages_lead_to_their_feeds(client, world, state, index):
    world.need(state, countries=["SN"], themes=["prisons"])
    index()
    for page, feed in (
        ("/search?theme=prisons", "/search.atom?theme=prisons"),
        ("/countries/SN", "/countries/SN.atom"),
        ("/themes/prisons", "/themes/prisons.atom"),
    ):
        assert client.get(page).text.count(f'href="{feed}"') == 2, page
