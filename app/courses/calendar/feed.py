"""Sessions as events of a calendar program: all day from the first to the last day, cancelled ones marked as such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from app.courses import rules
from app.courses.models import CourseSession
from app.foundation.calendars import Event, event_uid
from app.foundation.languages import name_of, number_text, say
from app.foundation.messages import Several, msg
from app.foundation.web import url_for


def events_of(runs: Iterable[CourseSession], language: str, public_url: str) -> list[Event]:
    """The sessions as events, in a language."""
    return [event_of(run, language, public_url) for run in runs]


def event_of(run: CourseSession, language: str, public_url: str) -> Event:
    """A session as an event; the version of its course tells calendar programs which telling is the newest."""
    course = run.course
    return Event(
        uid=event_uid(run.ref, public_url),
        title=course.title,
        starts=run.starts_on,
        ends=run.ends_on,
        changed_at=max(run.changed_at, course.changed_at),
        version=run.version,
        status="cancelled" if is_cancelled(run) else "confirmed",
        text=text_of(run, language),
        place=place_of(run, language),
        address=public_url + url_for("courses.session_page", ref=course.ref, session_ref=run.ref),
    )


def is_cancelled(run: CourseSession) -> bool:
    """Whether a session does not take place, by itself or with its course."""
    return run.status == "cancelled" or run.course.status == "withdrawn"


def place_of(run: CourseSession, language: str) -> str:
    """Where a session is held, in words; a course without a place is online, or has none yet."""
    named = ", ".join(part for part in (run.place, name_of("country", run.country or "", language)) if part)
    is_online = run.course.format == "online" and not named
    return say(rules.FORMATS["online"], language) if is_online else named


def text_of(run: CourseSession, language: str) -> str:
    """What an event tells besides its days: until when one registers, the centre, the languages and the seats.

    It says nothing of today, or the text would change without anybody having changed the session.
    """
    course = run.course
    spoken = tuple(run.languages or course.codes("language"))
    until = rules.registers_until(run.register_by, run.starts_on)
    first = (
        msg("This session was cancelled and does not take place.") if is_cancelled(run)
        else msg("Register by %(day)s.", day=until)
    )  # fmt: skip
    lines = [
        first,
        msg("Training centre: %(name)s", name=course.organisation.named(language)),
        msg("Languages: %(languages)s", languages=Several("language", spoken)),
        msg("Seats: %(number)s", number=number_text(run.seats, language)),
    ]
    return "\n".join(say(line, language) for line in lines)


def mark_of(events: Sequence[Event], name: str) -> str:
    """What tells one state of a feed from another: programs that ask again every hour mostly have it already."""
    return sha256(repr((name, events)).encode()).hexdigest()[:32]
