"""Files for calendars, read back with the library that reads calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.calendars import Event, calendar_file, calendar_text, event_uid

TOLD = datetime(2027, 1, 5, 9, 30, tzinfo=UTC)
DAY = date(2027, 3, 1)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


def event(**others):
    return Event(**{"uid": "M-1@site.example", "title": "Meeting", "starts": DAY, "changed_at": TOLD, **others})


def read(text):
    """The first event of a calendar, as the library reads it."""
    return icalendar.Calendar.from_ical(text).events[0]


def test_a_day_is_that_whole_day():
    back = read(calendar_text([event()]))
    assert (back.start, back.end) == (DAY, date(2027, 3, 2))
    assert back["uid"] == "M-1@site.example"
    assert back.DTSTAMP == TOLD
    assert (back["sequence"], back["status"]) == (0, "CONFIRMED")


def test_the_last_day_is_one_of_the_days():
    assert read(calendar_text([event(ends=date(2027, 3, 5))])).end == date(2027, 3, 6)


def test_an_hour_is_told_in_its_zone_with_the_rules_of_the_zone():
    begins = datetime(2027, 7, 1, 14, 30, tzinfo=ZoneInfo("Europe/Paris"))
    text = calendar_text([event(starts=begins, ends=begins.replace(hour=16))])
    back = read(text)
    assert (back.start, back.end) == (begins, begins.replace(hour=16))
    assert back.start.utcoffset() == begins.utcoffset()
    assert [zone.tz_name for zone in icalendar.Calendar.from_ical(text).timezones] == ["Europe/Paris"]


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("UTC")])
def test_an_hour_of_the_world_needs_no_zone(zone):
    begins = datetime(2027, 7, 1, 14, 30, tzinfo=zone)
    text = calendar_text([event(starts=begins)])
    assert "DTSTART:20270701T143000Z" in text
    assert "VTIMEZONE" not in text
    assert "DTEND" not in text


def test_what_is_cancelled_says_so_under_the_same_name_and_a_later_version():
    back = read(calendar_text([event(version=7, status="cancelled")]))
    assert (back["uid"], back["sequence"], back["status"]) == ("M-1@site.example", 7, "CANCELLED")


@given(WORDS, WORDS)
def test_words_come_back_as_they_were(title, place):
    back = read(calendar_text([event(title=title, place=place, text="one\r\ntwo; three, \\four")]))
    assert (str(back["summary"]), str(back["location"])) == (title, place)
    assert str(back["description"]) == "one\ntwo; three, \\four"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_is_typed_no_line_is_long_and_none_is_made_up(title):
    text = calendar_text([event(title=title)])
    assert all(len(line) <= 75 for line in text.encode().split(b"\r\n"))
    assert not [one for one in text if one != "\t" and one not in "\r\n" and (ord(one) < 32 or one == "\x7f")]
    assert len(read(text)) == len(read(calendar_text([event()])))


def test_what_is_empty_is_not_told():
    assert not {"description", "location", "url"} & {key.lower() for key in read(calendar_text([event()]))}
    assert read(calendar_text([event(address="https://site.example/m?a=1,2;3")]))["url"].endswith("a=1,2;3")


def test_the_same_events_give_the_same_text():
    hours = [
        datetime(2027, 7, 1, 9, tzinfo=ZoneInfo(zone)) for zone in ("Asia/Tokyo", "Africa/Nairobi", "Pacific/Apia")
    ]
    events = [event(uid=str(number), starts=hour) for number, hour in enumerate(hours)]
    text = calendar_text(events, "Meetings")
    assert text == calendar_text(events, "Meetings")
    assert [zone.tz_name for zone in icalendar.Calendar.from_ical(text).timezones] == sorted(
        str(h.tzinfo) for h in hours
    )
    assert icalendar.Calendar.from_ical(text).calendar_name == "Meetings"


def test_the_file_is_one_that_calendars_open():
    answer = calendar_file([event()], "M-1")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=M-1.ics"
    assert answer.get_data(as_text=True) == calendar_text([event()])


def test_the_name_for_ever_is_the_reference_at_this_site():
    assert event_uid("M-7KQ2-MX4T", "https://counterpart.example:8443/x") == "M-7KQ2-MX4T@counterpart.example"
