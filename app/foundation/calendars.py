"""What is held on a day, as a file that calendars read (RFC 5545), so that people need not copy days by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

import icalendar
from icalendar.parser import Contentline
from icalendar.prop import TypesFactory
from werkzeug.wrappers import Response

MAKER = "-//Counterpart//Counterpart//EN"
ONE_DAY = timedelta(days=1)
Day = date | datetime
Value = Day | str | int | None
KEPT = 4096
"""So many events, and so many lines of events, are kept as text: three megabytes at most."""
OPTIONAL = frozenset({"dtend", "description", "location", "url"})
FOLDED = 75
"""A line of so many bytes is told in several."""
END = "END:VCALENDAR\r\n"
TYPES = TypesFactory.instance()
UNPRINTABLE = dict.fromkeys([*(number for number in range(ord(" ")) if chr(number) not in "\t\n"), 0x7F])


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
    frame = str(calendar.to_ical(), "utf-8").removesuffix(END)
    return "".join([frame, *map(event_text, told), END])


def calendar_file(events: Iterable[Event], file_name: str) -> Response:
    """Events as an answer that a browser hands to the reader's calendar; `file_name` is without its ending."""
    return calendar_answer(calendar_text(events), file_name)


def calendar_answer(text: str, file_name: str) -> Response:
    """The same of a text that was made before."""
    headers = {"Content-Disposition": f"attachment; filename={file_name}.ics"}
    return Response(text, content_type="text/calendar; charset=utf-8", headers=headers)


def event_text(event: Event) -> str:
    """One event as calendars read it; the same event always gives the same text, which is kept a while."""
    return _made(event, _zone(event.starts), _zone(event.ends))


@lru_cache(maxsize=KEPT)
def _made(event: Event, *_zones: str) -> str:
    # Two instants that are one in different zones are equal: the zones tell their events apart.
    told = ((name, value) for name, value in _properties(event) if name not in OPTIONAL or value)
    lines = [_line(name, value, _zone(value)) for name, value in told]
    return "".join(["BEGIN:VEVENT\r\n", *lines, "END:VEVENT\r\n"])


def _properties(event: Event) -> Iterator[tuple[str, Value]]:
    """What is told of an event, in the order in which the library tells it."""
    whole_days = event.ends is not None and not isinstance(event.ends, datetime)
    yield "summary", _printable(event.title)
    yield "dtstart", event.starts
    # The format ends an event of whole days on the morning after.
    yield "dtend", event.ends + ONE_DAY if event.ends is not None and whole_days else event.ends
    yield "dtstamp", event.changed_at.astimezone(UTC)
    yield "uid", event.uid
    yield "sequence", event.version
    yield "description", _printable(event.text)
    yield "location", _printable(event.place)
    yield "status", event.status.upper()
    yield "url", _printable(event.address)


@lru_cache(maxsize=KEPT)
def _line(name: str, value: Value, _zone: str) -> str:
    """One line of an event, by the library; many events share a day, a place or a number."""
    made = TYPES.for_property(name)(value)
    line = Contentline.from_parts(name.upper(), made.params, made)
    # The library looks at each letter of a line to fold it; most lines are too short to be folded.
    return (str(line.to_ical(), "utf-8") if len(line.encode()) >= FOLDED else str(line)) + "\r\n"


def _zone(value: Value) -> str:
    return f"{value.tzinfo} {value.fold}" if isinstance(value, datetime) else ""


def _printable(text: str) -> str:
    """Text without the control characters that no calendar may hold; the library escapes and folds the others."""
    return text.translate(UNPRINTABLE)


def _time_zones(events: Sequence[Event]) -> list[icalendar.Timezone]:
    """The rules of the zones that the events are told in, for the years that they lie in."""
    instants = [at for event in events for at in (event.starts, event.ends) if isinstance(at, datetime)]
    zones = {getattr(at.tzinfo, "key", "UTC") for at in instants} - {"UTC"}
    if not zones:
        return []
    first = date(min(at.year for at in instants) - 1, 1, 1)
    last = date(max(at.year for at in instants) + 2, 1, 1)
    return [icalendar.Timezone.from_tzid(zone, first_date=first, last_date=last) for zone in sorted(zones)]
