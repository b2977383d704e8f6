"""The pages on which whoever nominated amends a candidate, and ranks all of its candidates for a session anew."""

from __future__ import annotations

from typing import Any

from app.courses.models import CourseSession
from app.courses.rules import day_there
from app.foundation.db import Tx
from app.foundation.languages import say
from app.foundation.permissions import Membership, Permission
from app.foundation.sending import send_once
from app.foundation.web import (
    actor,
    current_language,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    sent_before,
    url_for,
)
from app.foundation.wording.two_texts import differences
from app.foundation.wording.versions import StaleVersion
from app.needs.models import NeedLine
from app.nominations import queries
from app.nominations.amending import rules, service
from app.nominations.amending.forms import AmendForm, RankForm, values_of
from app.nominations.forms import say_on
from app.nominations.models import Nomination
from app.nominations.rules import STATUS_NAMES, DraftRefused, MoveRefused, check_to_come
from app.nominations.seats import intake_of, window_of
from app.nominations.shared import FORM, bp, list_address, nomination_here, refused, session_here
from app.nominations.views import NOMINATES, line_named

HERE = "/courses/<ref>/sessions/<session_ref>/nominations"
CHANGE = Permission.NOMINATION_CHANGE


@route(bp, "/nominations/<ref>/amend", CHANGE, FORM, ("GET", "POST"))
def amend(ref: str) -> Any:
    """Put right what was said of a candidate; whoever saves second is shown both texts."""
    try:
        with reading() as tx:
            one = _to_amend(tx, ref)
            form, lines = _form(tx, one)
            if form.is_posted and (already := sent_before(form)):
                return already
            if not form.is_sound():
                return _draw(tx, one, form, 422 if form.is_posted else 200)
        return _send(ref, form, lines)
    except MoveRefused as error:
        return refused(error, url_for("nominations.page", ref=ref))


def _to_amend(tx: Tx, ref: str) -> Nomination:
    one = nomination_here(tx, ref, CHANGE)
    check_to_come(window_of(one.session), day_there(now(), one.session.time_zone))
    service.check_amendable(one)
    return one


def _form(tx: Tx, one: Nomination) -> tuple[AmendForm, dict[str, NeedLine]]:
    found = queries.lines_to_serve(tx, actor(), [one.organisation_id])
    lines = {line.ref: line for line in [*found, *([one.need_line] if one.need_line else [])]}
    named = [(ref, line_named(line)) for ref, line in lines.items()]
    return AmendForm(one, named, data=values_of(one)), lines


def _send(ref: str, form: AmendForm, lines: dict[str, NeedLine]) -> Any:
    def write(tx: Tx) -> str:
        one = nomination_here(tx, ref, CHANGE)
        draft = form.amended(lines.get(form.line.data or ""))
        service.amend(tx, actor(), one, draft, form.opened_version, now())
        return url_for("nominations.page", ref=ref)

    try:
        return send_once(form, write, gettext("The candidate is amended. Seats that were given stay given."))
    except DraftRefused as error:
        say_on(form, error.problems)
        with reading() as tx:
            return _draw(tx, _to_amend(tx, ref), form, 422)
    except StaleVersion:
        with reading() as tx:
            one = _to_amend(tx, ref)
            theirs = values_of(one)
            form.version.data = theirs["version"]
            return _draw(tx, one, form, 409, differences=differences(form, theirs))


def _draw(tx: Tx, one: Nomination, form: AmendForm, status: int, **further: Any) -> Any:
    return render(
        "nominations/form.html", status, one=one, run=one.session, course=one.course, form=form,
        window=window_of(one.session), intake=intake_of(tx, one.session), **further,
    )  # fmt: skip


@route(bp, f"{HERE}/rank", CHANGE, FORM, ("GET", "POST"))
def rank(ref: str, session_ref: str) -> Any:
    """Put all candidates of one's own organisation into another order; buttons move one, and save nothing yet."""
    with reading() as tx:
        session = session_here(tx, ref, session_ref)
        owner, people = _ranked(tx, session)
        form = _rank_form(people)
        if form.is_posted and (already := sent_before(form)):
            return already
        pressed = form.press() if form.is_posted else ""
        if owner is None or pressed or not form.is_sound():
            status = 422 if form.is_posted and not pressed else 200
            return _draw_ranks(tx, session, form, status, pressed=pressed)
    return _send_ranks(ref, session_ref, owner.organisation_id, form)


def _ranked(tx: Tx, session: CourseSession) -> tuple[Membership | None, list[Nomination]]:
    """For whom the person ranks, as ?organisation= says or else the first who has candidates, and these."""
    asked = request.args.get("organisation", "")
    own = queries.nominations_in(tx, actor(), session.id)
    for owner in actor().of_kind(*NOMINATES):
        people = [o for o in own if o.organisation_id == owner.organisation_id and o.status in rules.AMENDABLE]
        if owner.role == "focal_point" and people and asked in {"", owner.organisation_ref}:
            return owner, sorted(people, key=lambda one: (one.rank, one.id))
    return None, []


def _rank_form(people: list[Nomination]) -> RankForm:
    rows = [{"ref": one.ref, "rank": one.rank} for one in people]
    return RankForm(data={"rows": rows, "seen": rules.mark_of({one.ref: one.rank for one in people})})


def _send_ranks(ref: str, session_ref: str, organisation_id: int, form: RankForm) -> Any:
    ranks = {ref: number for ref, number in form.ranks().items() if number is not None}

    def write(tx: Tx) -> str:
        here = session_here(tx, ref, session_ref)
        service.rank_anew(tx, actor(), here.id, organisation_id, service.RankDraft(ranks, form.seen.data or ""), now())
        return list_address(here)

    try:
        return send_once(form, write, gettext("Your candidates are ranked anew. What was decided stays."))
    except MoveRefused as error:
        return refused(error, url_for("nominations.of_session", ref=ref, session_ref=session_ref))
    except DraftRefused as error:
        form.mark({one.field: one.message for one in error.problems})
        status, has_changed = 422, False
    except service.RanksChanged:
        status, has_changed = 409, True
    with reading() as tx:
        return _draw_ranks(tx, session_here(tx, ref, session_ref), form, status, has_changed=has_changed)


def _draw_ranks(
    tx: Tx, session: CourseSession, form: RankForm, status: int, *, pressed: str = "", has_changed: bool = False
) -> Any:  # fmt: skip
    _owner, people = _ranked(tx, session)
    if has_changed:
        # The rows are those of today, with what was typed for those who are still there.
        typed = form.ranks()
        form = _refreshed(people, typed)
        form.form_errors = [
            gettext("Your candidates, or their ranks, have changed meanwhile. Look at the order again.")
        ]
    try:
        check_to_come(window_of(session), day_there(now(), session.time_zone))
        why = ""
    except MoveRefused as error:
        why = say(error.reason, current_language())
    return render(
        "nominations/amending/rank.html", status, run=session, course=session.course, form=form, pressed=pressed,
        named={one.ref: one for one in people}, has_changed=has_changed, names=STATUS_NAMES, why=why,
    )  # fmt: skip


def _refreshed(people: list[Nomination], typed: dict[str, int | None]) -> RankForm:
    rows = [{"ref": one.ref, "rank": typed.get(one.ref) or one.rank} for one in people]
    mark = rules.mark_of({one.ref: one.rank for one in people})
    return RankForm(formdata=None, data={"rows": rows, "seen": mark})
