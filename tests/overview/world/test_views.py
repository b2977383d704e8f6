"""The page of the map, its table and its file."""

import csv
import io
import re
from decimal import Decimal

import pytest

from app.overview.rules import OFFERED, OPEN, PARTLY, QUIET, WHOLE
from app.overview.world.showing import STANDINGS


@pytest.fixture
def countries(world):
    """One that asks, one half covered, one covered whole, one that is only offered something."""
    donor = world.organisation("donor", country="NO")
    for country, quantity in (("PE", 0), ("GY", 10), ("BO", 20)):
        lines = [{"quantity": Decimal(10)}, {"quantity": Decimal(10)}]
        need = world.need(world.organisation(country=country), lines=lines, themes=["prisons"])
        for line in need.lines[: quantity // 10]:
            pledged = [{"need_line_id": line.id, "quantity": Decimal(10)}]
            world.pledge(need, donor, lines=pledged, accepted_at=world.now)
    world.programme(donor, countries=["KE"])


def table(page):
    body = page[page.index('<tbody role="rowgroup">') : page.index("</tbody>")]
    rows = []
    for row in body.split("<tr ")[1:]:
        name = re.search(r">([^<]+)</a>", row).group(1)
        rows.append((name, *re.findall(r'class="num"[^>]*>([^<]+)<', row)))
    return rows


def test_every_country_of_the_map_is_in_the_table(client, countries):
    page = client.get("/overview/map").text
    assert table(page) == [
        ("Peru", "1", "2", "0", "0%", "0", "0"),
        ("Guyana", "1", "2", "1", "50%", "0", "0"),
        ("Bolivia", "1", "2", "2", "100%", "0", "0"),
        ("Kenya", "0", "0", "0", "–", "1", "1"),
    ]
    figure = page[page.index('<svg class="map"') : page.index('<figcaption id="after-map"')]
    assert set(re.findall(r'href="/countries/(\w\w)"', figure)) == {"PE", "GY", "BO", "KE"}


def test_each_class_has_a_pattern_of_its_own(client, countries):
    figure = client.get("/overview/map").text.split('<figcaption id="after-map"')[0]
    filled = re.findall(r'map__land--(\w+)"[^>]*?fill="url\(#(\w+)\)"', figure)
    assert sorted(filled) == [("partly", "hatch"), ("whole", "grid")]
    assert 'id="grid"' in figure
    assert "Bolivia: 1 open need, 2 of 2 items covered" in figure


def test_every_standing_has_words():
    assert set(STANDINGS) == {OPEN, PARTLY, WHOLE, OFFERED, QUIET}


def test_a_theme_and_a_grouping_narrow_it(client, world, countries):
    world.need(world.organisation(country="SN"), themes=["customs"])
    assert [row[0] for row in table(client.get("/overview/map?theme=customs").text)] == ["Senegal"]
    assert [row[0] for row in table(client.get("/overview/map?grouping=ECOWAS").text)] == ["Senegal"]
    assert "Nothing is asked here" in client.get("/overview/map?grouping=ECOWAS&theme=prisons").text


def test_the_file_says_the_same(client, countries):
    answer = client.get("/overview/map.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(row["ISO code"], row["Open items"], row["Covered in per cent"]) for row in rows] == [
        ("PE", "2", "0"), ("GY", "1", "50"), ("BO", "0", "100"), ("KE", "0", ""),
    ]  # fmt: skip
    assert rows[2]["On the map"] == "Every requested item is covered"


def test_the_overview_leads_to_the_pictures(client, tx):
    page = client.get("/overview").text
    for picture in ("map", "who", "flows", "timeline"):
        assert f'href="/overview/{picture}"' in page
