"""What facts about meetings mean for people: those who are invited, and those who owe something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import joinedload

from app.accounts.models import Account
from app.accounts.queries import account_by_id
from app.coordination.models import ActionPoint, Meeting
from app.foundation.disclosure import audience_of, readable
from app.foundation.messages import Message, Named, msg
from app.foundation.permissions import SYSTEM
from app.notifications.rules import Part, cause_of
from app.notifications.telling import Telling


def meeting_convened(telling: Telling, fact: Any) -> None:
    """Those who are invited learn of it; whoever has been told already is not told again."""
    message = msg("You are invited to “%(meeting)s” on %(day)s")
    _tell_invited(telling, fact, "meeting_convened", message)


def meeting_changed(telling: Telling, fact: Any) -> None:
    """Those who are invited learn when and where it is now."""
    message = msg("“%(meeting)s” has another day, hour or place: it is on %(day)s now")
    _tell_invited(telling, fact, "meeting_changed", message, ("version", str(fact.version)))


def meeting_held(telling: Telling, fact: Any) -> None:
    """Those who are invited learn that the minutes can be read."""
    message = msg("The minutes of “%(meeting)s” of %(day)s can be read")
    _tell_invited(telling, fact, "meeting_held", message)


def meeting_cancelled(telling: Telling, fact: Any) -> None:
    """Those who are invited learn that they need not come."""
    message = msg("“%(meeting)s” of %(day)s is cancelled")
    _tell_invited(telling, fact, "meeting_cancelled", message)


def point_set(telling: Telling, fact: Any) -> None:
    """The person who is named learns what is owed by when; where nobody is, those who write for the organisation do."""
    point = _point(telling, fact)
    if point is not None and point.status == "open":
        message = msg(
            "Your organisation has something to do by %(due)s, as agreed at “%(meeting)s”",
            due=Named("day", point.due_on.isoformat()),
            meeting=point.meeting.title,
        )
        telling.tell(_owners(telling, point), _cause("point_set", point), message, point.meeting)


def point_changed(telling: Telling, fact: Any) -> None:
    """Whoever owes something learns that it was agreed otherwise, and by when it is due now."""
    message = msg("What your organisation has to do by %(due)s was amended, as agreed at “%(meeting)s”")
    _tell_owners(telling, fact, "point_changed", message)


def point_reopened(telling: Telling, fact: Any) -> None:
    """Whoever owed something that was closed learns that it has to be done after all."""
    message = msg("Your organisation has something to do after all by %(due)s, as agreed at “%(meeting)s”")
    _tell_owners(telling, fact, "point_reopened", message)


def _tell_owners(telling: Telling, fact: Any, what: str, message: Message) -> None:
    point = _point(telling, fact)
    if point is not None and point.status == "open":
        due = Named("day", point.due_on.isoformat())
        words = Message(message.text, {"due": due, "meeting": point.meeting.title})
        telling.tell(_owners(telling, point), _cause(what, point, fact.at), words, point.meeting)


def point_closed(telling: Telling, fact: Any) -> None:
    """Whoever convened the meeting learns that something agreed there is done or was dropped."""
    point = _point(telling, fact)
    if point is None or point.organisation_id == point.meeting.organisation_id:
        return
    words = {
        "done": msg("%(organisation)s: something that was agreed at “%(meeting)s” is done"),
        "dropped": msg("%(organisation)s: something that was agreed at “%(meeting)s” was dropped"),
    }
    text = words[point.status if point.status in words else "done"].text
    message = Message(text, {"organisation": point.organisation.name, "meeting": point.meeting.title})
    people = telling.people_of(point.meeting.organisation_id)
    telling.tell(people, _cause("point_closed", point, fact.at), message, point.meeting, by_mail=False)


def _tell_invited(telling: Telling, fact: Any, what: str, message: Message, *further: Part) -> None:
    meeting = telling.tx.scalar(readable(SYSTEM, Meeting).where(Meeting.id == fact.meeting_id))
    if meeting is not None:
        words = Message(message.text, {"meeting": meeting.title, "day": Named("day", meeting.held_on.isoformat())})
        people = telling.people_of(*audience_of(telling.tx, meeting))
        telling.tell(people, cause_of(what, ("meeting", meeting.ref), *further), words, meeting)


def _point(telling: Telling, fact: Any) -> ActionPoint | None:
    options = (joinedload(ActionPoint.meeting), joinedload(ActionPoint.organisation))
    return telling.tx.get(ActionPoint, fact.point_id, options=options)


def _owners(telling: Telling, point: ActionPoint) -> list[Account]:
    named = account_by_id(telling.tx, point.account_id)
    return [named] if named is not None and named.status == "active" else telling.people_of(point.organisation_id)


def _cause(what: str, point: ActionPoint, at: str = "") -> str:
    moments = [("at", at)] if at else []
    return cause_of(what, ("meeting", point.meeting.ref), ("point", point.ref), *moments)


NEWS: Mapping[str, Callable[[Telling, Any], None]] = {
    "MeetingConvened": meeting_convened,
    "MeetingChanged": meeting_changed,
    "MeetingHeld": meeting_held,
    "MeetingCancelled": meeting_cancelled,
    "ActionPointSet": point_set,
    "ActionPointChanged": point_changed,
    "ActionPointClosed": point_closed,
    "ActionPointReopened": point_reopened,
}
"""Which fact of this feature is news for people, by its name."""
