"""What facts about sponsored seats mean for people: the centre and the sponsor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.foundation.disclosure import readable
from app.foundation.messages import Message, Named, msg
from app.foundation.permissions import SYSTEM
from app.nominations.sponsors import rules
from app.nominations.sponsors.models import SeatSponsorship
from app.nominations.sponsors.queries import OPTIONS
from app.notifications.rules import cause_of
from app.notifications.telling import Telling

TO_SPONSOR: Mapping[str, Message] = {
    rules.ACCEPTED: msg("The centre has accepted your offer to pay for seats of “%(course)s”"),
    rules.DECLINED: msg("The centre has declined your offer to pay for seats of “%(course)s”"),
}


def seats_offered(telling: Telling, fact: Any) -> None:
    """The centre has an offer to answer."""
    one = _sponsorship(telling, fact)
    if one is not None:
        message = msg("Somebody offers to pay for seats of “%(course)s”. Please answer it", course=one.course.title)
        telling.tell(telling.people_of(one.centre_id), _cause("seats_offered", one), message, one)


def sponsorship_moved(telling: Telling, fact: Any) -> None:
    """The other side learns of an answer, or that the offer is withdrawn."""
    one = _sponsorship(telling, fact)
    if one is None:
        return
    if fact.status in TO_SPONSOR:
        message = Message(TO_SPONSOR[fact.status].text, {"course": one.course.title})
        telling.tell(telling.people_of(one.organisation_id), _cause("seats_answered", one), message, one)
    else:
        message = msg("An offer to pay for seats of “%(course)s” was withdrawn", course=one.course.title)
        telling.tell(telling.people_of(one.centre_id), _cause("seats_withdrawn", one), message, one)


def session_changed(telling: Telling, fact: Any) -> None:
    """Whoever pays for seats learns of new days or another place."""
    if fact.has_moved:
        text = msg(
            "“%(course)s”, for whose seats you offered to pay, has other dates or another place: it begins on %(day)s "
            "now"
        )
        _tell_sponsors(telling, fact, "sponsored_moved", text)


def session_cancelled(telling: Telling, fact: Any) -> None:
    """Whoever pays for seats learns that there are none."""
    text = msg(
        "The session of “%(course)s” that was to begin on %(day)s, for whose seats you offered to pay, is cancelled"
    )
    _tell_sponsors(telling, fact, "sponsored_off", text)


def _tell_sponsors(telling: Telling, fact: Any, what: str, text: Message) -> None:
    query = readable(SYSTEM, SeatSponsorship).where(
        SeatSponsorship.session_id == fact.session_id, SeatSponsorship.status.in_(sorted(rules.STANDING))
    )
    told: set[int] = set()
    for one in telling.tx.scalars(query.order_by(SeatSponsorship.id).options(*OPTIONS)):
        if one.organisation_id in told:
            continue
        told.add(one.organisation_id)
        day = Named("day", one.session.starts_on.isoformat())
        message = Message(text.text, {"course": one.course.title, "day": day})
        # A course that was withdrawn is in no list any more: then its sponsor is told all the more.
        course = [("course", one.course.ref)] if one.course.is_published else []
        cause = cause_of(what, ("sponsorship", one.ref), *course, ("version", str(one.course.version)))
        telling.tell(telling.people_of(one.organisation_id), cause, message, one)


def _sponsorship(telling: Telling, fact: Any) -> SeatSponsorship | None:
    query = readable(SYSTEM, SeatSponsorship).where(SeatSponsorship.id == fact.sponsorship_id)
    return telling.tx.scalar(query.options(*OPTIONS))


def _cause(what: str, one: SeatSponsorship) -> str:
    return cause_of(what, ("sponsorship", one.ref), ("course", one.course.ref))


NEWS: Mapping[str, Callable[[Telling, Any], None]] = {
    "SeatsOffered": seats_offered,
    "SponsorshipMoved": sponsorship_moved,
    "SessionChanged": session_changed,
    "SessionCancelled": session_cancelled,
}
"""Which fact is news for people, by its name."""
