"""A meeting as a file for calendars: read back with the library, and no more in it than the page shows its reader."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import icalendar
import pytest


@pytest.fixture
def people(world, new_client, sign_in):
    """The State that convenes and a donor that is invited, each at a browser."""

    class People:
        state, donor = world.organisation("state"), world.organisation("donor")
        chair, guest = new_client(), new_client()

    sign_in(People.chair, world.account(People.state))
    sign_in(People.guest, world.account(People.donor))
    return People


def event(browser, meeting):
    answer = browser.get(f"/meetings/{meeting.ref}/calendar.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={meeting.ref}.ics"
    return icalendar.Calendar.from_ical(answer.text).events[0]


def test_the_page_leads_to_the_file(people, world):
    meeting = world.meeting(people.state, invited=[people.donor])
    assert f"/meetings/{meeting.ref}/calendar.ics" in people.guest.get(f"/meetings/{meeting.ref}").text


def test_an_hour_is_told_in_the_time_zone_of_the_meeting(people, world):
    meeting = world.meeting(
        people.state, title="Réunion, « Dakar »; suite", held_on=date(2027, 3, 2), begins_at=time(14, 30),
        time_zone="Africa/Nairobi", place="Salle 1, Dakar",
    )  # fmt: skip
    told = event(people.chair, meeting)
    assert told.start == datetime(2027, 3, 2, 14, 30, tzinfo=ZoneInfo("Africa/Nairobi"))
    assert (str(told["summary"]), str(told["location"])) == ("Réunion, « Dakar »; suite", "Salle 1, Dakar")
    assert told["uid"] == f"{meeting.ref}@localhost"
    assert told["url"] == f"http://localhost:5000/meetings/{meeting.ref}"
    assert (told["sequence"], told["status"]) == (meeting.version, "CONFIRMED")
    assert meeting.changed_at == told.DTSTAMP


def test_without_an_hour_it_is_the_whole_day(people, world):
    meeting = world.meeting(people.state, held_on=date(2027, 3, 2), begins_at=None)
    assert (event(people.chair, meeting).start, event(people.chair, meeting).duration.days) == (date(2027, 3, 2), 1)


def test_amended_and_cancelled_it_is_the_same_meeting_told_later(people, world, tx):
    meeting = world.meeting(people.state, invited=[people.donor])
    first = event(people.guest, meeting)
    people.chair.submit(f"/meetings/{meeting.ref}/amend", {"place": "Room 2"}, form_id="meeting-form")
    second = event(people.guest, meeting)
    people.chair.submit(f"/meetings/{meeting.ref}/cancel", {"reason": "No quorum."}, form_id="cancel-form")
    third = event(people.guest, meeting)
    assert first["uid"] == second["uid"] == third["uid"]
    assert first["sequence"] < second["sequence"] < third["sequence"]
    assert str(second["location"]) == "Room 2"
    assert third["status"] == "CANCELLED"
    assert "No quorum." in third["description"]


def test_link_and_minutes_are_for_those_who_see_them_on_the_page(people, world, client):
    meeting = world.meeting(
        people.state, invited=[people.donor], link="https://meet.example.org/abc", minutes="We met.", status="held",
        field_disclosure={"link": "named", "minutes": "named"}, agenda="Who does what.", held_on=date(2026, 11, 2),
    )  # fmt: skip
    shown = event(people.guest, meeting)["description"]
    assert "https://meet.example.org/abc" in shown
    assert "We met." in shown
    assert event(client, meeting)["description"] == "Who does what."


def test_who_may_not_see_the_meeting_gets_no_file(people, world, client):
    meeting = world.meeting(people.state, disclosure="named")
    assert client.get(f"/meetings/{meeting.ref}/calendar.ics").status_code == 404
    assert people.guest.get(f"/meetings/{meeting.ref}/calendar.ics").status_code == 404
