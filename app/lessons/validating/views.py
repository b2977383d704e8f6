"""The pages of validation: the queue, deciding, asking somebody to review, and the comments."""

from __future__ import annotations

from typing import Any

from app.accounts.queries import account_by_email
from app.foundation.db import Tx
from app.foundation.permissions import Permission, require
from app.foundation.sending import send_once
from app.foundation.web import (
    actor,
    found,
    gettext,
    now,
    reading,
    render,
    route,
    see,
    sent_before,
    url_for,
)
from app.foundation.wording.versions import StaleVersion
from app.lessons import rules
from app.lessons.models import Lesson
from app.lessons.queries import find_lesson
from app.lessons.queries import queue as lessons_waiting
from app.lessons.shared import PAGE, QUEUE, both_texts, bp
from app.lessons.showing import lesson_page
from app.lessons.validating import service
from app.lessons.validating.forms import CommentForm, DecideForm, DismissForm, ReviewerForm
from app.lessons.validating.queries import due


@route(bp, "/queue", Permission.LESSON_VALIDATE, surface=QUEUE)
def queue() -> Any:
    """Lessons that wait for this person's word; for the secretariat also those that wait for another look."""
    with reading() as tx:
        decides = bool(actor().of_kind("secretariat"))
        return render(
            "lessons/queue.html",
            lessons=lessons_waiting(tx, actor()),
            due=due(tx, actor(), now().date()) if decides else [],
            decides=decides,
            rules=rules,
        )


@route(bp, "/<ref>/decide", Permission.LESSON_VALIDATE, surface=PAGE, methods=("POST",))
def decide(ref: str) -> Any:
    """Validate a lesson, in clearer words where they help, or return it to its author."""
    with reading() as tx:
        lesson = _here(tx, ref, Permission.LESSON_VALIDATE)
        form = DecideForm(lesson=lesson)
        if already := sent_before(form):
            return already
        if not form.is_sound():
            return lesson_page(tx, lesson, 422, decide=form)
    try:
        return send_once(
            form, lambda tx: _decided(tx, ref, form), gettext("Your decision is kept, and the author will be told.")
        )
    except rules.MoveRefused:
        return see("lessons.queue", gettext("Somebody has already decided on this lesson."), "info")
    except StaleVersion:
        with reading() as tx:
            return both_texts(form, found(find_lesson(tx, actor(), ref)), "lessons.page")


def _decided(tx: Tx, ref: str, form: DecideForm) -> str:
    lesson = found(find_lesson(tx, actor(), ref))
    if form.decision.data == "validate":
        service.validate_lesson(tx, actor(), lesson, now(), form.wording(), form.opened_version)
    else:
        service.return_lesson(tx, actor(), lesson, form.reason.data, now())
    return url_for("lessons.queue")


@route(bp, "/<ref>/reviewer", Permission.LESSON_ASSIGN, surface=PAGE, methods=("POST",))
def ask_reviewer(ref: str) -> Any:
    """Ask somebody to review a lesson."""
    form = ReviewerForm()
    if already := sent_before(form):
        return already
    with reading() as tx:
        lesson = _here(tx, ref, Permission.LESSON_ASSIGN)
        if form.is_sound() and account_by_email(tx, form.email.data) is None:
            form.blame("unknown")
        if form.errors or not form.is_posted:
            return lesson_page(tx, lesson, 422, assign=form)

    def write(tx: Tx) -> str:
        account = found(account_by_email(tx, form.email.data))
        service.ask_reviewer(tx, actor(), found(find_lesson(tx, actor(), ref)), account, now())
        return url_for("lessons.page", ref=ref)

    try:
        return send_once(form, write, gettext("The reviewer is asked, and finds the lesson on the desk."))
    except service.ReviewerRefused as refused:
        form.blame(refused.reason)
        with reading() as tx:
            return lesson_page(tx, _here(tx, ref, Permission.LESSON_ASSIGN), 422, assign=form)


@route(bp, "/<ref>/reviewer/dismiss", Permission.LESSON_ASSIGN, surface=PAGE, methods=("POST",))
def dismiss_reviewer(ref: str) -> Any:
    """Take a review back."""
    form = DismissForm()
    if already := sent_before(form):
        return already
    with reading() as tx:
        lesson = _here(tx, ref, Permission.LESSON_ASSIGN)
        if not form.is_sound():
            return lesson_page(tx, lesson, 422, dismiss=form)

    def write(tx: Tx) -> str:
        service.dismiss_reviewer(tx, actor(), found(find_lesson(tx, actor(), ref)), now())
        return url_for("lessons.page", ref=ref)

    return send_once(form, write, gettext("The review is taken back. You may ask somebody else."))


@route(bp, "/<ref>/comments", Permission.LESSON_COMMENT, surface=PAGE, methods=("POST",))
def comment(ref: str) -> Any:
    """Leave a word for the author, the reviewer and the secretariat."""
    form = CommentForm()
    if already := sent_before(form):
        return already
    with reading() as tx:
        lesson = _here(tx, ref, Permission.LESSON_COMMENT)
        if not form.is_sound():
            return lesson_page(tx, lesson, 422, comment=form)

    def write(tx: Tx) -> str:
        service.comment(tx, actor(), found(find_lesson(tx, actor(), ref)), form.text.data, now())
        return url_for("lessons.page", ref=ref, _anchor="comments")

    return send_once(form, write, gettext("Your comment is there, and the others are told."))


def _here(tx: Tx, ref: str, permission: Permission) -> Lesson:
    """The lesson of this address, if this person may see it and has the permission.

    Raises:
        Refused: the person has not. HTTPException: there is none for this person (404).
    """
    lesson: Lesson = found(find_lesson(tx, actor(), ref))
    require(actor(), permission, now(), lesson)
    return lesson
