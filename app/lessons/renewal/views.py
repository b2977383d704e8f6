"""Saying on the page of a lesson that it is still true."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.permissions import Permission, require
from app.foundation.sending import send_once
from app.foundation.web import actor, found, gettext, now, reading, route, see, sent_before, url_for
from app.foundation.wording.versions import StaleVersion
from app.lessons import rules
from app.lessons.queries import find_lesson
from app.lessons.renewal import service
from app.lessons.renewal.forms import AffirmForm
from app.lessons.shared import PAGE, bp
from app.lessons.showing import lesson_page


@route(bp, "/<ref>/still-true", Permission.LESSON_AFFIRM, PAGE, ("POST",))
def affirm(ref: str) -> Any:
    """Say that a lesson is still true, and when to look at it again."""
    form = AffirmForm()
    if already := sent_before(form):
        return already
    with reading() as tx:
        lesson = found(find_lesson(tx, actor(), ref))
        require(actor(), Permission.LESSON_AFFIRM, now(), lesson)
        if form.is_sound() and form.day <= now().date():
            form.blame_day()
        if form.errors or not form.is_posted:
            return lesson_page(tx, lesson, 422, affirm=form)

    def write(tx: Tx) -> str:
        lesson = found(find_lesson(tx, actor(), ref))
        service.affirm(tx, actor(), lesson, form.day, now(), form.opened_version)
        return url_for("lessons.page", ref=ref)

    try:
        return send_once(form, write, gettext("Thank you. The lesson counts as true until that day."))
    except (rules.MoveRefused, StaleVersion):
        return see("lessons.page", gettext("The lesson has changed meanwhile. Read it as it is now."), "info", ref=ref)
