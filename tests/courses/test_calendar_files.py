"""The files for calendar programs, read by the library and by a second reader that was written for this alone."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import icalendar
import pytest

from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from tests.factories import World
from tests.pages import CheckingClient

ODD = 'Ports; douanes, "précurseurs" \\ n°1\nsuite ' + "é" * 60


def by_library(text: str) -> list[dict[str, Any]]:
    """What the library reads."""
    return [
        {
            "uid": str(event["uid"]), "title": str(event["summary"]), "first": event["dtstart"].dt,
            "after": event["dtend"].dt, "status": str(event["status"]), "version": int(event["sequence"]),
            "text": str(event["description"]), "place": str(event["location"]), "url": str(event["url"]),
        }
        for event in icalendar.Calendar.from_ical(text).walk("VEVENT")
    ]  # fmt: skip


def by_hand(text: str) -> list[dict[str, Any]]:
    """What RFC 5545 says that stands there: lines of 75 octets at most, unfolded, then split at the first colon."""
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    events: list[dict[str, Any]] = []
    for line in lines:
        head, _colon, value = line.partition(":")
        name, *parameters = head.split(";")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name in NAMES:
            if name.startswith("DT"):
                assert parameters == ["VALUE=DATE"]
                events[-1][NAMES[name]] = date(int(value[:4]), int(value[4:6]), int(value[6:]))
            else:
                is_text = name in {"SUMMARY", "DESCRIPTION", "LOCATION"}
                events[-1][NAMES[name]] = re.sub(r"\\(.)", _unescape, value) if is_text else value
    return [{**event, "version": int(event["version"])} for event in events]


NAMES = {
    "UID": "uid", "SUMMARY": "title", "DTSTART": "first", "DTEND": "after", "STATUS": "status", "SEQUENCE": "version",
    "DESCRIPTION": "text", "LOCATION": "place", "URL": "url",
}  # fmt: skip


def _unescape(found: re.Match[str]) -> str:
    return {"n": "\n", "N": "\n"}.get(found[1], found[1])


@pytest.fixture
def course(world: World) -> Course:
    centre = world.organisation("centre", name="Centre; de, Dakar")
    return world.course(centre, title=ODD, sessions=[{}, {"status": "cancelled", "starts_on": date(2027, 3, 9)}])


def test_two_readers_read_the_same(client: CheckingClient, course: Course) -> None:
    answer = client.get("/courses/calendar.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    text = answer.get_data(as_text=True)
    assert by_library(text) == by_hand(text)
    held, off = by_hand(text)
    session = course.sessions[0]
    assert held == {
        "uid": f"{session.ref}@localhost",
        "title": ODD,
        "first": date(2027, 3, 8),
        "after": date(2027, 3, 13),
        "status": "CONFIRMED",
        "version": course.version,
        "text": "Register by 1 February 2027.\nTraining centre: Centre; de, Dakar\nLanguages: French\nSeats: 20",
        "place": "Dakar, Senegal",
        "url": f"http://localhost:5000/courses/{course.ref}/sessions/{session.ref}",
    }
    assert off["status"] == "CANCELLED"
    assert off["text"].startswith("This session was cancelled and does not take place.")


def test_the_calendar_is_named_after_its_filters(client: CheckingClient, course: Course) -> None:
    def named(query: str) -> str:
        calendar = icalendar.Calendar.from_ical(client.get(f"/courses/calendar.ics?{query}").get_data(as_text=True))
        return str(calendar["x-wr-calname"])

    assert named("") == "Course sessions"
    query = f"open=yes&theme=asset_recovery&country=SN&country=GH&centre={course.organisation.ref}"
    words = "Course sessions · Open for registration · Theme: Asset recovery · Open to people from: Senegal, Ghana"
    assert named(query) == f"{words} · Training centre: Centre; de, Dakar"
    assert named("lang=fr&language=fr").startswith("Sessions de formation · Langue\u00a0: français")


def test_one_session_is_added_to_the_readers_own_calendar(client: CheckingClient, course: Course) -> None:
    session = course.sessions[0]
    page = f"/courses/{course.ref}/sessions/{session.ref}"
    assert f'href="{page}.ics?lang=en"' in client.get(page).text
    answer = client.get(f"{page}.ics?lang=fr")
    text = answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"] == f"attachment; filename={session.ref}.ics"
    assert "X-WR-CALNAME" not in text
    [event] = by_hand(text)
    assert by_library(text) == [event]
    assert event["text"].startswith("Inscription au plus tard le 1 février 2027.")
    assert client.get(f"/courses/{course.ref}/sessions/S-2222-2222.ics").status_code == 404


def test_each_change_is_a_newer_telling(client: CheckingClient, course: Course, tx: Tx) -> None:
    before = by_hand(client.get("/courses/calendar.ics").get_data(as_text=True))
    course.title, course.sessions[0].status = "Renamed", "cancelled"
    tx.flush()
    after = by_hand(client.get("/courses/calendar.ics").get_data(as_text=True))
    assert [event["uid"] for event in before] == [event["uid"] for event in after]
    assert all(new["version"] > old["version"] for old, new in zip(before, after, strict=True))
    assert {event["status"] for event in after} == {"CANCELLED"}


def test_a_program_that_has_the_feed_is_not_sent_it_again(client: CheckingClient, course: Course, tx: Tx) -> None:
    mark = client.get("/courses/calendar.ics").headers["ETag"]
    again = client.get("/courses/calendar.ics", headers={"If-None-Match": mark})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", mark)
    for other in ("lang=fr", "theme=asset_recovery", "theme=legislation"):
        assert client.get(f"/courses/calendar.ics?{other}", headers={"If-None-Match": mark}).status_code == 200
    course.title = "Renamed"
    tx.flush()
    assert client.get("/courses/calendar.ics", headers={"If-None-Match": mark}).status_code == 200


def test_what_is_cancelled_stays_and_what_was_stays_for_a_year(client: CheckingClient, world: World) -> None:
    centre = world.organisation("centre")
    days = {"open": date(2027, 3, 8), "last spring": date(2026, 3, 2), "long ago": date(2025, 3, 3)}
    for title, day in days.items():
        world.course(centre, title=title, sessions=[{"starts_on": day, "ends_on": day, "register_by": None}])
    world.course(centre, title="cancelled", sessions=[{"status": "cancelled"}])
    titles = [event["title"] for event in by_hand(client.get("/courses/calendar.ics").get_data(as_text=True))]
    assert titles == ["last spring", "open", "cancelled"]
    still = by_hand(client.get("/courses/calendar.ics?open=yes").get_data(as_text=True))
    assert [event["title"] for event in still] == ["open", "cancelled"]


def test_a_session_without_a_place_is_online_or_says_none(client: CheckingClient, world: World) -> None:
    centre = world.organisation("centre")
    world.course(centre, format="online", sessions=[{"place": "", "country": None, "register_by": None}])
    text = client.get("/courses/calendar.ics").get_data(as_text=True)
    [event] = by_hand(text)
    assert event["place"] == "Online"
    assert event["text"].startswith("Register by 7 March 2027.")


def test_pages_offer_the_feed_with_their_filters(client: CheckingClient, course: Course) -> None:
    page = client.get("/courses/calendar?theme=asset_recovery&view=list").text
    address = "http://localhost:5000/courses/calendar.ics?theme=asset_recovery&amp;lang=en"
    assert f'value="{address}"' in page
    assert f'href="webcal:{address.removeprefix("http:")}"' in page
    sessions: list[CourseSession] = course.sessions
    text = client.get(address.replace("&amp;", "&").removeprefix("http://localhost:5000")).get_data(as_text=True)
    assert len(by_hand(text)) == len(sessions)
