"""What an amended candidate means for people: the centre, and the candidate who is written to at another address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.foundation.disclosure import readable
from app.foundation.messages import Message, Named, msg
from app.foundation.permissions import SYSTEM
from app.nominations import rules
from app.nominations.letters import calendar_entry, letter_to_candidate, seat_turn, with_link
from app.nominations.models import Nomination
from app.nominations.news import TO_CANDIDATE
from app.nominations.queries import OPTIONS
from app.notifications.mailer import register_calendar, register_finish
from app.notifications.rules import cause_of
from app.notifications.telling import Telling

KEPT = msg(
    "Your seat at a course is confirmed. You are written to at this address from now on. If you cannot come, please "
    "say so by this link."
)
"""What somebody is told whose seat is confirmed already."""


def nomination_amended(telling: Telling, fact: Any) -> None:
    """The centre learns that something was put right, the candidate at a new address where it stands."""
    query = readable(SYSTEM, Nomination).where(Nomination.id == fact.nomination_id)
    one = telling.tx.scalar(query.options(*OPTIONS))
    if one is None or one.forgotten_at is not None:
        return
    cause = cause_of("nomination_amended", ("nomination", one.ref), ("turn", str(fact.turn)))
    message = msg("What was said of a candidate for “%(course)s” was put right", course=one.course.title)
    telling.tell(telling.people_of(one.centre_id), cause, message, one, by_mail=False)
    if fact.has_new_address:
        _write_anew(telling, one, str(fact.turn))


def _write_anew(telling: Telling, one: Nomination, turn: str) -> None:
    if one.status in {rules.APPROVED, rules.CONFIRMED}:
        # The cause names the seat, as the mail by which it was given does: whoever is told of both gets one.
        seat = ("seat", seat_turn(one))
        what, text = TO_CANDIDATE[rules.APPROVED] if one.status == rules.APPROVED else ("seat_kept", KEPT)
        until = Named("day", one.answer_by.date().isoformat()) if one.answer_by else ""
        message = Message(text.text, {"day": until})
        telling.mails.append(
            letter_to_candidate(one, cause_of(what, ("nomination", one.ref), seat), message, has_link=True)
        )
    elif one.status == rules.WAITLISTED:
        what, text = TO_CANDIDATE[rules.WAITLISTED]
        cause = cause_of(what, ("nomination", one.ref), ("turn", turn))
        telling.mails.append(letter_to_candidate(one, cause, text, has_link=False))


def register_letters() -> None:
    """Let the mail be finished when it is sent: with a signed link, and with an entry for a calendar."""
    register_finish("seat_kept", with_link)
    register_calendar("seat_kept", calendar_entry)


NEWS: Mapping[str, Callable[[Telling, Any], None]] = {"NominationAmended": nomination_amended}
"""Which fact is news for people, by its name."""
