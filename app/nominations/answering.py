"""Where a candidate answers by the link of a mail, without an account: takes the seat, or says that nobody comes."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import NOTHING
from app.foundation.languages import say
from app.foundation.permissions import Permission
from app.foundation.web import current_language, flash, gettext, now, reading, redirect, render, route, site, url_for
from app.nominations import rules, service
from app.nominations.forms import AnswerForm
from app.nominations.links import nomination_for
from app.nominations.models import Nomination
from app.nominations.queries import is_late
from app.nominations.seats import intake_of
from app.nominations.shared import bp


@route(bp, "/seat/<token>", Permission.PUBLIC_READ, NOTHING)
def answer(token: str) -> Any:
    """What the candidate is asked; opening the link changes nothing, since mail programs open links by themselves."""
    with reading() as tx:
        nomination = nomination_for(tx, site().settings.secret_key, token)
        if nomination is None:
            return render("nominations/link_gone.html", 410)
        return render(
            "nominations/answer.html", one=nomination, run=nomination.session, course=nomination.course, token=token,
            form=AnswerForm(formdata=None), intake=intake_of(tx, nomination.session), rules=rules,
            may_confirm=nomination.status == rules.APPROVED and not is_late(nomination, now()),
            may_decline=nomination.status in rules.TO_COME and _is_to_come(nomination),
            is_late=is_late(nomination, now()),
        )  # fmt: skip


def _is_to_come(nomination: Nomination) -> bool:
    return nomination.session.status != "cancelled" and now().date() < nomination.session.starts_on


@route(bp, "/seat/<token>", Permission.PUBLIC_READ, NOTHING, ("POST",))
def take(token: str) -> Any:
    """The candidate's answer. The same answer sent twice says so once."""
    form = AnswerForm()
    if not form.is_sound():
        return redirect(url_for("nominations.answer", token=token), code=303)
    try:
        with site().database.transaction() as tx:
            nomination = nomination_for(tx, site().settings.secret_key, token)
            if nomination is None:
                return render("nominations/link_gone.html", 410)
            if form.answer.data == "yes" and nomination.status != rules.CONFIRMED:
                service.confirm(tx, nomination, now())
            elif form.answer.data == "no" and nomination.status != rules.WITHDRAWN:
                service.decline(tx, nomination, form.reason.data or "", now())
        flash(gettext("Thank you. Your answer is saved."), "success")
    except rules.MoveRefused as error:
        flash(say(error.reason, current_language()), "danger")
    return redirect(url_for("nominations.answer", token=token), code=303)
