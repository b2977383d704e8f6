"""The map of the site: every public page and no other, as it was last seen to change."""

from __future__ import annotations

from lxml import etree

from app.exchange.feeds import addresses
from app.exchange.feeds.addresses import OWN_PAGES

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def located(answer) -> list[str]:
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return [each.text.removeprefix("http://localhost") for each in etree.fromstring(answer.data).iter(f"{SPACE}loc")]


def test_every_public_page_is_in_a_part_and_nothing_else(client, world, monkeypatch):
    donor, state = world.organisation("donor"), world.organisation("state")
    shown = [world.programme(donor) for _ in range(3)]
    need = world.need(state)
    world.programme(donor, disclosure="own")
    world.need(state, disclosure="members")
    monkeypatch.setattr(addresses, "MOST", 2)
    names = [path.split(":5000")[-1] for path in located(client.get("/sitemap.xml"))]
    assert "/sitemap-programme-2.xml" in names
    assert "/sitemap-programme-3.xml" not in names
    pages = [page.split(":5000")[-1] for name in names for page in located(client.get(name))]
    assert len(pages) == len(set(pages))
    assert {f"/programmes/{one.ref}" for one in shown} == {page for page in pages if page.startswith("/programmes/")}
    assert [page for page in pages if page.startswith("/needs/")] == [f"/needs/{need.ref}"]
    assert {"/", "/countries/SN", f"/organisations/{donor.ref}"} <= set(pages)
    assert client.get("/sitemap-programme-3.xml").status_code == 404
    assert client.get("/sitemap-lesson-1.xml").status_code == 404


def test_own_pages_open_without_an_account(client, app):
    with app.test_request_context():
        from flask import url_for

        paths = [url_for(endpoint) for endpoint in OWN_PAGES]
    assert {client.get(path).status_code for path in paths} == {200}


def test_whoever_has_a_part_is_told_so_and_hidden_changes_move_nothing(client, world, clock, tx):
    programme = world.programme(world.organisation("donor"), posted_at=clock.now(), changed_at=clock.now())
    first = client.get("/sitemap-programme-1.xml")
    assert b"<lastmod>2026-11-23T09:00:00+00:00</lastmod>" in first.data
    clock.move(hours=1)
    programme.contact, programme.changed_at = "Somebody else", clock.now()
    tx.flush()
    headers = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/sitemap-programme-1.xml", headers=headers).status_code == 304
    index = client.get("/sitemap.xml")
    assert client.get("/sitemap.xml", headers={"If-None-Match": index.headers["ETag"]}).status_code == 304


def test_the_sign_of_the_site_is_where_browsers_look_for_it(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 308
    assert answer.location.startswith("/static/img/favicon.svg")


def test_robots_are_told_where_the_map_is(client):
    text = client.get("/robots.txt").text
    assert "Sitemap: http://localhost:5000/sitemap.xml" in text
    assert "Disallow: /sign-in\n" in text
