"""Files for calendars, read back with the library that reads calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.calendars import MAKER, Event, calendar_file, calendar_text, event_uid

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


def plain_text(events, name=""):
    """The plain way: every event is made anew, and all of them are put into one calendar by the library."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", MAKER)
    if name:
        calendar.calendar_name = name
    zones = {at.tzinfo.key for one in events for at in (one.starts, one.ends) if getattr(at, "tzinfo", None)} - {"UTC"}
    years = [at.year for one in events for at in (one.starts, one.ends) if getattr(at, "tzinfo", None)]
    for zone in sorted(zones):
        span = {"first_date": date(min(years) - 1, 1, 1), "last_date": date(max(years) + 2, 1, 1)}
        calendar.add_component(icalendar.Timezone.from_tzid(zone, **span))
    for one in events:
        made = icalendar.Event()
        made.add("uid", one.uid)
        made.add("dtstamp", one.changed_at.astimezone(UTC))
        made.add("sequence", one.version)
        made.add("status", one.status.upper())
        made.add("summary", one.title)
        made.add("dtstart", one.starts)
        if one.ends is not None:
            made.add("dtend", one.ends if isinstance(one.ends, datetime) else one.ends + timedelta(days=1))
        for key, value in {"description": one.text, "location": one.place, "url": one.address}.items():
            if value:
                made.add(key, value)
        calendar.add_component(made)
    return str(calendar.to_ical(), "utf-8")


ZONES = st.sampled_from(
    [ZoneInfo("UTC"), ZoneInfo("Europe/Paris"), ZoneInfo("Africa/Dakar"), ZoneInfo("Asia/Tashkent")]
)
DAYS = st.dates(date(2027, 1, 1), date(2027, 3, 1))
HOURS = st.builds(
    lambda day, hour, zone: datetime(day.year, day.month, day.day, hour, tzinfo=zone), DAYS, st.integers(0, 23), ZONES
)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)
EVENTS = st.builds(
    Event,
    uid=st.just("S-1@site.example"),
    title=WORDS,
    starts=DAYS | HOURS,
    changed_at=HOURS,
    ends=st.none(),
    version=st.integers(0, 99),
    status=st.sampled_from(["tentative", "confirmed", "cancelled"]),
    text=TEXTS,
    place=TEXTS,
    address=st.sampled_from(["", "https://site.example/a?b=1,2;3", "https://site.example/" + "x" * 90]),
) | st.builds(Event, uid=st.just("S-2@site.example"), title=TEXTS, starts=DAYS, changed_at=HOURS, ends=DAYS)


@given(st.lists(EVENTS, max_size=5))
def test_the_quick_way_tells_what_the_plain_way_does(events):
    assert calendar_text(events, "Courses") == plain_text(events, "Courses")


def test_one_instant_in_two_zones_is_told_twice():
    paris = datetime(2027, 2, 1, 10, tzinfo=ZoneInfo("Europe/Paris"))
    dakar = paris.astimezone(ZoneInfo("Africa/Dakar"))
    assert event(starts=paris) == event(starts=dakar)
    for at in (paris, dakar):
        assert calendar_text([event(starts=at)]) == plain_text([event(starts=at)])
