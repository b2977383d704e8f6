"""The page of who does what, and its file."""

import csv
import io
import re
from decimal import Decimal

import pytest


@pytest.fixture
def donors(world):
    return [world.organisation("donor", country="NO", name=name) for name in ("Agency", "Bureau")]


def cells(page):
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        re.findall(r"heat heat--(\d)\">(?:<b>|<span class=\"muted\">)(\d+)<", row) for row in body.split("<tr>")[1:]
    ]


def test_donors_by_themes_with_numbers_shades_and_sums(client, world, donors):
    agency, bureau = donors
    for _number in range(4):
        world.programme(agency, themes=["prisons"], budget_amount=Decimal(1_500_000), currency="EUR")
    world.programme(bureau, themes=["customs", "prisons"])
    need = world.need(world.organisation(), themes=["customs"])
    world.pledge(need, bureau, accepted_at=world.now)
    page = client.get("/overview/who").text
    assert "2 donors" in page
    assert cells(page) == [[("4", "4"), ("0", "0")], [("1", "1"), ("2", "2")]]
    assert "1 of them is a pledge" in page
    assert "6M" in page
    foot = page[page.index("<tfoot>") : page.index("</tfoot>")]
    assert re.findall(r"<b>(\d+)</b>", foot) == ["5", "2", "6"]
    assert f"/organisations/{agency.ref}" in page


def test_with_a_theme_the_columns_are_countries(client, world, donors):
    world.programme(donors[0], themes=["prisons"], countries=["SN", "CV"])
    page = client.get("/overview/who?theme=prisons").text
    head = page[page.index("<thead>") : page.index("</thead>")]
    assert re.findall(r'class="num">([^<]+)<', head) == ["Cape Verde", "Senegal", "All"]


def test_many_donors_stand_on_pages_and_all_in_the_file(client, world):
    for number in range(23):
        world.programme(world.organisation("donor", name=f"Donor {number}"))
    assert len(cells(client.get("/overview/who").text)) == 20
    assert len(cells(client.get("/overview/who?page=2").text)) == 3
    answer = client.get("/overview/who.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert list(rows[0]) == ["Donor", "Theme", "Programmes", "Accepted pledges", "Amount", "Currency"]
    assert {row["Theme"] for row in rows} == {"Asset recovery", "All"}
    assert len(rows) == 23 * 2


def test_nobody_is_there(client, tx):
    assert "Nobody is here" in client.get("/overview/who").text


def test_a_donor_who_is_kept_back_is_not_named(client, new_client, world, sign_in, donors):
    need = world.need(world.organisation())
    world.pledge(need, donors[0], accepted_at=world.now, field_disclosure={"donor": "own"})
    page = client.get("/overview/who").text
    assert "Donor not named" in page
    assert "Agency" not in page
    recipient = new_client()
    sign_in(recipient, world.account(need.organisation))
    assert "Agency" in recipient.get("/overview/who").text
