"""Sessions as events of a calendar program: all day from the first to the last day, cancelled ones marked as such."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from app.courses import rules
from app.courses.models import CourseSession
from app.foundation.calendars import KEPT, Event, event_uid
from app.foundation.languages import name_of, number_text, say
from app.foundation.messages import Several, msg
from app.foundation.web import url_for


@dataclass(frozen=True)
class Told:
    """What an event tells of a session, as plain values: the same values always give the same event.

    The version of its course tells calendar programs which telling is the newest. `centre` is its name in the language
    of the event.
    """

    ref: str
    course_ref: str
    title: str
    centre: str
    starts_on: date
    ends_on: date
    register_until: date
    place: str
    country: str
    seats: int
    languages: tuple[str, ...]
    is_online: bool
    is_cancelled: bool
    version: int
    changed_at: datetime


def told_of(run: Any, course: Any, centre: str, languages: Iterable[str]) -> Told:
    """What is told of a session, from records or rows with their columns; `languages` are those of the teaching."""
    return Told(
        ref=run.ref,
        course_ref=course.ref,
        title=course.title,
        centre=centre,
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        register_until=rules.registers_until(run.register_by, run.starts_on),
        place=run.place,
        country=run.country or "",
        seats=run.seats,
        languages=tuple(languages),
        is_online=course.format == "online",
        is_cancelled=run.status == "cancelled" or course.status == "withdrawn",
        version=course.version,
        changed_at=max(run.changed_at, course.changed_at),
    )


@lru_cache(maxsize=KEPT)
def event_of(told: Told, language: str, public_url: str) -> Event:
    """A session as an event, in a language; made once and kept a while."""
    return Event(
        uid=event_uid(told.ref, public_url),
        title=told.title,
        starts=told.starts_on,
        ends=told.ends_on,
        changed_at=told.changed_at,
        version=told.version,
        status="cancelled" if told.is_cancelled else "confirmed",
        text=_text(told, language),
        place=_place(told.place, told.country, language, is_online=told.is_online),
        address=public_url + url_for("courses.session_page", ref=told.course_ref, session_ref=told.ref),
    )


def is_cancelled(run: CourseSession) -> bool:
    """Whether a session does not take place, by itself or with its course."""
    return run.status == "cancelled" or run.course.status == "withdrawn"


@lru_cache(maxsize=KEPT)
def _place(place: str, country: str, language: str, *, is_online: bool) -> str:
    """Where a session is held, in words; a course without a place is online, or has none yet."""
    named = ", ".join(part for part in (place, name_of("country", country, language)) if part)
    return say(rules.FORMATS["online"], language) if is_online and not named else named


def _text(told: Told, language: str) -> str:
    """What an event tells besides its days: until when one registers, the centre, the languages and the seats.

    It says nothing of today, or the text would change without anybody having changed the session.
    """
    first = _cancelled(language) if told.is_cancelled else _until(told.register_until, language)
    rest = (_centre(told.centre, language), _spoken(told.languages, language), _seats(told.seats, language))
    return "\n".join((first, *rest))


# The same lines stand in many events: each is worded once and kept a while.


@lru_cache(maxsize=KEPT)
def _until(day: date, language: str) -> str:
    return say(msg("Register by %(day)s.", day=day), language)


@lru_cache(maxsize=KEPT)
def _centre(name: str, language: str) -> str:
    return say(msg("Training centre: %(name)s", name=name), language)


@lru_cache(maxsize=KEPT)
def _spoken(codes: tuple[str, ...], language: str) -> str:
    return say(msg("Languages: %(languages)s", languages=Several("language", codes)), language)


@lru_cache(maxsize=KEPT)
def _seats(number: int, language: str) -> str:
    return say(msg("Seats: %(number)s", number=number_text(number, language)), language)


def _cancelled(language: str) -> str:
    return say(msg("This session was cancelled and does not take place."), language)


def mark_of(text: str) -> str:
    """What tells one state of a feed from another: programs that ask again every hour mostly have it already."""
    return sha256(text.encode()).hexdigest()[:32]
