"""The pages of lessons: the library, telling one, reading one, and the queue for validation."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.sending import keep_typed, resumed, send_once
from app.foundation.version_words import steps
from app.foundation.versions import StaleVersion
from app.foundation.web import (
    NOTHING,
    abort,
    actor,
    blueprint,
    current_language,
    found,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    see,
    sent_before,
    site,
    url_for,
)
from app.lessons import listing, rules, service
from app.lessons.changes import PARTS
from app.lessons.forms import DecideForm, LessonForm, as_opened, writing_for
from app.lessons.models import Lesson
from app.lessons.queries import (
    find_lesson,
    find_subject,
    lessons_alike,
    list_lessons,
    return_reason,
    versions_shown,
)
from app.lessons.queries import (
    queue as lessons_waiting,
)

bp = blueprint("lessons", "/lessons")

LIST = surface("lesson.list", "list", "lesson")
PAGE = surface("lesson.page", "page", "lesson")
FORM = surface("lesson.form", "page", "lesson")
HISTORY = surface("lesson.history", "page", "lesson")
QUEUE = surface("lesson.queue", "list", "lesson")

SUBJECT_PAGES = {"need": "needs.page", "programme": "programmes.page", "course": "courses.page"}


@route(bp, "", Permission.PUBLIC_READ, surface=LIST)
def index() -> Any:
    """The library."""
    asked = listing.read(Lesson)
    with reading() as tx:
        filters, number = listing.filters_of(asked), request.args.get("page")
        return render(
            "lessons/index.html",
            asked=asked,
            page=list_lessons(tx, actor(), filters, number, asked.sort, asked.size),
            **listing.drawn_beside(tx, Lesson, asked),
            rules=rules,
        )


@route(bp, "/new", Permission.LESSON_RECORD, surface=FORM, methods=("GET", "POST"))
def new() -> Any:
    """Tell a lesson."""
    with reading() as tx:
        form = LessonForm(reader=actor(), spoken=current_language(), **resumed(tx), **beginning(tx))
    if form.is_posted and (already := sent_before(form)):
        return already
    if form.is_sound():

        def write(tx: Tx) -> str:
            draft = named_subject(tx, form).draft()
            lesson = service.record_lesson(tx, actor(), form.organisation_id, draft, now())
            return url_for("lessons.page", ref=lesson.ref)

        return send_once(form, write, gettext("Thank you. The lesson is in the library, marked as not yet validated."))
    return render("lessons/form.html", 422 if form.is_posted else 200, form=form, lesson=None)


@route(bp, "/draft", Permission.LESSON_RECORD, surface=NOTHING, methods=("POST",))
def save_draft() -> Any:
    """Keep what has been typed so far."""
    ref = request.args.get("ref")
    return keep_typed("lesson", ref, lambda tx: found(find_lesson(tx, actor(), ref or "")))


@route(bp, "/queue", Permission.LESSON_VALIDATE, surface=QUEUE)
def queue() -> Any:
    """Lessons that wait for validation."""
    with reading() as tx:
        return render("lessons/queue.html", lessons=lessons_waiting(tx, actor()), rules=rules)


@route(bp, "/<ref>", Permission.PUBLIC_READ, surface=PAGE)
def page(ref: str) -> Any:
    """One lesson."""
    with reading() as tx:
        lesson = found(find_lesson(tx, actor(), ref))
        return _lesson_page(tx, lesson, DecideForm())


def _lesson_page(tx: Tx, lesson: Lesson, form: DecideForm, status: int = 200) -> Any:
    is_own = lesson.organisation_id in actor().organisation_ids
    near = lessons_alike(tx, actor(), lesson.codes("theme"), lesson.codes("kind"), lesson.codes("country"), 4)
    return render(
        "lessons/page.html",
        status,
        lesson=lesson,
        rules=rules,
        form=form,
        reason=return_reason(tx, lesson) if is_own and lesson.status == "returned" else "",
        subject=subject_address(tx, lesson),
        has_versions=len(versions_shown(tx, actor(), lesson)) > 1,
        alike=[other for other in near if other.id != lesson.id][:3],
    )


@route(bp, "/<ref>/history", Permission.PUBLIC_READ, surface=HISTORY)
def history(ref: str) -> Any:
    """The versions of a lesson, newest first, with what changed."""
    with reading() as tx:
        lesson = found(find_lesson(tx, actor(), ref))
        versions = versions_shown(tx, actor(), lesson)
        return render("lessons/history.html", lesson=lesson, steps=steps(versions, PARTS, current_language()))


@route(bp, "/<ref>/amend", Permission.LESSON_RECORD, surface=FORM, methods=("GET", "POST"))
def amend(ref: str) -> Any:
    """Give a lesson new words."""
    with reading() as tx:
        lesson = found(find_lesson(tx, actor(), ref))
        if lesson.organisation_id not in {m.organisation_id for m in writing_for(actor())}:
            abort(403)
        form = LessonForm(reader=actor(), spoken=current_language(), **resumed(tx), **as_opened(lesson))
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            return render("lessons/form.html", 422 if form.is_posted else 200, form=form, lesson=lesson)

    def write(tx: Tx) -> str:
        draft = named_subject(tx, form).draft()
        service.amend_lesson(tx, actor(), found(find_lesson(tx, actor(), ref)), draft, form.opened_version, now())
        return url_for("lessons.page", ref=ref)

    try:
        return send_once(form, write, gettext("The lesson has its new words and waits for validation."))
    except StaleVersion:
        with reading() as tx:
            return both_texts(form, found(find_lesson(tx, actor(), ref)), "lessons.amend")


@route(bp, "/<ref>/decide", Permission.LESSON_VALIDATE, surface=PAGE, methods=("POST",))
def decide(ref: str) -> Any:
    """Validate a lesson, or return it to its author."""
    form = DecideForm()
    is_sound = form.is_sound() and form.decision.data in {"validate", "return"}
    with reading() as tx:
        lesson = found(find_lesson(tx, actor(), ref))
        if not is_sound:
            return _lesson_page(tx, lesson, form, 422)
    try:
        with site().database.transaction() as tx:
            lesson = found(find_lesson(tx, actor(), ref))
            if form.decision.data == "validate":
                service.validate_lesson(tx, actor(), lesson, now())
            else:
                service.return_lesson(tx, actor(), lesson, form.reason.data, now())
    except rules.MoveRefused:
        return see("lessons.queue", gettext("Somebody has already decided on this lesson."), "info")
    return see("lessons.queue", gettext("Your decision is kept, and the author will be told."))


def beginning(tx: Tx) -> dict[str, Any]:
    """How an empty form begins: about the record that the address names, in the page's language."""
    named = (request.args.get(kind, "") for kind in ("need", "programme", "course", "lesson"))
    ref = next((ref for ref in named if ref), "")
    is_known = find_subject(tx, actor(), ref) is not None
    return {"subject_ref": ref if is_known else "", "language": current_language()}


def named_subject(tx: Tx, form: Any) -> Any:
    """The form, without the record that it is about where its author may not see that record."""
    ref = str(form.subject_ref.data or "")
    if find_subject(tx, actor(), ref) is None:
        form.subject_ref.data = ""
    return form


def subject_address(tx: Tx, record: Any) -> str:
    """Where the record that taught this can be read, for those who may see it."""
    endpoint = SUBJECT_PAGES.get(record.subject_kind)
    if endpoint and find_subject(tx, actor(), record.subject_ref) is not None:
        return url_for(endpoint, ref=record.subject_ref)
    return ""


def both_texts(form: Any, record: Any, endpoint: str) -> Any:
    """Somebody else saved first: what each of them wrote, side by side."""
    texts = [name for name in ("title", *service.COLUMNS[2:7], "description", "website") if name in form]
    different = [
        (form[name].label.text, form[name].data or "", getattr(record, name))
        for name in texts
        if (form[name].data or "") != getattr(record, name)
    ]
    newest = url_for(endpoint, ref=record.ref)
    return render("errors/409.html", 409, differences=different, back_url=newest)
