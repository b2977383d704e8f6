"""Lessons for programs: read and told, as on their pages."""

from __future__ import annotations

from typing import Any

from app.api.answers import Answer, absolute, record
from app.api.bodies import filled
from app.api.lists import list_of
from app.api.needs import NO_TOKEN
from app.api.operations import Parameter, reads, seen_version, writes
from app.api.parts import COUNTRY, HEAD, KIND, THEME, TIERS, WORDS, head, page_of
from app.api.shapes import given_of, shown_as, taken_by
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission, require
from app.foundation.web import actor, current_language, found, now
from app.lessons import evidence, listing, rules, service
from app.lessons.changes import COLUMNS, FACETS, snapshot
from app.lessons.forms import LessonForm, as_opened
from app.lessons.library.queries import STANDINGS, Filters, narrowed
from app.lessons.models import Lesson
from app.lessons.queries import find_lesson, find_subject
from app.lessons.shared import named_subject, sees_subject

LIST = surface("lesson.api_list", "api", "lesson")
ONE = surface("lesson.api", "api", "lesson")
LessonGiven = given_of(
    "Lesson", Lesson, COLUMNS, FACETS.values(), **HEAD, **TIERS, subject_ref=(str, ""), links=(list[str], []),
)  # fmt: skip
Lessons = page_of("Lessons", LessonGiven)
LessonTaken = taken_by("LessonTold", LessonForm)
LessonChanged = taken_by("LessonAmended", LessonForm, leave_out=("organisation",), changes=True)
OWN_FILTERS = (
    Parameter("verdict", "How it went.", lambda: list(rules.VERDICTS)),
    Parameter("status", "Whether it is validated.", lambda: list(listing.OWN["status"])),
    Parameter("standing", "What others say of it.", lambda: list(STANDINGS)),
    Parameter("evidence", "How well it is known.", lambda: list(rules.EVIDENCE)),
    Parameter("criterion", "Evaluation criteria.", lambda: list(rules.CRITERIA)),
    Parameter("stage", "Stages of the work.", lambda: list(rules.STAGES)),
    Parameter("audience", "Who should read it.", lambda: list(rules.AUDIENCES)),
    Parameter("nature", "Kinds of lesson.", lambda: list(rules.KINDS)),
)


@reads(
    "/lessons", Permission.PUBLIC_READ, LIST, Lessons, "Lessons that you may see",
    query=(WORDS, THEME, KIND, COUNTRY, *OWN_FILTERS), is_list=True,
)  # fmt: skip
def lessons(tx: Tx) -> Answer:
    """The list, narrowed as on its page."""
    filters: Filters = listing.filters_of(listing.read(Lesson))
    return list_of(tx, "lessons", narrowed(actor(), Lesson, filters), Lesson, lambda lesson: shown(tx, lesson))


@reads("/lessons/<ref>", Permission.PUBLIC_READ, ONE, LessonGiven, "One lesson")
def lesson(tx: Tx, ref: str) -> Answer:
    """One lesson."""
    return _answer(tx, found(find_lesson(tx, actor(), ref)))


@writes(
    "POST", "/lessons", Permission.LESSON_RECORD, ONE, LessonGiven, "Tell a lesson", takes=LessonTaken, status=201,
    version="no",
)  # fmt: skip
def tell_lesson(tx: Tx, body: Any) -> Answer:
    """Tell a lesson for one of one's organisations; it waits for validation."""
    form = filled(_form, body)
    draft = named_subject(tx, form).draft()
    made = service.record_lesson(tx, actor(), form.organisation_id, draft, now())
    return _answer(tx, made, 201)


@writes(
    "PATCH", "/lessons/<ref>", Permission.LESSON_RECORD, ONE, LessonGiven, "Amend a lesson", takes=LessonChanged,
    version="required",
)  # fmt: skip
def amend_lesson(tx: Tx, body: Any, ref: str) -> Answer:
    """Give a lesson new words; what is not said stays as it is, and it waits for validation again."""
    before = own(tx, ref)
    amended(tx, before, body, seen_version(before, "required"))
    return _answer(tx, before)


def own(tx: Tx, ref: str) -> Lesson:
    """The lesson of this address, for somebody who may change it."""
    lesson: Lesson = found(find_lesson(tx, actor(), ref))
    require(actor(), Permission.LESSON_RECORD, now(), lesson)
    return lesson


def amended(tx: Tx, before: Lesson, body: Any, version: int | None) -> None:
    """Make a new version of a lesson by the form of its page, with what was sent in it."""
    opened = as_opened(before, sees_subject)
    form = filled(lambda typed: _form(typed, opened), body)
    draft = evidence.with_unseen_links(before, named_subject(tx, form).draft(), sees_subject)
    service.amend_lesson(tx, actor(), before, draft, version, now())


def _form(typed: Any, opened: dict[str, Any] | None = None) -> LessonForm:
    given = opened or {"language": current_language()}
    return LessonForm(
        reader=actor(), spoken=current_language(), sees=sees_subject, formdata=typed, data=given, meta=NO_TOKEN
    )


def _answer(tx: Tx, lesson: Lesson, status: int = 200) -> Answer:
    tx.flush()
    location = absolute("api.lesson", ref=lesson.ref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(shown(tx, lesson), lesson.version, status, location)


def shown(tx: Tx, lesson: Lesson) -> dict[str, Any]:
    """A lesson as its readers see it, with the records that taught it, as far as this reader may see them."""
    seen = [link.subject_ref for link in lesson.links if find_subject(tx, actor(), link.subject_ref) is not None]
    subject = lesson.subject_ref if find_subject(tx, actor(), lesson.subject_ref) is not None else ""
    more = {"subject_ref": subject, "links": seen, "restricted_fields": sorted(lesson.field_disclosure)}
    return shown_as(LessonGiven, snapshot(lesson) | head(lesson, absolute("lessons.page", ref=lesson.ref), **more))
