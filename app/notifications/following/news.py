"""What each fact means for those who follow a record, have pledged for it, or were strongly matched with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from app.accounts.models import Account
from app.accounts.queries import actor_of
from app.courses.models import CourseSession
from app.foundation.disclosure import audience_of, may_see_field, model_of, readable
from app.foundation.messages import Message, Named, msg
from app.foundation.permissions import SYSTEM
from app.matching.models import Match
from app.notifications.following.changed import changed_parts, in_words, is_changed_for
from app.notifications.following.queries import followers_of
from app.notifications.rules import Part, cause_of
from app.notifications.telling import Telling
from app.pledges.models import Pledge
from app.pledges.rules import ENDED

News = Callable[[Telling, Any], None]

CHANGED = msg("“%(record)s”, which you follow or have to do with, was amended")
CHANGED_IN = msg("“%(record)s”, which you follow or have to do with, was amended: %(parts)s")
CLOSED = msg("“%(record)s”, which you follow or have to do with, was closed")
GONE = msg("%(ref)s, which you follow or have to do with, was withdrawn")
VALIDATED = msg("The lesson “%(record)s”, which you follow, was validated")
SESSION_NEW = msg("“%(record)s”, which you follow, has a new session, from %(day)s on")
SESSION_MOVED = msg("A session of “%(record)s”, which you follow, has other days or another place: from %(day)s on")
SESSION_OFF = msg("A session of “%(record)s”, which you follow, is cancelled: the one from %(day)s on")
MEETING_MOVED = msg("The meeting “%(record)s”, which you follow, has another day, hour or place")
MEETING_HELD = msg("The minutes of “%(record)s”, which you follow, can be read")
MEETING_OFF = msg("The meeting “%(record)s”, which you follow, is cancelled")


def amended(kind: str) -> News:
    """The record has a new version; those who have to do with it learn in which parts."""

    def tell(telling: Telling, fact: Any) -> None:
        record = _record(telling, kind, fact)
        if record is not None:
            parts = in_words(changed_parts(telling.tx, record))
            words = Message(CHANGED_IN.text, {"parts": parts}) if parts else CHANGED
            people = _concerned(telling, record)
            if not parts:
                people = [one for one in people if is_changed_for(telling.tx, actor_of(one), record)]
            _tell(telling, people, "followed_changed", words, record, ("version", str(record.version)))

    return tell


def ended(kind: str) -> News:
    """The record is closed, or shown no longer: then it is named by its reference alone."""

    def tell(telling: Telling, fact: Any) -> None:
        record = _record(telling, kind, fact, shown=False)
        if record is None:
            return
        people = _concerned(telling, record, pledged=False)
        if record.is_published:
            _tell(telling, people, "followed_ended", CLOSED, record, ("version", str(record.version)))
            return
        named = audience_of(telling.tx, record)
        could_see = [one for one in people if _could_see(one, record, named)]
        # Nothing of it may be told any more; that it is gone is known to whoever saw it and looks for it.
        cause = cause_of("followed_ended", ("gone", record.ref), ("version", str(record.version)))
        telling.tell(could_see, cause, Message(GONE.text, {"ref": record.ref}), record)

    return tell


def _could_see(person: Account, record: Any, named: list[int]) -> bool:
    reader = actor_of(person)
    return reader.is_secretariat or may_see_field(reader, record, "", named)


def session(words: Message, *, only_moved: bool = False) -> News:
    """Something about a session of a course that people follow."""

    def tell(telling: Telling, fact: Any) -> None:
        course, run = _record(telling, "course", fact), telling.tx.get(CourseSession, fact.session_id)
        if course is None or run is None or (only_moved and not fact.has_moved):
            return
        said = Message(words.text, {"day": Named("day", run.starts_on.isoformat())})
        further = (("session", run.ref), ("version", str(course.version)), ("status", run.status))
        _tell(telling, followers_of(telling.tx, "course", course.ref), "followed_changed", said, course, *further)

    return tell


def only_followers(kind: str, words: Message, what: str = "followed_changed") -> News:
    """Those who follow the record, and nobody else, learn of it."""

    def tell(telling: Telling, fact: Any) -> None:
        record = _record(telling, kind, fact)
        if record is not None:
            people = followers_of(telling.tx, kind, record.ref)
            further = (("version", str(record.version)), ("status", str(record.status)))
            _tell(telling, people, what, words, record, *further)

    return tell


def _record(telling: Telling, kind: str, fact: Any, *, shown: bool = True) -> Any:
    model = model_of(kind)
    if model is None:
        return None
    query = readable(SYSTEM, model).where(model.id == getattr(fact, f"{kind}_id"))
    return telling.tx.scalar(query.where(model.is_published) if shown else query)


def _concerned(telling: Telling, record: Any, *, pledged: bool = True) -> list[Account]:
    """Those who follow it, and those who write for organisations that pledged for it or were matched strongly with it.

    Whoever pledged for what has ended is told of that in other words.
    """
    donors, matched = _pledged(telling, record), _matched(telling, record)
    others = matched | donors if pledged else matched - donors
    people = [*followers_of(telling.tx, record.record_kind, record.ref), *telling.people_of(*sorted(others))]
    return list({person.id: person for person in people}.values())


def _pledged(telling: Telling, record: Any) -> set[int]:
    if record.record_kind != "need":
        return set()
    query = readable(SYSTEM, Pledge).where(Pledge.need_id == record.id, Pledge.status.not_in(ENDED))
    return set(telling.tx.scalars(query.with_only_columns(Pledge.organisation_id)))


def _matched(telling: Telling, record: Any) -> set[int]:
    if record.record_kind == "need":
        query = select(Match.offer_organisation_id).where(Match.need_id == record.id)
    else:
        its = (Match.offer_kind == record.record_kind, Match.offer_id == record.id)
        query = select(Match.need_organisation_id).where(*its)
    strong = query.where(Match.gate == "match", Match.strength == "strong")
    return set(telling.tx.scalars(strong)) - {record.organisation_id}


def _tell(telling: Telling, people: list[Account], what: str, words: Message, record: Any, *further: Part) -> None:
    cause = cause_of(what, (record.record_kind, record.ref), *further)
    telling.tell(people, cause, Message(words.text, {**words.values, "record": record.title}), record)


NEWS: Mapping[str, News] = {
    "NeedAmended": amended("need"),
    "NeedClosed": ended("need"),
    "NeedWithdrawn": ended("need"),
    "ProgrammeAmended": amended("programme"),
    "ProgrammeClosed": ended("programme"),
    "CourseAmended": amended("course"),
    "CourseWithdrawn": ended("course"),
    "SessionPosted": session(SESSION_NEW),
    "SessionChanged": session(SESSION_MOVED, only_moved=True),
    "SessionCancelled": session(SESSION_OFF),
    "LessonValidated": only_followers("lesson", VALIDATED),
    "LessonReturned": ended("lesson"),
    "MeetingChanged": only_followers("meeting", MEETING_MOVED),
    "MeetingHeld": only_followers("meeting", MEETING_HELD),
    "MeetingCancelled": only_followers("meeting", MEETING_OFF, "followed_ended"),
}
"""What is told of each fact, by its name. A feature that has facts of its own hangs them in with `register`."""

_FURTHER: dict[str, News] = {}


def register(fact: str, news: News) -> None:
    """Let another feature say what its own fact, known by its name, means for those who follow a record."""
    _FURTHER[fact] = news


def news_of(fact: str) -> News | None:
    """What is told of a fact with this name, if anything is."""
    return NEWS.get(fact) or _FURTHER.get(fact)
