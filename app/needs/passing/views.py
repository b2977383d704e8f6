"""The page on which a national focal point, or the secretariat, looks at a need before it is posted."""

from __future__ import annotations

from typing import Any

from app.foundation.db import Tx
from app.foundation.filing.files import files_of
from app.foundation.languages import say
from app.foundation.permissions import Permission
from app.foundation.references import tidy_reference
from app.foundation.web import actor, current_language, found, gettext, now, reading, render, route, see, site
from app.needs import rules
from app.needs.models import Need, Passing
from app.needs.passing.forms import PassingForm
from app.needs.passing.service import AlreadyDecided, Verdict, decide, find_passing, waiting_for
from app.needs.surfaces import LIST, PAGE, bp


@route(bp, "/passing", Permission.NEED_PASS, LIST)
def passing_list() -> Any:
    """Needs that wait for this person's organisation."""
    with reading() as tx:
        return render("needs/passing_list.html", waiting=waiting_for(tx, actor()), kinds=rules.PASSING_NAMES)


@route(bp, "/<ref>/passing", Permission.NEED_PASS, PAGE, methods=("GET", "POST"))
def passing(ref: str) -> Any:
    """One need that waits: all of it, and the decision."""
    form = PassingForm()
    if form.is_sound():
        verdict = Verdict(form.decision.data == "passed", form.reason.data or "")
        try:
            with site().database.transaction() as tx:
                one, need = _asked(tx, ref)
                decide(tx, actor(), one, verdict, now())
                posted = need.status == "posted"
            said = gettext("The need is posted.") if posted else gettext("Your decision is recorded.")
            return see("needs.passing_list", said)
        except AlreadyDecided:
            return see("needs.passing_list", gettext("Somebody has decided on this need already."), "warning")
        except ValueError as error:
            form.reason.errors = [say(error.args[0], current_language())]
    with reading() as tx:
        one, need = _asked(tx, ref)
        status = 422 if form.is_posted else 200
        kind, files = rules.PASSING_NAMES[one.kind], files_of(tx, need.ref, actor())
        return render("needs/passing.html", status, form=form, passing=one, need=need, kind=kind, files=files)


def _asked(tx: Tx, ref: str) -> tuple[Passing, Need]:
    pair: tuple[Passing, Need] = found(find_passing(tx, actor(), tidy_reference(ref)))
    return pair
