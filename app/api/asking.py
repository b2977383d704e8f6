"""Asking about records for programs, and what either side does with a question: answer, amend, decline, take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field as Said

from app.api.answers import Answer, in_words
from app.api.bodies import filled
from app.api.clarifications import LIST, ONE, ClarificationGiven, Clarifications, answer_of, here, questions
from app.api.needs import NO_TOKEN
from app.api.operations import reads, seen_version, writes
from app.api.rules import Fault, Problem
from app.api.shapes import taken_by
from app.conversations.clarifications import queries, service
from app.conversations.clarifications.forms import AnswerForm, AskForm, DeclineForm
from app.conversations.clarifications.models import Clarification
from app.conversations.clarifications.showing import asking_places, warnings_on
from app.conversations.clarifications.subjects import Subject, subject_by_ref
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import Permission, Refused, require
from app.foundation.references import tidy_reference
from app.foundation.web import actor, found, now, site
from app.matching.looks import note_looks

MAY_TELL = msg("These words may tell who asks. Change them, or send it again with “sure” as true.")
Asked = taken_by(
    "ClarificationAsked", AskForm,
    sure=(bool, Said(default=False, description="A person has looked at words that may tell who asks.")),
)  # fmt: skip
AnswerTaken = taken_by("ClarificationAnswered", AnswerForm)
Decline = taken_by("ClarificationDeclined", DeclineForm)


@dataclass(frozen=True)
class Place:
    """A kind of record that one may ask about: what its operations are called by, and its address."""

    kind: str
    path: str

    def subject(self, tx: Tx, ref: str, session_ref: str = "") -> Subject:
        """What stands at this address, if the reader may see it."""
        one: Subject = found(subject_by_ref(tx, actor(), tidy_reference(session_ref or ref)))
        kind = self.path.split("/")[1].removesuffix("s")
        is_here = one.kind == kind and one.record.ref == tidy_reference(ref) and bool(one.session) == bool(session_ref)
        found(is_here or None)
        return one


PLACES = (
    Place("need", "/needs/<ref>/clarifications"),
    Place("programme", "/programmes/<ref>/clarifications"),
    Place("course", "/courses/<ref>/clarifications"),
    Place("session", "/courses/<ref>/sessions/<session_ref>/clarifications"),
)


def publish(place: Place) -> None:
    """Let questions on such a record be listed, and asked."""

    def listed(tx: Tx, **parts: str) -> Answer:
        subject = place.subject(tx, **parts)
        note_looks(site().database, actor(), [subject.record], now())
        return questions(tx, queries.seen_on(actor(), subject))

    def ask(tx: Tx, body: Any, **parts: str) -> Answer:
        return _asked(tx, body, place.subject(tx, **parts))

    listed.__name__, ask.__name__ = f"{place.kind}_clarifications", f"ask_on_{place.kind}"
    reads(
        place.path, Permission.PUBLIC_READ, LIST, Clarifications, f"Questions and answers on a {place.kind}",
        is_list=True,
    )(listed)  # fmt: skip
    writes(
        "POST", place.path, Permission.CLARIFICATION_ASK, ONE, ClarificationGiven, f"Ask about a {place.kind}",
        takes=Asked, status=201, version="no",
    )(ask)  # fmt: skip


for _place in PLACES:
    publish(_place)


@writes(
    "POST", "/clarifications/<ref>/answer", Permission.CLARIFICATION_ANSWER, ONE, ClarificationGiven,
    "Answer a question", takes=AnswerTaken,
)  # fmt: skip
def answer_clarification(tx: Tx, body: Any, ref: str) -> Answer:
    """The owner answers, for everybody who may see the record; also what it declined before."""
    row = _own(tx, ref)
    form = filled(lambda typed: AnswerForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(row)
    service.answer(tx, actor(), row, form.words(), now())
    return _moved(tx, ref)


@writes(
    "PATCH", "/clarifications/<ref>", Permission.CLARIFICATION_ANSWER, ONE, ClarificationGiven, "Amend an answer",
    takes=AnswerTaken, version="required",
)  # fmt: skip
def amend_answer(tx: Tx, body: Any, ref: str) -> Answer:
    """The owner puts another answer in the place of the one that stands, which is kept."""
    row = _own(tx, ref)
    stands = {"language": row.answer.language} if row.answer else {}
    form = filled(lambda typed: AnswerForm(data=stands, formdata=typed, meta=NO_TOKEN), body)
    version = seen_version(row, "required")
    service.amend(tx, actor(), row, form.words(), version, now())
    return _moved(tx, ref)


@writes(
    "POST", "/clarifications/<ref>/decline", Permission.CLARIFICATION_ANSWER, ONE, ClarificationGiven,
    "Decline a question", takes=Decline,
)  # fmt: skip
def decline_clarification(tx: Tx, body: Any, ref: str) -> Answer:
    """The owner does not answer, and says why; whoever asked reads it, and nobody else."""
    row = _own(tx, ref)
    form = filled(lambda typed: DeclineForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(row)
    service.decline(tx, actor(), row, form.reason.data or "", now())
    return _moved(tx, ref)


@writes(
    "POST", "/clarifications/<ref>/withdraw", Permission.CLARIFICATION_ASK, ONE, ClarificationGiven,
    "Take a question back",
)  # fmt: skip
def withdraw_clarification(tx: Tx, ref: str) -> Answer:
    """Whoever asked takes the question back."""
    row, _subject = here(tx, ref)
    require(actor(), Permission.CLARIFICATION_ASK, now(), service.Asker(row.asker_id))
    seen_version(row)
    service.withdraw(tx, actor(), row, now())
    return _moved(tx, ref)


def _asked(tx: Tx, body: Any, subject: Subject) -> Answer:
    places = asking_places(actor())
    if not places:
        raise Refused(Permission.CLARIFICATION_ASK.value)
    form = filled(lambda typed: AskForm(places=places, formdata=typed, meta=NO_TOKEN), body)
    words = form.words()
    if not body.sure and (warnings := warnings_on(tx, form.asker_id, subject, words.text)):
        raise Problem("answer-first", in_words(MAY_TELL), [Fault(in_words(one), "/question") for one in warnings])
    row = service.ask(tx, actor(), form.asker_id, subject, words, now())
    tx.flush()
    return answer_of(row, subject, 201)


def _own(tx: Tx, ref: str) -> Clarification:
    row, _subject = here(tx, ref)
    require(actor(), Permission.CLARIFICATION_ANSWER, now(), row)
    return row


def _moved(tx: Tx, ref: str) -> Answer:
    tx.flush()
    return answer_of(*here(tx, ref))
