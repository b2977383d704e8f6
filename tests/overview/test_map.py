import gzip
import re
from datetime import UTC, datetime

import pytest
from lxml import etree

from app.overview.atlas import atlas
from app.overview.rules import MONTHS
from app.reference.countries import countries
from app.reference.groupings import groupings

SVG = "{http://www.w3.org/2000/svg}"
LARGEST_PICTURE = 25_000
LARGEST_MAP = 50_000


def pictures(text):
    """The parts of a picture that stand for something open or covered, by class."""
    assert etree.fromstring(text.encode()).tag == f"{SVG}svg"
    return re.findall(r"map__(?:land|dot)--(\w+)\"", text)


def links(page):
    figure = page[page.index('<svg class="map"') : page.index("</svg>", page.index('<svg class="map"'))]
    return re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', figure), figure


def test_the_picture_is_an_image_that_browsers_may_style_and_keep(client, world):
    world.need(world.organisation())
    answer = client.get("/map.svg")
    assert answer.mimetype == "image/svg+xml"
    assert pictures(answer.text) == ["open"]
    assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" in answer.headers["Vary"]


def test_the_policy_lets_the_pictures_own_style_in(client, tx):
    from base64 import b64encode
    from hashlib import sha256

    answer = client.get("/map.svg")
    style = re.search(r"<style>(.+?)</style>", answer.text, re.DOTALL).group(1)
    mark = b64encode(sha256(style.encode()).digest()).decode()
    assert f"'sha256-{mark}'" in answer.headers["Content-Security-Policy"]


def test_a_hidden_need_is_not_on_the_map_for_those_who_may_not_see_it(client, new_client, world, sign_in):
    world.need(world.organisation(country="PE"), disclosure="members")
    world.need(world.organisation(country="CV"), disclosure="own")
    assert pictures(client.get("/map.svg").text) == []
    assert links(client.get("/overview").text)[0] == []
    member = new_client()
    sign_in(member, world.account(world.organisation("donor", country="NO")))
    answer = member.get("/map.svg")
    assert pictures(answer.text) == ["open"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["ETag"] != client.get("/map.svg").headers["ETag"]


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_an_unchanged_picture_is_not_sent_again(client, world, encoding):
    headers = {"Accept-Encoding": encoding}
    mark = client.get("/map.svg", headers=headers).headers["ETag"]
    again = client.get("/map.svg", headers=headers | {"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    world.need(world.organisation())
    assert client.get("/map.svg", headers=headers | {"If-None-Match": mark}).status_code == 200


def test_classes_differ_by_pattern(client, world):
    for country, covered in (("PE", 0), ("GY", 1), ("BO", 2)):
        need = world.need(world.organisation(country=country), lines=[{}, {}])
        lines = [{"need_line_id": line.id, "quantity": 20} for line in need.lines[:covered]]
        if lines:
            world.pledge(need, world.organisation("donor"), lines=lines, accepted_at=world.now)
    text = client.get("/map.svg").text
    assert sorted(pictures(text)) == ["open", "partly", "whole"]
    assert text.count('fill="url(#hatch)"') == text.count('fill="url(#grid)"') == 1


def test_the_picture_is_light_even_when_the_whole_world_asks(client, world):
    world.need(world.organisation(), countries=list(countries()))
    sent = client.get("/map.svg", headers={"Accept-Encoding": "gzip"})
    assert len(pictures(gzip.decompress(sent.data).decode())) >= len(countries())
    assert len(sent.data) <= LARGEST_PICTURE


@pytest.mark.parametrize("grouping", ["", *sorted(groupings())])
def test_the_map_is_light_in_every_crop(client, world, grouping):
    world.need(world.organisation(), countries=list(countries()))
    page = client.get(f"/overview?grouping={grouping}").text
    assert len(gzip.compress(links(page)[1].encode())) <= LARGEST_MAP


def test_every_country_that_asks_or_is_offered_something_is_a_link_with_a_name(client, world):
    world.need(world.organisation(country="PE"), lines=[{}, {}], countries=["PE", "CV"])
    world.programme(world.organisation("donor", country="NO"), countries=["KE"])
    found, figure = links(client.get("/overview").text)
    assert dict(found) == {
        "/countries/PE": "Peru: 1 open need, 0 of 2 items covered",
        "/countries/CV": "Cape Verde: 1 open need, 0 of 2 items covered",
        "/countries/KE": "Kenya: no open need, 1 offer",
    }
    assert figure.count("<a ") == len(found)


def test_a_grouping_crops_the_map_to_its_members(client, world):
    world.need(world.organisation(), countries=["SN", "PE"])
    page = client.get("/overview?grouping=ECOWAS").text
    found, figure = links(page)
    assert [href for href, _name in found] == ["/countries/SN"]
    left, top, width, _height = map(float, re.search(r'viewBox="([^"]+)"', figure).group(1).split())
    assert left > 0
    assert top > 0
    assert width < atlas("full").width / 3


def test_a_country_looks_the_same_in_the_world_and_near_by(client, world):
    world.programme(world.organisation("donor", country="NO"), countries=[], groupings=["ECOWAS"])
    name = "Senegal: no open need, 1 offer"
    for grouping in ("all", "ECOWAS", "AU"):
        assert ("/countries/SN", name) in links(client.get(f"/overview?grouping={grouping}").text)[0]


def test_the_front_page_says_in_words_what_the_map_shows(client, world):
    world.need(world.organisation(), countries=["SN", "PE"])
    page = client.get("/").text
    assert 'src="/map.svg"' in page
    assert "Map of the world: 2 countries have open needs. In 2 of them most items are uncovered." in page


def test_a_country_shows_its_needs_by_month_as_far_as_one_may_see_them(client, new_client, world, sign_in):
    world.need(world.organisation(), posted_at=datetime(2026, 10, 5, tzinfo=UTC))
    world.need(world.organisation(), posted_at=datetime(2026, 10, 30, tzinfo=UTC), disclosure="members")
    world.need(world.organisation(), posted_at=datetime(2024, 11, 30, tzinfo=UTC))
    world.need(world.organisation(country="PE"))
    assert "1 need was posted from Dec 2024 to Nov 2026" in client.get("/countries/SN").text
    member = new_client()
    sign_in(member, world.account(world.organisation("donor", country="NO")))
    page = member.get("/countries/SN").text
    assert "2 needs were posted from Dec 2024 to Nov 2026" in page
    assert page.count('class="ledger__covered" x=') == 1
    assert page.count('class="ledger__open" x=') == MONTHS - 1
    assert "Oct 2026" in page


@pytest.mark.parametrize("word", ["peru", "Pérou", "PE", "per", "PERU "])
def test_a_country_is_found_by_name_or_code(client, tx, word):
    page = client.get("/countries", query_string={"q": word}).text
    assert "/countries/PE" in page
    assert "/countries/SN" not in page


def test_every_country_is_in_the_list_and_a_strange_word_finds_none(client, full_list):
    page = client.get("/countries").text
    assert all(f'href="/countries/{iso2}"' in page for iso2 in full_list)
    assert "No country answers to" in client.get("/countries?q=atlantis").text


@pytest.fixture
def full_list(world):
    world.need(world.organisation())
    return list(countries())
