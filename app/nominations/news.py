"""What facts about nominations and sessions mean for people: candidates, those who put them forward, and the centre."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.foundation.disclosure import readable
from app.foundation.messages import Message, Named, msg
from app.foundation.permissions import SYSTEM
from app.nominations import rules
from app.nominations.letters import calendar_entry, letter_to_candidate, seat_turn, with_link
from app.nominations.models import Nomination
from app.nominations.queries import OPTIONS
from app.notifications.mailer import register_calendar, register_finish
from app.notifications.rules import cause_of
from app.notifications.telling import Telling

BY_CANDIDATE = frozenset({rules.CONFIRMED, rules.WITHDRAWN})
TO_CANDIDATE: Mapping[str, tuple[str, Message]] = {
    rules.APPROVED: (
        "seat_given",
        msg("You have a seat at a course. Please say by %(day)s whether you come; otherwise it goes to somebody else."),
    ),
    rules.WAITLISTED: (
        "seat_waiting",
        msg("You are on the waiting list of a course. If a seat becomes free for you, you will get a mail."),
    ),
    rules.REJECTED: ("candidate_refused", msg("You were not chosen for a course. The centre says: %(reason)s")),
    rules.WITHDRAWN: ("seat_gone", msg("You do not take part in a course any more. %(rule)s")),
}
"""What a candidate is told of, by the new state."""
TO_SENDER: Mapping[str, Message] = {
    rules.APPROVED: msg("Your candidate %(ref)s has a seat and is asked to confirm it by %(day)s"),
    rules.WAITLISTED: msg("Your candidate %(ref)s is on the waiting list"),
    rules.REJECTED: msg("Your candidate %(ref)s was turned down"),
    rules.CONFIRMED: msg("Your candidate %(ref)s has confirmed the seat"),
    rules.WITHDRAWN: msg("Your candidate %(ref)s does not take part any more"),
}


def nomination_made(telling: Telling, fact: Any) -> None:
    """The centre has somebody to decide on."""
    one = _nomination(telling, fact.nomination_id)
    if one is not None:
        message = msg("Somebody was put forward for “%(course)s”", course=one.course.title)
        telling.tell(telling.people_of(one.centre_id), _cause("nomination_made", one), message, one)


def many_nominated(telling: Telling, fact: Any) -> None:
    """The centre has several people to decide on, and is told of all of them at once."""
    one = _nomination(telling, fact.nomination_id)
    if one is not None:
        text = msg("%(count)s candidates were put forward together for “%(course)s”")
        message = Message(text.text, {"count": fact.how_many, "course": one.course.title})
        telling.tell(telling.people_of(one.centre_id), _cause("many_nominated", one), message, one)


def nomination_decided(telling: Telling, fact: Any) -> None:
    """The candidate and whoever nominated learn where it stands; of an answer the centre learns too."""
    one = _nomination(telling, fact.nomination_id)
    if one is None or one.forgotten_at is not None:
        return
    turn = ("turn", str(fact.turn))
    if fact.status in TO_SENDER:
        message = Message(TO_SENDER[fact.status].text, {"ref": one.ref, "day": _until(one)})
        telling.tell(telling.people_of(one.organisation_id), _cause("nomination_moved", one, turn), message, one)
    if fact.status in BY_CANDIDATE:
        said = {
            rules.CONFIRMED: msg("A candidate for “%(course)s” has confirmed the seat", course=one.course.title),
            rules.WITHDRAWN: msg("A candidate for “%(course)s” does not come", course=one.course.title),
        }
        people = telling.people_of(one.centre_id)
        telling.tell(people, _cause("candidate_answered", one, turn), said[fact.status], one, by_mail=False)
    _tell_candidate(telling, one, fact)


def _tell_candidate(telling: Telling, one: Nomination, fact: Any) -> None:
    if fact.status not in TO_CANDIDATE or one.status != fact.status:
        # What has moved on meanwhile is told by its own fact.
        return
    what, text = TO_CANDIDATE[fact.status]
    if fact.status == rules.WITHDRAWN and one.seat_given_at is None and one.waiting_since is None:
        # Who never heard of a seat need not hear of its end.
        return
    rule = one.decided_by or Message("")
    message = Message(text.text, {"day": _until(one), "reason": one.status_reason, "rule": rule})
    seat = ("seat", seat_turn(one)) if what == "seat_given" else ("turn", str(fact.turn))
    telling.mails.append(letter_to_candidate(one, _cause(what, one, seat), message, has_link=what == "seat_given"))


def result_written(telling: Telling, fact: Any) -> None:
    """Whoever nominated is asked to confirm that its candidate passed."""
    one = _nomination(telling, fact.nomination_id)
    if one is not None and fact.status == rules.PASSED and one.need_line_id is not None:
        message = msg("Your candidate %(ref)s passed. Please confirm it, so that your need is covered", ref=one.ref)
        cause = _cause("result_written", one, ("turn", str(fact.turn)))
        telling.tell(telling.people_of(one.organisation_id), cause, message, one)


def result_agreed(telling: Telling, fact: Any) -> None:
    """The centre learns that the other side says the same."""
    one = _nomination(telling, fact.nomination_id)
    if one is not None:
        message = msg("A result of “%(course)s” was confirmed by whoever nominated", course=one.course.title)
        telling.tell(telling.people_of(one.centre_id), _cause("result_agreed", one), message, one, by_mail=False)


def session_changed(telling: Telling, fact: Any) -> None:
    """Those who take part, and those who sent them, learn of new days or another place."""
    if fact.has_moved:
        message = msg("“%(course)s” has other dates or another place: it begins on %(day)s now")
        text = msg("Your course has other dates or another place. The new ones stand below and in the calendar entry.")
        _tell_all(telling, fact, ("session_moved", message), ("run_moved", text))


def session_cancelled(telling: Telling, fact: Any) -> None:
    """Those who take part, and those who sent them, learn that it does not take place."""
    message = msg("The session of “%(course)s” that was to begin on %(day)s is cancelled")
    text = msg("Your course is cancelled: this session does not take place.")
    _tell_all(telling, fact, ("session_off", message), ("run_off", text))


def _tell_all(telling: Telling, fact: Any, staff: tuple[str, Message], candidates: tuple[str, Message]) -> None:
    query = readable(SYSTEM, Nomination).where(
        Nomination.session_id == fact.session_id, Nomination.status.in_(sorted(rules.TO_COME))
    )
    people = list(telling.tx.scalars(query.order_by(Nomination.id).options(*OPTIONS)))
    told: set[int] = set()
    for one in people:
        version = ("version", str(one.course.version))
        telling.mails.append(
            letter_to_candidate(one, _cause(candidates[0], one, version), candidates[1], has_link=False)
        )
        if one.organisation_id in told:
            continue
        told.add(one.organisation_id)
        values = {"course": one.course.title, "day": Named("day", one.session.starts_on.isoformat())}
        message = Message(staff[1].text, values)
        telling.tell(telling.people_of(one.organisation_id), _cause(staff[0], one, version), message, one)


def _nomination(telling: Telling, number: int) -> Nomination | None:
    query = readable(SYSTEM, Nomination).where(Nomination.id == number)
    return telling.tx.scalar(query.options(*OPTIONS))


def _until(one: Nomination) -> Named | str:
    return Named("day", one.answer_by.date().isoformat()) if one.answer_by else ""


def _cause(what: str, one: Nomination, *further: tuple[str, str]) -> str:
    return cause_of(what, ("nomination", one.ref), *further)


def register_letters() -> None:
    """Let the mails to candidates be finished when they are sent: with a signed link, with an entry for a calendar."""
    register_finish("seat_given", with_link)
    for what in ("seat_given", "run_moved", "run_off"):
        register_calendar(what, calendar_entry)


NEWS: Mapping[str, Callable[[Telling, Any], None]] = {
    "NominationMade": nomination_made,
    "ManyNominated": many_nominated,
    "NominationDecided": nomination_decided,
    "ResultWritten": result_written,
    "ResultAgreed": result_agreed,
    "SessionChanged": session_changed,
    "SessionCancelled": session_cancelled,
}
"""Which fact is news for people, by its name."""
