"""What search engines read of public courses, and that nothing breaks out of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from lxml import html as reader

from app.courses.rules import TYPES
from app.foundation.languages import say
from tests.factories import World
from tests.pages import CheckingClient

ATTACKS = (
    "</script><script>alert(1)</script>", "<!--<script>", "]]>", "--!>", "</SCRIPT >", '"}</script x>',
    "\\u003c/script>", "&lt;/script&gt;", "'\"`${alert(1)}", "\u2028\u2029",
)  # fmt: skip


def read(client: CheckingClient, address: str) -> list[dict[str, Any]]:
    """The data of a page, as a browser's own parser finds them."""
    page = reader.fromstring(client.get(address).get_data(as_text=True))
    return [json.loads(script.text) for script in page.xpath("//script[@type='application/ld+json']")]


def test_a_public_course_is_told_with_its_sessions(client: CheckingClient, world: World) -> None:
    centre = world.organisation("centre")
    course = world.course(
        centre, title="Ports", fee_amount=850, currency="EUR", sessions=[{}, {"status": "cancelled"}], level="advanced",
        type="study_visit", language="fr",
    )  # fmt: skip
    [data] = read(client, f"/courses/{course.ref}")
    assert (data["@context"], data["@type"], data["name"]) == ("https://schema.org", "Course", "Ports")
    assert data["url"] == f"http://localhost:5000/courses/{course.ref}"
    assert data["learningResourceType"] == say(TYPES["study_visit"], "fr") == "Visite d’étude"
    assert data["provider"]["name"] == centre.name
    assert data["offers"] == {"@type": "Offer", "category": "Paid", "price": "850", "priceCurrency": "EUR"}
    held, off = data["hasCourseInstance"]
    assert (held["@type"], held["courseMode"], held["courseWorkload"]) == ("CourseInstance", "Onsite", "PT35H")
    assert (held["startDate"], held["endDate"]) == ("2027-03-08", "2027-03-12")
    assert held["location"]["address"]["addressCountry"] == "SN"
    assert {held["eventStatus"], off["eventStatus"]} == {
        "https://schema.org/EventScheduled",
        "https://schema.org/EventCancelled",
    }
    [data] = read(client, f"/courses/{course.ref}/sessions/{course.sessions[0].ref}")
    assert [one["identifier"] for one in data["hasCourseInstance"]] == [course.sessions[0].ref]


def test_what_is_not_known_is_not_told(client: CheckingClient, world: World) -> None:
    course = world.course(
        world.organisation("centre"),
        format="online",
        hours=None,
        fee_amount=0,
        sessions=[{"place": "", "country": None}],
    )
    [data] = read(client, f"/courses/{course.ref}")
    assert data["offers"] == {"@type": "Offer", "category": "Free", "price": "0"}
    [held] = data["hasCourseInstance"]
    assert not {"location", "courseWorkload"} & set(held)
    assert "teaches" not in data


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_people_type_breaks_out(client: CheckingClient, world: World, attack: str) -> None:
    centre = world.organisation("centre", name=f"Centre {attack}")
    course = world.course(
        centre, title=f"Title {attack}", description=attack, objectives=attack, prerequisites=attack, code=attack,
        certificate=attack, sessions=[{"place": attack}],
    )  # fmt: skip
    for address in (f"/courses/{course.ref}", f"/courses/{course.ref}/sessions/{course.sessions[0].ref}"):
        [data] = read(client, address)
        assert data["description"] == data["teaches"] == data["courseCode"] == attack
        assert data["hasCourseInstance"][0]["location"]["name"] == attack
        page = client.get(address).get_data(as_text=True)
        body = page[page.index("application/ld+json") :].partition("</script>")[0].partition(">")[2]
        assert not set("<>&") & set(body)
        scripts = reader.fromstring(page).xpath("//script")
        assert all(script.get("nonce") for script in scripts)
        assert not any("alert(1)" in (script.text or "") for script in scripts if not script.get("type"))


def test_the_nonce_is_the_policys(client: CheckingClient, world: World) -> None:
    course = world.course(world.organisation("centre"))
    answer = client.get(f"/courses/{course.ref}")
    nonce = reader.fromstring(answer.text).xpath("//script[@type='application/ld+json']/@nonce")[0]
    assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]


def test_restricted_courses_are_told_to_no_machine(
    client: CheckingClient, world: World, sign_in: Callable[..., object]
) -> None:
    centre = world.organisation("centre")
    sign_in(client, world.account(centre))
    named = world.course(centre, disclosure="named", named=[centre], sessions=[{}])
    for course in (named, *(world.course(centre, disclosure=tier, sessions=[{}]) for tier in ("members", "own"))):
        assert read(client, f"/courses/{course.ref}") == []
        assert read(client, f"/courses/{course.ref}/sessions/{course.sessions[0].ref}") == []
    gone = world.course(centre, status="withdrawn", is_published=False)
    assert read(client, f"/courses/{gone.ref}") == []
