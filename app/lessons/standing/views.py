"""Saying on the page of a lesson how another one stands to it, and taking that back."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.permissions import Permission, require
from app.foundation.references import tidy_reference
from app.foundation.sending import send_once
from app.foundation.web import actor, found, gettext, now, reading, route, sent_before, url_for
from app.lessons.models import Lesson
from app.lessons.queries import find_lesson
from app.lessons.shared import PAGE, bp
from app.lessons.showing import lesson_page
from app.lessons.standing import service
from app.lessons.standing.forms import TieForm, UntieForm
from app.lessons.standing.queries import Pair, tie_between, ties_of


@route(bp, "/<ref>/ties", Permission.LESSON_RELATE, PAGE, ("POST",))
def relate(ref: str) -> Any:
    """Say that another lesson corroborates or contradicts this one."""
    form = TieForm()
    if already := sent_before(form):
        return already
    with reading() as tx:
        lesson = found(find_lesson(tx, actor(), ref))
        if not (form.is_sound() and _can_be_tied(tx, lesson, form)):
            return lesson_page(tx, lesson, 422, tie=form)

    def write(tx: Tx) -> str:
        pair = Pair(found(find_lesson(tx, actor(), ref)), found(_other(tx, form)))
        service.declare_tie(tx, actor(), pair, form.kind.data, form.sentence.data, now())
        return url_for("lessons.page", ref=ref, _anchor="ties")

    return send_once(form, write, gettext("It stands on both pages, and those who told the other lesson are told."))


def _can_be_tied(tx: Tx, lesson: Lesson, form: TieForm) -> bool:
    """Whether the form names another lesson that this person may see and tie; else it says what stands in the way."""
    other = _other(tx, form)
    if other is None or not other.is_published:
        form.blame("unknown")
        return False
    require(actor(), Permission.LESSON_RELATE, now(), Pair(lesson, other))
    if other.id == lesson.id:
        form.blame("same")
    elif tie_between(tx, lesson, other) is not None:
        form.blame("there")
    return not form.errors


def _other(tx: Tx, form: TieForm) -> Lesson | None:
    return find_lesson(tx, actor(), tidy_reference(form.other.data or ""))


@route(bp, "/<ref>/ties/<tie_ref>/take-back", Permission.LESSON_UNTIE, PAGE, ("POST",))
def untie(ref: str, tie_ref: str) -> Any:
    """Take back what one's organisation has said of two lessons."""
    form = UntieForm()
    if already := sent_before(form):
        return already
    with reading() as tx:
        lesson = found(find_lesson(tx, actor(), ref))
        if not form.is_sound():
            return lesson_page(tx, lesson, 422, untie=form)

    def write(tx: Tx) -> str:
        lesson = found(find_lesson(tx, actor(), ref))
        ties = (tied.tie for tied in ties_of(tx, actor(), lesson))
        service.take_back(tx, actor(), found(next((tie for tie in ties if tie.ref == tie_ref), None)), now())
        return url_for("lessons.page", ref=ref)

    return send_once(form, write, gettext("It is taken back, and stands on neither page any more."))
