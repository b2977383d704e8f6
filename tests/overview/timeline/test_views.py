"""The page of who is where when, and its file."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest


@pytest.fixture
def donor(world):
    return world.organisation("donor", country="NO", name="Agency")


def names(page):
    return re.findall(r'class="gantt__name"[^>]*>([^<]+)<', page)


def test_a_country_shows_programmes_sessions_and_pledges(client, world, donor):
    world.programme(donor, title="A programme")
    centre = world.organisation("centre", name="Centre")
    course = world.course(centre, title="A course", sessions=[{}, {"country": "GH"}, {"status": "cancelled"}])
    need = world.need(world.organisation(), title="A need")
    pledge = world.pledge(need, donor, accepted_at=world.now)
    page = client.get("/overview/timeline?country=SN").text
    assert names(page) == ["A need", "A programme", "A course"] or names(page) == ["A programme", "A need", "A course"]
    assert re.findall(r'class="gantt__group"[^>]*>([^<]+)<', page) == ["Agency", "Centre"]
    assert f"/courses/{course.ref}/sessions/{course.sessions[0].ref}" in page
    assert f"/pledges/{pledge.ref}" in page
    assert 'role="img" aria-labelledby="gantt-title gantt-desc"' in page
    assert "Q4 2024 – Q3 2028" in page
    assert 'class="gantt__today"' in page


def test_a_theme_can_put_together_what_overlaps(client, world, donor):
    other = world.organisation("donor", country="SE", name="Bureau")
    world.programme(donor, title="First", themes=["customs", "prisons"], starts_on=date(2025, 5, 1))
    world.programme(other, title="Second", themes=["prisons"], starts_on=date(2026, 5, 1))
    world.programme(other, title="Third", themes=["customs"])
    page = client.get("/overview/timeline?theme=prisons&by=theme").text
    assert names(page) == ["First · Agency", "Second · Bureau"]
    assert re.findall(r'class="gantt__group"[^>]*>([^<]+)<', page) == ["Prisons"]


def test_a_programme_for_a_grouping_is_for_its_members(client, world, donor):
    world.programme(donor, title="Regional", countries=[], groupings=["ECOWAS"])
    assert names(client.get("/overview/timeline?country=SN").text) == ["Regional"]
    assert "Nothing in these years" in client.get("/overview/timeline?country=PE").text


def test_other_years_can_be_shown(client, world, donor):
    world.programme(donor, title="Long ago", starts_on=date(2015, 1, 1), ends_on=date(2016, 1, 1), status="4")
    assert "Nothing in these years" in client.get("/overview/timeline?country=SN").text
    page = client.get("/overview/timeline?country=SN&from=2014-Q3").text
    assert names(page) == ["Long ago"]
    assert 'class="gantt__today"' not in page
    assert "country=SN&amp;from=2012-Q3" in page


def test_what_has_no_dates_is_counted_beside(client, world, donor):
    world.programme(donor, title="Dated")
    world.programme(donor, title="Undated", starts_on=None, ends_on=None)
    page = client.get("/overview/timeline?country=SN").text
    assert names(page) == ["Dated"]
    assert "1 programme says neither when it begins nor when it ends" in page


def test_one_has_to_choose_but_an_authority_begins_at_home(client, new_client, world, sign_in, donor):
    world.programme(donor, title="Here")
    assert "Choose a country or a theme" in client.get("/overview/timeline").text
    official = new_client()
    sign_in(official, world.account(world.organisation(country="SN")))
    assert names(official.get("/overview/timeline").text) == ["Here"]
    assert "Choose a country or a theme" in official.get("/overview/timeline?country=&theme=").text


def test_many_lines_stand_on_pages_and_all_in_the_file(client, world, donor):
    for number in range(25):
        world.programme(donor, title=f"Programme {number:02}")
    assert len(names(client.get("/overview/timeline?country=SN").text)) == 20
    assert len(names(client.get("/overview/timeline?country=SN&page=2").text)) == 5
    rows = list(csv.DictReader(io.StringIO(client.get("/overview/timeline.csv?country=SN").text.lstrip("\ufeff"))))
    assert len(rows) == 25
    assert (rows[0]["From"], rows[0]["Until"], rows[0]["Kind"]) == ("2026-01-01", "2028-12-31", "Programme")


def test_titles_are_escaped_and_neutralised(client, world, donor):
    world.programme(donor, title='=1+1 <b>"bold"</b>')
    assert "<b>&" not in client.get("/overview/timeline?country=SN").text
    assert "&lt;b&gt;" in client.get("/overview/timeline?country=SN").text
    assert "'=1+1" in client.get("/overview/timeline.csv?country=SN").text


def test_the_amount_of_a_pledge_is_nowhere_on_it(client, world, donor):
    need = world.need(world.organisation())
    line = {"need_line_id": need.lines[0].id, "amount": Decimal(987654), "currency": "EUR"}
    world.pledge(need, donor, lines=[line], accepted_at=world.now)
    assert "987" not in names(client.get("/overview/timeline?country=SN").text)[0]
