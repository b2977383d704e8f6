"""The pages of evaluations: the questions, by the link of a mail; and the answers as the beginning of a lesson."""

from __future__ import annotations

import secrets
from typing import Any

from app.courses.models import CourseSession
from app.foundation.disclosure import NOTHING
from app.foundation.drafts import save_draft
from app.foundation.languages import say
from app.foundation.permissions import Permission
from app.foundation.web import (
    actor,
    current_language,
    flash,
    gettext,
    now,
    reading,
    redirect,
    render,
    route,
    site,
    url_for,
)
from app.nominations.evaluations import rules, service
from app.nominations.evaluations.forms import AnswersForm, form_for
from app.nominations.evaluations.lesson import lesson_parts
from app.nominations.evaluations.links import evaluation_for
from app.nominations.evaluations.models import Evaluation
from app.nominations.evaluations.queries import answers_of
from app.nominations.rules import MoveRefused
from app.nominations.shared import LIST, bp, list_address, refused, session_to_fill


@route(bp, "/evaluation/<token>", Permission.PUBLIC_READ, NOTHING)
def evaluate(token: str) -> Any:
    """The questions, with what this person answered before."""
    with reading() as tx:
        row = evaluation_for(tx, site().settings.secret_key, token)
        if row is None:
            return render("nominations/link_gone.html", 410)
        return _draw(row, form_for(row, is_blank=True))


@route(bp, "/evaluation/<token>", Permission.PUBLIC_READ, NOTHING, ("POST",))
def send_evaluation(token: str) -> Any:
    """The answers. Sent again, they take the place of those before."""
    with reading() as tx:
        row = evaluation_for(tx, site().settings.secret_key, token)
        if row is None:
            return render("nominations/link_gone.html", 410)
        form = form_for(row)
        if not form.is_sound():
            return _draw(row, form, 422)
    try:
        with site().database.transaction() as tx:
            service.answer(tx, row, form.figures(), form.texts(), now())
        flash(gettext("Thank you. Your answers are saved."), "success")
    except MoveRefused as error:
        flash(say(error.reason, current_language()), "danger")
    return redirect(url_for("nominations.evaluate", token=token), code=303)


def _draw(row: Evaluation, form: AnswersForm, status: int = 200) -> Any:
    one, until = row.nomination, rules.answers_until(row.asked_at)
    is_open = now() < until
    return render(
        "nominations/evaluations/answer.html", status if is_open else 410, row=row, run=one.session, course=one.course,
        form=form, until=until, is_open=is_open, rules=rules,
    )  # fmt: skip


@route(bp, "/courses/<ref>/sessions/<session_ref>/lesson", Permission.NOMINATION_DECIDE, LIST, ("POST",))
def draft_lesson(ref: str, session_ref: str) -> Any:
    """Begin a lesson with the figures and with what hindered most; the centre writes the rest and sends it."""
    with site().database.transaction() as tx:
        session = session_to_fill(tx, ref, session_ref)
        found = [one for one in answers_of(tx, session.id, now()) if one.sums]
        if not found:
            return refused(MoveRefused(rules.TOO_FEW), list_address(session))
        key = secrets.token_urlsafe(16)
        save_draft(tx, actor(), "lesson", key, _fields(session, found, key), now())
    flash(gettext("The figures are in. Say what others should do, and send it."), "info")
    return redirect(url_for("lessons.new", course=ref, draft=key), code=303)


def _fields(session: CourseSession, found: list[Any], key: str) -> list[tuple[str, str]]:
    course = session.course
    tier = course.disclosure if course.disclosure in {"public", "members"} else "own"
    plain = {
        "form_key": key, "organisation": course.organisation.ref, "language": current_language(),
        "disclosure": tier, "subject_ref": course.ref, "kind": "operational", "evidence": "measured", "view": "centre",
        "criterion": "effectiveness", "stage": "follow_up", **lesson_parts(session, found, current_language()),
    }  # fmt: skip
    many = [("themes", code) for code in course.codes("theme")] + [("kinds", "training")]
    many += [("countries", session.country)] if session.country else []
    return [*plain.items(), *many]
