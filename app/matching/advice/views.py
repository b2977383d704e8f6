"""The lessons to read while one types, as a part of the page, and answering one for a record of one's own."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission, require
from app.foundation.references import tidy_reference
from app.foundation.sending import send_once
from app.foundation.web import (
    actor,
    blueprint,
    found,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    sent_before,
    url_for,
)
from app.lessons.models import Lesson
from app.matching.advice import rules
from app.matching.advice.drawing import FORMS, beside_form
from app.matching.advice.forms import AnswerForm
from app.matching.advice.queries import answer_to, find_answerable
from app.matching.advice.service import answer_lesson
from app.matching.relations.records import Side

bp = blueprint("advice", "/lessons")

ALIKE = surface("lesson.alike", "panel", "lesson")
ANSWER = surface("advice.answer", "page", "lesson", "need", "programme", "course", "pledge")


@route(bp, "/alike", Permission.PUBLIC_READ, ALIKE, ("GET", "POST"))
def alike() -> Any:
    """The lessons to read while one writes something, as a part of that page."""
    form_id = request.args.get("beside", "")
    with reading() as tx:
        ref = tidy_reference(request.args.get("own", ""))
        drawn = beside_form(tx, actor(), form_id if form_id in FORMS else "", ref, request.values)
        return render("advice/_shown.html", **drawn)


@route(bp, "/<ref>/answers/<record_ref>", Permission.LESSON_ANSWER, ANSWER, ("GET", "POST"))
def answer(ref: str, record_ref: str) -> Any:
    """Say for a record of one's own whether a lesson is applied."""
    with reading() as tx:
        lesson, side = _pair(tx, ref, record_ref)
        form = AnswerForm(lesson.ref, answer_to(tx, lesson, side.kind, side.ref))
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            status = 422 if form.is_posted else 200
            return render("advice/answer.html", status, form=form, lesson=lesson, side=side, rules=rules)

    def write(tx: Tx) -> str:
        lesson, side = _pair(tx, ref, record_ref)
        answer_lesson(tx, actor(), lesson, side, form.draft(), now())
        return url_for(f"{side.kind}s.page", ref=side.ref, _anchor="advice")

    return send_once(form, write, gettext("Your answer is kept. It stands on your record and on the lesson."))


def _pair(tx: Tx, ref: str, record_ref: str) -> tuple[Lesson, Side]:
    pair: tuple[Lesson, Side] = found(find_answerable(tx, actor(), tidy_reference(ref), tidy_reference(record_ref)))
    require(actor(), Permission.LESSON_ANSWER, now(), pair[1].record)
    return pair
