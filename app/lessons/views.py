"""The pages of lessons: telling one, and reading one with its history and its evidence."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.disclosure import may_see_field
from app.foundation.filing.downloads import download, one_of
from app.foundation.filing.files import files_of
from app.foundation.permissions import Permission
from app.foundation.sending import keep_typed, resumed, send_once
from app.foundation.web import (
    NOTHING,
    abort,
    actor,
    current_language,
    found,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    sent_before,
    site,
    url_for,
)
from app.foundation.wording.versions import StaleVersion
from app.foundation.wording.words import steps
from app.lessons import evidence, service
from app.lessons.changes import PARTS
from app.lessons.forms import LessonForm, as_opened, writing_for
from app.lessons.models import Lesson
from app.lessons.queries import find_lesson, versions_shown
from app.lessons.shared import (
    FILE,
    FORM,
    HISTORY,
    PAGE,
    beginning,
    both_texts,
    bp,
    named_subject,
    sees_subject,
)
from app.lessons.showing import lesson_page


@route(bp, "/new", Permission.LESSON_RECORD, surface=FORM, methods=("GET", "POST"))
def new() -> Any:
    """Tell a lesson."""
    with reading() as tx:
        given = {**resumed(tx), **beginning(tx)}
    form = LessonForm(reader=actor(), spoken=current_language(), sees=sees_subject, **given)
    if form.is_posted and (already := sent_before(form)):
        return already
    if form.is_sound():

        def write(tx: Tx) -> str:
            draft = named_subject(tx, form).draft()
            lesson = service.record_lesson(tx, actor(), form.organisation_id, draft, now())
            keep_evidence(tx, lesson, form)
            return url_for("lessons.page", ref=lesson.ref)

        return send_once(form, write, gettext("Thank you. The lesson is in the library, marked as not yet validated."))
    return render("lessons/form.html", 422 if form.is_posted else 200, form=form, lesson=None)


@route(bp, "/draft", Permission.LESSON_RECORD, surface=NOTHING, methods=("POST",))
def save_draft() -> Any:
    """Keep what has been typed so far."""
    ref = request.args.get("ref")
    return keep_typed("lesson", ref, lambda tx: found(find_lesson(tx, actor(), ref or "")))


@route(bp, "/<ref>", Permission.PUBLIC_READ, surface=PAGE)
def page(ref: str) -> Any:
    """One lesson."""
    with reading() as tx:
        lesson = found(find_lesson(tx, actor(), ref))
        return lesson_page(tx, lesson)


@route(bp, "/<ref>/history", Permission.PUBLIC_READ, surface=HISTORY)
def history(ref: str) -> Any:
    """The versions of a lesson, newest first, with what changed."""
    with reading() as tx:
        lesson = found(find_lesson(tx, actor(), ref))
        versions = versions_shown(tx, actor(), lesson)
        return render("lessons/history.html", lesson=lesson, steps=steps(versions, PARTS, current_language()))


@route(bp, "/<ref>/files/<fref>", Permission.PUBLIC_READ, surface=FILE)
def file(ref: str, fref: str) -> Any:
    """A file of a lesson, as a download and nothing else."""
    with reading() as tx:
        lesson = found(find_lesson(tx, actor(), ref))
        files = files_of(tx, lesson.ref, actor()) if may_see_field(actor(), lesson, "files") else []
        attachment = one_of(files, fref)
        tx.expunge_all()
    return download(attachment)


@route(bp, "/<ref>/amend", Permission.LESSON_RECORD, surface=FORM, methods=("GET", "POST"))
def amend(ref: str) -> Any:
    """Give a lesson new words."""
    with reading() as tx:
        lesson = found(find_lesson(tx, actor(), ref))
        form = _amending(tx, lesson)
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            return render("lessons/form.html", 422 if form.is_posted else 200, form=form, lesson=lesson)

    def write(tx: Tx) -> str:
        lesson = found(find_lesson(tx, actor(), ref))
        draft = evidence.with_unseen_links(lesson, named_subject(tx, form).draft(), sees_subject)
        service.amend_lesson(tx, actor(), lesson, draft, form.opened_version, now())
        keep_evidence(tx, lesson, form)
        return url_for("lessons.page", ref=ref)

    try:
        return send_once(form, write, gettext("The lesson has its new words and waits for validation."))
    except StaleVersion:
        with reading() as tx:
            return both_texts(form, found(find_lesson(tx, actor(), ref)), "lessons.amend")


def _amending(tx: Tx, lesson: Lesson) -> LessonForm:
    if lesson.organisation_id not in {m.organisation_id for m in writing_for(actor())}:
        abort(403)
    return LessonForm(
        reader=actor(), spoken=current_language(), sees=sees_subject, kept=files_of(tx, lesson.ref, actor()),
        **resumed(tx),
        **as_opened(lesson, sees_subject),
    )  # fmt: skip


def keep_evidence(tx: Tx, lesson: Lesson, form: LessonForm) -> None:
    """What belongs to the same transaction: the files that were chosen, and those that were taken away."""
    unwanted = form.unwanted_files.data or () if "unwanted_files" in form else ()
    evidence.keep(tx, actor(), lesson, (form.chosen_files, unwanted), site().files, now())
