"""What is still asked of one's organisations, and the form in which it is told."""

from __future__ import annotations

from typing import Any

from app.closing import filling, rules, service
from app.closing.forms import ClosingForm
from app.closing.queries import Asked, asked_of, find_asked, session_of
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.references import tidy_reference
from app.foundation.sending import keep_typed, resumed, send_once
from app.foundation.web import (
    NOTHING,
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

bp = blueprint("closing", "/lessons/asked")
LIST = surface("closing.list", "list", "need", "programme", "course")
PAGE = surface("closing.page", "page", "need", "programme", "course", "pledge")


@route(bp, "", Permission.LESSON_RECORD, LIST)
def index() -> Any:
    """What is still asked of this person's organisations."""
    with reading() as tx:
        return render("closing/index.html", asked=asked_of(tx, actor()), rules=rules)


@route(bp, "/<ref>", Permission.LESSON_RECORD, PAGE, ("GET", "POST"))
def tell(ref: str) -> Any:
    """Tell in two minutes what was learned."""
    with reading() as tx:
        asked = _asked(tx, ref)
        form = _form(tx, asked)
        if form.is_posted and (already := sent_before(form)):
            return already
        if asked.request.status != rules.ASKED:
            return see("closing.index", gettext("That has been answered already. Thank you."), "info")
        if not form.is_sound():
            status = 422 if form.is_posted else 200
            codes = filling.codes_of(asked)
            return render("closing/form.html", status, form=form, asked=asked, codes=codes, rules=rules)
    try:
        return send_once(form, lambda tx: _tell(tx, ref, form), gettext("Thank you. Your lesson is in the library."))
    except rules.MoveRefused:
        return see("closing.index", gettext("That has been answered already. Thank you."), "info")


@route(bp, "/<ref>/nothing", Permission.LESSON_RECORD, PAGE, ("POST",))
def nothing(ref: str) -> Any:
    """There is nothing to tell; nobody is asked again."""
    try:
        with site().database.transaction() as tx:
            service.nothing_to_tell(tx, actor(), _asked(tx, ref).request, now())
    except rules.MoveRefused:
        return see("closing.index", gettext("That has been answered already. Thank you."), "info")
    return see("closing.index", gettext("Thank you. You will not be asked about it again."))


@route(bp, "/<ref>/draft", Permission.LESSON_RECORD, NOTHING, ("POST",))
def save_draft(ref: str) -> Any:
    """Keep what has been typed so far."""
    return keep_typed("lesson_request", tidy_reference(ref), lambda tx: _asked(tx, ref).side.record)


def _asked(tx: Tx, ref: str) -> Asked:
    asked: Asked = found(find_asked(tx, actor(), tidy_reference(ref)))
    return asked


def _form(tx: Tx, asked: Asked) -> ClosingForm:
    session = session_of(tx, asked)
    language = current_language()
    data = {**filling.parts_of(tx, actor(), asked, session, language), "language": language}
    is_owner = asked.side.organisation.id == asked.request.organisation_id
    more = resumed(tx) if request.method == "GET" else {}
    return ClosingForm(tier=asked.request.tier, is_owner=is_owner, data=data, **more)


def _tell(tx: Tx, ref: str, form: ClosingForm) -> str:
    asked = _asked(tx, ref)
    draft = form.draft(asked.request.view, (asked.side.kind, asked.side.ref), filling.codes_of(asked))
    lesson = service.answer_with_lesson(tx, actor(), asked.request, draft, now())
    return url_for("lessons.page", ref=lesson.ref)
