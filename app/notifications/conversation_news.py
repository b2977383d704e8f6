"""What questions, answers and messages mean for people; nothing that is told to one side names who asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.conversations.clarifications.models import Clarification
from app.conversations.clarifications.rules import WAITING
from app.conversations.clarifications.subjects import Subject, subject_of
from app.conversations.messages.models import Message as Written
from app.conversations.messages.models import Thread
from app.conversations.messages.queries import has_unread
from app.courses.models import CourseSession
from app.foundation.disclosure import model_of, readable
from app.foundation.messages import Message, msg
from app.foundation.permissions import SYSTEM
from app.notifications.following.queries import followers_of
from app.notifications.rules import Part, cause_of
from app.notifications.telling import Telling
from app.pledges.models import Pledge
from app.pledges.rules import ENDED

ANSWERED = msg("Your question on “%(record)s” was answered")
DECLINED = msg("Your question on “%(record)s” is not answered: read why")
PUBLISHED = msg("A question on “%(record)s” was answered")
AMENDED = msg("An answer on “%(record)s” was amended")
ASKED = msg("A question on “%(record)s” waits for your answer")
SOON = msg("A question on “%(record)s” is to be answered within a working day")
OVERDUE = msg("A question on “%(record)s” should have been answered by now")


def asked(telling: Telling, fact: Any) -> None:
    """The owner has a question to answer."""
    _tell_owner(telling, fact, "question_asked", ASKED)


def due(telling: Telling, fact: Any) -> None:
    """The owner is reminded, before the day or after it."""
    part = ("due", "overdue" if fact.is_overdue else "soon")
    _tell_owner(telling, fact, "question_due", OVERDUE if fact.is_overdue else SOON, part)


def answered(telling: Telling, fact: Any) -> None:
    """Whoever asked learns of the answer, and so do those who pledge, or put people forward, here."""
    found = _found(telling, fact)
    if found is not None:
        row, subject = found
        _tell(telling, [row.asker_id], "question_answered", ANSWERED, row, subject)
        _tell(telling, _interested(telling, row, subject), "answer_published", PUBLISHED, row, subject)
        _tell_followers(telling, "answer_published", PUBLISHED, row, subject)


def amended(telling: Telling, fact: Any) -> None:
    """The same people learn that the answer is another one now."""
    found = _found(telling, fact)
    if found is not None:
        row, subject = found
        people = [row.asker_id, *_interested(telling, row, subject)]
        _tell(telling, people, "answer_amended", AMENDED, row, subject, ("answer", str(fact.number)))
        _tell_followers(telling, "answer_amended", AMENDED, row, subject, ("answer", str(fact.number)))


def declined(telling: Telling, fact: Any) -> None:
    """Whoever asked learns that there is no answer, and nobody else does."""
    found = _found(telling, fact)
    if found is not None:
        _tell(telling, [found[0].asker_id], "question_declined", DECLINED, *found)


def message_sent(telling: Telling, fact: Any) -> None:
    """The other side has something to read; a mail goes only to whoever had read everything before it."""
    message = telling.tx.get(Written, fact.message_id)
    thread = telling.tx.scalar(readable(SYSTEM, Thread).where(Thread.id == message.thread_id)) if message else None
    if message is None or thread is None:
        return
    cause = cause_of("message_sent", (thread.record_kind, thread.ref), ("message", message.ref))
    words = msg("A message from %(who)s", who=message.organisation.name)
    for person in telling.people_of(*thread.organisation_ids - {message.organisation_id}):
        by_mail = not has_unread(telling.tx, person.id, message)
        telling.tell([person], cause, words, thread, by_mail=by_mail)


def _found(telling: Telling, fact: Any) -> tuple[Clarification, Subject] | None:
    query = readable(SYSTEM, Clarification).where(Clarification.id == fact.clarification_id)
    row = telling.tx.scalar(query)
    subject = subject_of(telling.tx, SYSTEM, row) if row is not None else None
    return (row, subject) if row is not None and subject is not None else None


def _tell_owner(telling: Telling, fact: Any, what: str, words: Message, *more: Part) -> None:
    found = _found(telling, fact)
    if found is not None and found[0].status == WAITING:
        _tell(telling, [found[0].organisation_id], what, words, *found, *more)


def _tell(
    telling: Telling, ids: Iterable[int], what: str, words: Message, row: Clarification, subject: Subject, *more: Part
) -> None:
    cause = cause_of(what, (row.record_kind, row.ref), (subject.kind, subject.record.ref), *more)
    message = Message(words.text, {"record": subject.record.title})
    telling.tell(telling.people_of(*sorted(set(ids))), cause, message, row)


def _tell_followers(
    telling: Telling, what: str, words: Message, row: Clarification, subject: Subject, *more: Part
) -> None:
    """Those who follow the record, but for its owner's people and those who asked, who know already."""
    known = {row.asker_id, row.organisation_id}
    people = [
        person for person in followers_of(telling.tx, subject.kind, subject.record.ref)
        if not known & {place.organisation_id for place in person.memberships}
    ]  # fmt: skip
    cause = cause_of(what, (row.record_kind, row.ref), (subject.kind, subject.record.ref), *more)
    telling.tell(people, cause, Message(words.text, {"record": subject.record.title}), row)


def _interested(telling: Telling, row: Clarification, subject: Subject) -> set[int]:
    """Organisations with a pledge or an interest on the record, or candidates for its course; not who asks or owns."""
    ids = _with_candidates(telling, row, subject) if subject.kind == "course" else _with_pledges(telling, subject)
    return ids - {row.asker_id, row.organisation_id}


def _with_pledges(telling: Telling, subject: Subject) -> set[int]:
    which = Pledge.need_id if subject.kind == "need" else Pledge.programme_id
    query = readable(SYSTEM, Pledge).where(which == subject.record.id, Pledge.status.not_in(sorted(ENDED)))
    pledges = telling.tx.scalars(query).all()
    return {one.organisation_id if subject.kind == "need" else one.need_organisation_id for one in pledges}


def _with_candidates(telling: Telling, row: Clarification, subject: Subject) -> set[int]:
    # Candidates are kept by a feature above this one, and found by their name.
    model = model_of("nomination")
    if model is None:
        return set()
    sessions = select(CourseSession.id).where(CourseSession.course_id == subject.record.id)
    if row.session_id is not None:
        sessions = sessions.where(CourseSession.id == row.session_id)
    return {
        one.organisation_id for one in telling.tx.scalars(readable(SYSTEM, model).where(model.session_id.in_(sessions)))
    }
