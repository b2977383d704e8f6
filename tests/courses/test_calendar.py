"""The pages of the calendar and the programme of a centre, through the test client."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.foundation.db import Tx
from tests.factories import World
from tests.pages import CheckingClient

MARCH = "/courses/calendar?month=2027-03"
LIST = "/courses/calendar?view=list"
PAST: dict[str, Any] = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 6), "register_by": None}
LONG: dict[str, Any] = {"starts_on": date(2027, 2, 22), "ends_on": date(2027, 3, 10)}
NOVEMBER: dict[str, Any] = {"starts_on": date(2026, 11, 20), "ends_on": date(2026, 11, 25), "register_by": None}


@pytest.fixture
def centre(world: World) -> Any:
    return world.organisation("centre")


def test_an_empty_calendar_says_what_to_do(
    client: CheckingClient, world: World, centre: Any, sign_in: Callable[..., object]
) -> None:
    for address in ("/courses/calendar", LIST):
        page = client.get(address).text
        assert "No session is announced" in page
        assert 'href="/courses"' in page
    sign_in(client, world.account(centre))
    assert "Open one of your courses" in client.get(LIST).text


def test_an_empty_month_leads_to_the_next_session(client: CheckingClient, world: World, centre: Any) -> None:
    world.course(centre, sessions=[{}])
    page = client.get("/courses/calendar?language=fr").text
    assert "No session in November 2026" in page
    assert 'href="/courses/calendar?language=fr&amp;month=2027-03"' in page
    assert "No session fits" in client.get("/courses/calendar?language=pt").text


def test_a_month_is_a_table_with_a_caption_and_bars(client: CheckingClient, world: World, centre: Any) -> None:
    world.course(centre, title="Ports", sessions=[{}, LONG, {"status": "cancelled", "place": "Praia"}])
    page = client.get(MARCH).text
    assert "<caption" in page
    assert re.findall(r'<th scope="col">(\w+)', page)[::6] == ["Monday", "Sunday"]
    assert page.count('<td colspan="5"><a class="cal__bar"') == 2
    assert '<td colspan="7"><a class="cal__bar cal__bar--from cal__bar--on"' in page
    assert "data-off" in page
    assert "3 sessions in March 2027" in page
    assert 'href="/courses/calendar?month=2027-02"' in page
    assert 'href="/courses/calendar?month=2027-04"' in page
    assert "today" not in page


def test_today_is_marked(client: CheckingClient, world: World, centre: Any) -> None:
    world.course(centre, sessions=[NOVEMBER])
    page = client.get("/courses/calendar").text
    assert re.search(r'aria-current="date"><time datetime="2026-11-23">', page)
    assert "Under way" in page


def test_the_week_begins_as_the_browser_says(client: CheckingClient, world: World, centre: Any) -> None:
    world.course(centre, sessions=[{}])
    page = client.get(MARCH, headers={"Accept-Language": "en-US,en;q=0.5"}).text
    assert re.findall(r'<th scope="col">(\w+)', page)[0] == "Sunday"
    page = client.get(MARCH, headers={"Accept-Language": "fr"}).text
    assert re.findall(r'<th scope="col">(\w+)', page)[0] == "lundi"


def test_the_list_has_what_is_to_come_in_order(client: CheckingClient, world: World, centre: Any) -> None:
    world.course(centre, title="In March", sessions=[{}, PAST])
    world.course(centre, title="In February", sessions=[{**LONG, "seats": 17, "place": "Praia", "country": "CV"}])
    page = client.get(LIST).text
    assert page.index("In February") < page.index("In March")
    for words in ("Praia</span>, Cape Verde", "17", "Open for registration", "register by 1 February 2027", "French"):
        assert words in page, words
    assert page.count("In March") == 1
    assert "<strong>2</strong> sessions" in page


def test_a_long_list_has_pages(client: CheckingClient, world: World, centre: Any) -> None:
    world.course(centre, sessions=[{} for _n in range(23)])
    page = client.get(f"{LIST}&language=fr").text
    assert 'href="/courses/calendar?language=fr&amp;view=list&amp;page=2"' in page
    assert client.get(f"{LIST}&page=2").text.count('<th scope="row"') == 3
    assert client.get(f"{LIST}&size=50").text.count('<th scope="row"') == 23
    assert "15 more sessions in the list" in client.get(MARCH).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("theme=port_control", "Ports"), ("theme=legislation", "Courts"), ("country=CO", "Courts"),
        ("country=GH", "Ports"), ("grouping=ECOWAS", "Ports"), ("language=pt", "Courts"),
        ("format=online", "Courts"), ("open=yes", "Ports"),
        ("theme=legislation&theme=port_control&format=on_site", "Ports"),
    ],
)  # fmt: skip
def test_each_filter_narrows_both_views_and_the_feed(
    client: CheckingClient, world: World, centre: Any, query: str, found: str
) -> None:
    world.course(centre, title="Ports", themes=["port_control"], sessions=[{}])
    world.course(
        centre, title="Courts", themes=["legislation"], countries=["CO"], groupings=[], languages=["es", "pt"],
        format="online", sessions=[{"status": "full", "languages": ["pt"], "country": None}],
    )  # fmt: skip
    other = {"Ports": "Courts", "Courts": "Ports"}[found]
    for address in (f"{MARCH}&{query}", f"{LIST}&{query}", f"/courses/calendar.ics?{query}"):
        text = client.get(address).text
        assert found in text, address
        assert other not in re.sub(r"<label.*?</label>", "", text), address


def test_a_centre_has_its_own_calendar_and_programme(client: CheckingClient, world: World, centre: Any) -> None:
    course = world.course(centre, title="Ports", fee_amount=850, currency="EUR", sessions=[{}, PAST])
    world.course(centre, title="Without dates")
    world.course(world.organisation("centre"), title="Elsewhere", sessions=[{}])
    page = client.get(f"{LIST}&centre={centre.ref}").text
    assert "Elsewhere" not in page
    programme = f"/courses/programme/{centre.ref}"
    assert f'href="{programme}"' in page
    printed = client.get(programme).text
    for words in ("Ports", "Without dates", "850 EUR", "8 March 2027", "No session is announced for now."):
        assert words in printed, words
    assert "March 2026" not in printed
    assert "Elsewhere" not in printed
    for address in (f"/organisations/{centre.ref}", f"/courses/{course.ref}"):
        assert f'href="{programme}"' in client.get(address).text
        assert f'href="/courses/calendar?centre={centre.ref}"' in client.get(address).text


def test_only_centres_have_a_programme(client: CheckingClient, world: World, centre: Any) -> None:
    donor, applied = world.organisation("donor"), world.organisation("centre", status="applied")
    for ref in (donor.ref, applied.ref, "O-2222-2222"):
        assert client.get(f"/courses/programme/{ref}").status_code == 404
    assert "This centre has no course" in client.get(f"/courses/programme/{centre.ref}").text
    assert "What it teaches next" not in client.get(f"/organisations/{donor.ref}").text


def test_hidden_courses_are_nowhere(
    client: CheckingClient, new_client: Callable[[], CheckingClient], world: World, centre: Any,
    sign_in: Callable[..., object],
) -> None:  # fmt: skip
    hidden = world.course(
        centre,
        title="For members",
        disclosure="members",
        themes=["legislation"],
        languages=["pt"],
        sessions=[{}, NOVEMBER],
    )
    world.course(centre, title="Withdrawn", status="withdrawn", is_published=False, sessions=[{}])
    feed = f"/courses/{hidden.ref}/sessions/{hidden.sessions[0].ref}.ics"
    addresses = ("/courses/calendar", MARCH, LIST, "/courses/calendar.ics", f"/courses/programme/{centre.ref}",
                 f"/organisations/{centre.ref}", f"{LIST}&theme=legislation")  # fmt: skip
    for address in addresses:
        text = client.get(address).text
        assert "For members" not in text, address
        assert "Portuguese" not in text, address
        assert "Withdrawn" not in text, address
    assert client.get(feed).status_code == 404
    member = new_client()
    sign_in(member, world.account(world.organisation("state")))
    for address in (MARCH, LIST, "/courses/calendar.ics", f"/courses/programme/{centre.ref}", feed):
        answer = member.get(address)
        assert "For members" in answer.text, address
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_nonsense_in_the_address_is_passed_over(client: CheckingClient, world: World, centre: Any) -> None:
    world.course(centre, title="Ports", sessions=[{}])
    nonsense = "theme=<b>&country=XX&grouping=<b>&language=%3Cb%3E&format=x&centre='&open=no&page=x&size=9&lang=xx"
    assert "Ports" in client.get(f"{LIST}&{nonsense}").text
    assert "Ports" in client.get(f"/courses/calendar.ics?{nonsense}").text
    assert "Ports" in client.get(f"{MARCH}&view=year").text
    for month in ("2027-13", "0000-00", "9999-12", "x"):
        assert client.get(f"/courses/calendar?month={month}").status_code == 200


def test_lists_and_desks_lead_to_the_calendar(client: CheckingClient, world: World, centre: Any) -> None:
    world.course(centre, themes=["port_control"], sessions=[{}])
    assert 'href="/courses/calendar?theme=port_control"' in client.get("/courses?theme=port_control").text
    assert 'href="/courses/calendar?country=SN&amp;view=list"' in client.get("/countries/SN").text
    assert 'href="/courses/calendar"' in client.get("/").text


def test_the_database_is_asked_as_often_for_many_as_for_one(
    client: CheckingClient, world: World, centre: Any, tx: Tx
) -> None:
    from sqlalchemy import event

    asked: list[str] = []
    world.course(centre, sessions=[{}])
    count = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(tx.get_bind(), "before_cursor_execute", count)
    numbers = []
    for _turn in range(2):
        tx.expunge_all()
        asked.clear()
        client.get(MARCH)
        client.get(LIST)
        client.get("/courses/calendar.ics")
        numbers.append(len(asked))
        for _n in range(10):
            world.course(centre, sessions=[{}, {}])
        tx.flush()
    event.remove(tx.get_bind(), "before_cursor_execute", count)
    assert numbers[0] == numbers[1]
