"""Questions on records for programs: what waits for an answer, one of them, and how they are shown and listed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field as Said
from sqlalchemy import ColumnElement, Select, and_, case, or_

from app.api.answers import Answer, absolute, record
from app.api.lists import Order, ordered_list
from app.api.operations import reads
from app.api.parts import Whose, page_of, whose
from app.api.shapes import Given, shown_as
from app.conversations.clarifications import queries, rules
from app.conversations.clarifications.models import Answer as Answered
from app.conversations.clarifications.models import Clarification
from app.conversations.clarifications.showing import seen
from app.conversations.clarifications.subjects import Subject, subject_of
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.references import tidy_reference
from app.foundation.web import actor, found, now, site
from app.matching.looks import note_looks

SHOWN = ("clarification", "need", "programme", "course")
LIST = surface("clarification.api_list", "api", *SHOWN)
ONE = surface("clarification.api", "api", *SHOWN)


class AboutGiven(Given):
    """What a question is about: a record, or one session of a course."""

    kind: str = Said(description="need, programme or course")
    ref: str
    session_ref: str | None = None
    title: str
    language: str
    organisation: Whose = Said(description="Its owner, who answers.")
    url: str


class AnswerGiven(Given):
    """What the owner has answered."""

    text: str
    language: str
    about_version: int = Said(description="The version of the record that the owner had before it.")
    answered_at: datetime


class ClarificationGiven(Given):
    """A question on a record, with the answer that stands. Nobody is told who asks."""

    ref: str
    url: str
    version: int = Said(description="Moves with every change; part of the ETag.")
    status: str = Said(description="answered; for the two sides alone: waiting, declined, withdrawn.")
    about: AboutGiven
    about_version: int = Said(description="The version of the record that was asked about.")
    has_changed: bool = Said(description="The record has changed since it was asked, or last answered, about.")
    question: str
    language: str
    asked_on: date
    due_on: date | None = Said(default=None, description="By when it is to be answered, while it waits.")
    is_overdue: bool = Said(description="You should have answered by now.")
    is_yours: bool = Said(description="Your organisation asks.")
    answer: AnswerGiven | None = None
    earlier_answers: list[AnswerGiven] = Said(default=[], description="Those that were amended, the latest first.")
    reason: str | None = Said(default=None, description="Why it is not answered.")


Clarifications = page_of("Clarifications", ClarificationGiven)


@reads("/clarifications", Permission.DESK_READ, LIST, Clarifications, "Questions that you are to answer", is_list=True)
def clarifications(tx: Tx) -> Answer:
    """The questions that wait for one's organisations, the most urgent first, as on the desk."""
    return questions(tx, queries.to_answer(actor()))


@reads("/clarifications/<ref>", Permission.PUBLIC_READ, ONE, ClarificationGiven, "One question")
def clarification(tx: Tx, ref: str) -> Answer:
    """One question, with the answer that stands and those before it."""
    row, subject = here(tx, ref)
    note_looks(site().database, actor(), [subject.record], now())
    return answer_of(row, subject)


def here(tx: Tx, ref: str) -> tuple[Clarification, Subject]:
    """The question of this address and what it is about, for whoever may see it."""
    row: Clarification = found(queries.find(tx, actor(), tidy_reference(ref)))
    return row, found(subject_of(tx, actor(), row))


def answer_of(row: Clarification, subject: Subject, status: int = 200) -> Answer:
    """A question as it stands now."""
    location = absolute("api.clarification", ref=row.ref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(shown(row, subject), row.version, status, location)


def questions(tx: Tx, query: Select[Any]) -> Answer:
    """As on the page: what waits, the most urgent first, what was declined, and what is answered, the latest first.

    Among the answered neither the hour of a question nor its number tells of whoever asked.
    """
    due = case((Clarification.status != rules.ANSWERED, Clarification.due_at))
    in_order = query.order_by(Clarification.status.desc(), due, Clarification.answered_at.desc(), Clarification.ref)

    def bookmark(row: Clarification) -> str:
        at = row.answered_at if row.status == rules.ANSWERED else row.due_at
        return f"{row.status} {at.isoformat() if at else ''} {row.ref}"

    def shown_all(page: Any) -> list[dict[str, Any]]:
        about = [(row, subject_of(tx, actor(), row)) for row in page]
        return [shown(row, subject) for row, subject in about if subject is not None]

    return ordered_list(tx, "clarifications", in_order, Order(_behind, bookmark), shown_all)


def _behind(after: str) -> ColumnElement[bool]:
    # Where the page ended stands in the bookmark: what is answered meanwhile moves, and the page stays.
    status, at, ref = after.split(" ")
    instant = datetime.fromisoformat(at)
    if status == rules.ANSWERED:
        later, same = Clarification.answered_at < instant, Clarification.answered_at == instant
    else:
        later, same = Clarification.due_at > instant, Clarification.due_at == instant
    here = and_(Clarification.status == status, or_(later, and_(same, Clarification.ref > ref)))
    return or_(Clarification.status < status, here)


def shown(row: Clarification, subject: Subject) -> dict[str, Any]:
    """A question as this reader sees it: neither who asks nor the hour at which it was asked is told."""
    one = seen(actor(), row, subject, now())
    names = ("ref", "version", "status", "about_version", "question", "language")
    values: dict[str, Any] = {name: getattr(row, name) for name in names}
    values |= {
        "url": absolute("clarifications.page", ref=row.ref), "about": _about(subject), "has_changed": one.has_changed,
        "asked_on": row.asked_at.date(), "is_overdue": one.is_overdue, "is_yours": one.is_asker,
        "earlier_answers": [_given(each) for each in reversed(row.answers[:-1])],
    }  # fmt: skip
    if row.status == rules.WAITING:
        values["due_on"] = row.due_at.date()
    if row.answer is not None:
        values["answer"] = _given(row.answer)
    if row.status == rules.DECLINED:
        values["reason"] = row.reason
    return shown_as(ClarificationGiven, values)


def _given(one: Answered) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("text", "language", "about_version", "answered_at")}


def _about(subject: Subject) -> dict[str, Any]:
    one, session = subject.record, subject.session
    url = absolute(f"{subject.kind}s.page", ref=one.ref)
    if session is not None:
        url = absolute("courses.session_page", ref=one.ref, session_ref=session.ref)
    return {
        "kind": subject.kind, "ref": one.ref, "title": one.title, "language": one.language, "url": url,
        "organisation": whose(one.organisation),
    } | ({"session_ref": session.ref} if session else {})  # fmt: skip
