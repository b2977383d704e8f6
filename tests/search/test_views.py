"""The search page, through the test client."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from tests.factories import World
from tests.pages import CheckingClient


def test_a_page_of_results_is_as_long_as_one_asks(client: CheckingClient, world: World) -> None:
    world.need(world.organisation(), title="Ports")
    page = client.get("/search?q=ports&size=50").text
    assert '<option value="50" selected>' in page
    assert '<option value="" selected>20</option>' in client.get("/search?q=ports&size=7").text


def test_nothing_found_says_what_to_do(client: CheckingClient) -> None:
    page = client.get("/search?q=zzqqxx").text
    assert "Nothing was found" in page
    assert "Try fewer or other words" in page
    assert "Sign in to follow this search" in page


def test_a_prefix_stands_as_a_tag_and_a_tick_and_the_words_stay_in_the_box(
    client: CheckingClient, world: World, index: Any
) -> None:
    world.need(world.organisation(country="SN"), title="Judges")
    index()
    page = html.fromstring(client.get("/search?q=country:Senegal+judges&sort=newest").text)
    assert page.xpath("//input[@id='q']/@value") == ["judges"]
    assert page.xpath("//form[@id='filters']//input[@name='country'][@checked]/@value") == ["SN"]
    assert page.xpath("//form[@id='filters']/input[@name='q']/@value") == ["judges"]
    assert page.xpath("//a[@class='chip']/@href") == ["?q=judges&sort=newest"]
    kept = page.xpath("//form[@role='search']/input[@type='hidden']")
    assert [(one.get("name"), one.get("value")) for one in kept] == [("country", "SN"), ("sort", "newest")]
    assert "In the title:" in page.text_content()


def test_what_was_not_understood_is_said_and_stays_in_the_box(client: CheckingClient) -> None:
    page = client.get("/search?q=country:Wakanda+judges&from=soon").text
    assert "No country is called “Wakanda”" in page
    assert "“soon” is no date" in page
    assert 'value="country:Wakanda judges"' in page


def test_near_me_is_one_tick_with_its_reason(client: CheckingClient, world: World, index: Any, sign_in: Any) -> None:
    world.need(world.organisation(country="GH"), title="Judges")
    index()
    assert 'value="near"' not in client.get("/search").text
    sign_in(client, world.account(world.organisation(country="SN")))
    page = client.get("/search?grouping=near").text
    assert '<input class="ds-input" type="checkbox" name="grouping" value="near" id="facet-grouping-1" checked>' in page
    assert "Near me: the regional groupings of Senegal, which are AU, ECOWAS" in page


def test_with_a_broken_index_the_page_answers_from_the_database(client: CheckingClient, world: World) -> None:
    world.need(world.organisation(), title="Ports and judges", starts_on=None, ends_on=None)
    page = client.get('/search?q="ports and" judges country:Wakanda').text
    assert "plain results from the titles alone" in page
    assert "Ports and judges" in page
    assert "No country is called" in page
    assert "Ports and judges" not in client.get("/search?q=ports&from=2027").text


@pytest.mark.parametrize(
    "query", ["q=" + "%22" * 200, "q=country%3A%22", "from=%F0%9F%92%A9&to=-", "grouping=near&page=9e9"]
)
def test_no_address_breaks_the_page(client: CheckingClient, index: Any, query: str) -> None:
    index()
    assert client.get(f"/search?{query}").status_code == 200
