"""What is held on a day, as a file that calendars read (RFC 5545), so that people need not copy days by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

import icalendar
from werkzeug.wrappers import Response

MAKER = "-//Counterpart//Counterpart//EN"
ONE_DAY = timedelta(days=1)
Day = date | datetime


@dataclass(frozen=True)
class Event:
    """Something that is held. `uid` names it for ever, and `version` (0, 1, 2 ...) tells which telling is the newest.

    `starts` and `ends` are days, both of them included, or instants with a time zone of the IANA's; without `ends` it
    is that one day, or no duration is told. `changed_at` is when it was last told otherwise. What is `text`, `place`
    and `address` (a web address) is told only where it is not empty.
    """

    uid: str
    title: str
    starts: Day
    changed_at: datetime
    ends: Day | None = None
    version: int = 0
    status: Literal["tentative", "confirmed", "cancelled"] = "confirmed"
    text: str = ""
    place: str = ""
    address: str = ""


def event_uid(ref: str, public_url: str) -> str:
    """The name for ever of the event of a record: its reference, at the name of this site."""
    return f"{ref}@{urlsplit(public_url).hostname}"


def calendar_text(events: Iterable[Event], name: str = "") -> str:
    """Events as one calendar, with the rules of their time zones; the same events always give the same text.

    With a `name` a calendar program takes it for a calendar of its own, without one for events to add to the reader's.
    """
    told = list(events)
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", MAKER)
    if name:
        calendar.calendar_name = _printable(name)
    for zone in _time_zones(told):
        calendar.add_component(zone)
    for event in told:
        calendar.add_component(_component(event))
    return str(calendar.to_ical(), "utf-8")


def calendar_file(events: Iterable[Event], file_name: str, name: str = "") -> Response:
    """The calendar as an answer that a browser hands to the reader's calendar; `file_name` is without its ending."""
    headers = {"Content-Disposition": f"attachment; filename={file_name}.ics"}
    return Response(calendar_text(events, name), content_type="text/calendar; charset=utf-8", headers=headers)


def _component(event: Event) -> icalendar.Event:
    whole_days = event.ends is not None and not isinstance(event.ends, datetime)
    component = icalendar.Event()
    component.add("uid", event.uid)
    component.add("dtstamp", event.changed_at.astimezone(UTC))
    component.add("sequence", event.version)
    component.add("status", event.status.upper())
    component.add("summary", _printable(event.title))
    component.add("dtstart", event.starts)
    if event.ends is not None:
        # The format ends an event of whole days on the morning after.
        component.add("dtend", event.ends + ONE_DAY if whole_days else event.ends)
    words = {"description": event.text, "location": event.place, "url": event.address}
    for key, value in words.items():
        if value:
            component.add(key, _printable(value))
    return component


def _printable(text: str) -> str:
    """Text without the control characters that no calendar may hold; the library escapes and folds the others."""
    return "".join(one for one in text if one in "\t\n" or (ord(one) >= ord(" ") and one != "\x7f"))


def _time_zones(events: Sequence[Event]) -> list[icalendar.Timezone]:
    """The rules of the zones that the events are told in, for the years that they lie in."""
    instants = [at for event in events for at in (event.starts, event.ends) if isinstance(at, datetime)]
    zones = {getattr(at.tzinfo, "key", "UTC") for at in instants} - {"UTC"}
    if not zones:
        return []
    first = date(min(at.year for at in instants) - 1, 1, 1)
    last = date(max(at.year for at in instants) + 2, 1, 1)
    return [icalendar.Timezone.from_tzid(zone, first_date=first, last_date=last) for zone in sorted(zones)]
