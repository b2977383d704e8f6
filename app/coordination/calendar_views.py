"""A meeting as a file for people's calendars: what its page shows this reader, and nothing more."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.coordination import queries
from app.coordination.models import Meeting
from app.coordination.queries import MeetingSeen
from app.coordination.shared import bp
from app.foundation.calendars import Event, calendar_file, event_uid
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.web import actor, found, gettext, now, reading, route, site, url_for

CALENDAR = surface("meeting.calendar", "file", "meeting")


@route(bp, "/<ref>/calendar.ics", Permission.PUBLIC_READ, CALENDAR)
def calendar(ref: str) -> Any:
    """The meeting for a calendar."""
    with reading() as tx:
        meeting = found(queries.find_meeting(tx, actor(), ref))
        seen = queries.meeting_seen(tx, actor(), meeting, now().date())
    return calendar_file([event_of(seen, site().settings.public_url)], meeting.ref)


def event_of(seen: MeetingSeen, public_url: str) -> Event:
    """A meeting as its page shows it to one reader."""
    meeting = seen.meeting
    return Event(
        uid=event_uid(meeting.ref, public_url),
        title=meeting.title,
        starts=_begins(meeting),
        changed_at=meeting.changed_at,
        version=meeting.version,
        status="cancelled" if meeting.status == "cancelled" else "confirmed",
        text="\n\n".join(filter(None, _words(seen))),
        place=meeting.place,
        address=public_url.rstrip("/") + url_for("meetings.page", ref=meeting.ref),
    )


def _begins(meeting: Meeting) -> date:
    """The day, or its hour in the time zone of the meeting; nobody says when a meeting ends."""
    if meeting.begins_at is None:
        return meeting.held_on
    return datetime.combine(meeting.held_on, meeting.begins_at, ZoneInfo(meeting.time_zone))


def _words(seen: MeetingSeen) -> list[str]:
    meeting = seen.meeting
    return [
        gettext("This meeting is cancelled") if meeting.status == "cancelled" else "",
        meeting.status_reason if meeting.status == "cancelled" else "",
        f"{gettext('Link to take part from afar')}: {meeting.link}" if meeting.link and seen.sees_link else "",
        meeting.agenda,
        f"{gettext('Minutes')}\n{meeting.minutes}" if meeting.status == "held" and seen.sees_minutes else "",
    ]
