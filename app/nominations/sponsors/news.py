"""What facts about sponsored seats mean for people: the centre and the sponsor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.foundation.disclosure import readable
from app.foundation.messages import Message, msg
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


def _sponsorship(telling: Telling, fact: Any) -> SeatSponsorship | None:
    query = readable(SYSTEM, SeatSponsorship).where(SeatSponsorship.id == fact.sponsorship_id)
    return telling.tx.scalar(query.options(*OPTIONS))


def _cause(what: str, one: SeatSponsorship) -> str:
    return cause_of(what, ("sponsorship", one.ref), ("course", one.course.ref))


NEWS: Mapping[str, Callable[[Telling, Any], None]] = {
    "SeatsOffered": seats_offered,
    "SponsorshipMoved": sponsorship_moved,
}
"""Which fact is news for people, by its name."""
