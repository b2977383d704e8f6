"""The pages on which candidates are put forward, listed and looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.courses.models import CourseSession
from app.courses.rules import day_there
from app.foundation.audit import history_of
from app.foundation.db import Tx
from app.foundation.forms import BaseForm
from app.foundation.languages import say
from app.foundation.permissions import Permission, allowed
from app.foundation.references import tidy_reference
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
from app.needs.models import NeedLine
from app.nominations import queries, rules, seating, service
from app.nominations.forms import AcceptForm, NominationForm, RejectForm, WithdrawForm, say_on
from app.nominations.models import Nomination
from app.nominations.seats import intake_of, lost_quotas, room_on, seeker_of, window_of
from app.nominations.shared import FORM, LIST, PAGE, acted_once, bp, list_address, nomination_here, session_here

CHANGE = Permission.NOMINATION_CHANGE
NOMINATES = ("state", "regional")


@route(bp, "/nominations", Permission.DESK_READ, LIST)
def index() -> Any:
    """Everybody whom one's organisations have put forward, and for a centre everybody who was put forward to it."""
    chosen = [state for state in request.args.getlist("state") if state in queries.STATES]
    with reading() as tx:
        page = queries.list_nominations(tx, actor(), chosen, request.args.get("page"))
        return render(
            "nominations/index.html", page=page, chosen=chosen, rules=rules, states=queries.STATES,
            url_for_page=lambda number: url_for("nominations.index", state=chosen, page=number),
        )  # fmt: skip


@route(bp, "/courses/<ref>/sessions/<session_ref>/nominations", Permission.DESK_READ, LIST)
def of_session(ref: str, session_ref: str) -> Any:
    """The candidates of one session: all for its centre, for others those of their own organisations."""
    with reading() as tx:
        return draw_session(tx, session_here(tx, ref, session_ref))


def draw_session(tx: Tx, session: CourseSession, status: int = 200, form: AcceptForm | None = None) -> Any:
    """The list of a session, as this reader sees it."""
    people = queries.nominations_in(tx, actor(), session.id)
    intake = intake_of(tx, session)
    seekers = [seeker_of(one) for one in people if one.status == rules.WAITLISTED]
    holding = [seeker_of(one) for one in people if one.status in rules.HOLDING]
    room = room_on(session, intake, day_there(now(), session.time_zone))
    ordered = seating.in_order(room, holding, seekers)
    return render(
        "nominations/session.html", status, run=session, course=session.course, people=people, rules=rules,
        seats=queries.seats_of(tx, [session])[session.id], intake=intake, window=window_of(session),
        place={seeker.number: number for number, seeker in enumerate(ordered, start=1)},
        form=form or AcceptForm(formdata=None), seating=seating, lost=lost_quotas(tx, session, now()),
        may_rank=_may_rank(people, session),
    )  # fmt: skip


def _may_rank(people: list[Nomination], session: CourseSession) -> bool:
    own = [one for one in people if one.status in rules.TO_COME and allowed(actor(), CHANGE, now(), one)]
    return len(own) > 1 and is_to_come(session)


def is_to_come(session: CourseSession) -> bool:
    """Whether seats of a session are still given and taken."""
    try:
        rules.check_to_come(window_of(session), day_there(now(), session.time_zone))
    except rules.MoveRefused:
        return False
    return True


@route(bp, "/courses/<ref>/sessions/<session_ref>/nominations/new", Permission.NOMINATION_MAKE, FORM, ("GET", "POST"))
def new(ref: str, session_ref: str) -> Any:
    """Put somebody forward."""
    with reading() as tx:
        session = session_here(tx, ref, session_ref)
        form, lines = _form(tx, session)
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            return _draw(tx, session, form, 422 if form.is_posted else 200)
    owner = next(m for m in actor().of_kind(*NOMINATES) if m.organisation_ref == form.organisation.data)
    draft = form.draft(lines.get(form.line.data or ""))

    def write(tx: Tx) -> str:
        here = session_here(tx, ref, session_ref)
        service.nominate(tx, actor(), owner.organisation_id, here, draft, now())
        return list_address(here)

    try:
        return send_once(
            form, write, gettext("The candidate is put forward. The centre decides, and you will be told.")
        )
    except rules.DraftRefused as error:
        say_on(form, error.problems)
    except rules.MoveRefused as error:
        form.form_errors = [say(error.reason, current_language())]
    with reading() as tx:
        return _draw(tx, session_here(tx, ref, session_ref), form, 422)


def _form(tx: Tx, session: CourseSession) -> tuple[NominationForm, dict[str, NeedLine]]:
    owners = [m for m in actor().of_kind(*NOMINATES) if m.role == "focal_point"]
    found_lines = queries.lines_to_serve(tx, actor(), [m.organisation_id for m in owners])
    asked = tidy_reference(request.args.get("line", ""))
    first = next((line.ref for line in found_lines if line.ref == asked), "")
    rank = queries.next_rank(tx, actor(), session.id, owners[0].organisation_id) if owners else 1
    form = NominationForm(
        [(m.organisation_ref, m.organisation_name) for m in owners],
        [(line.ref, line_named(line)) for line in found_lines],
        data={"rank": rank, "line": first, "language": (session.languages or ["en"])[0]},
    )
    return form, {line.ref: line for line in found_lines}


def line_named(line: NeedLine) -> str:
    """A line of a need as a choice names it."""
    return f"{line.need.title} · {line.description or line.ref}"


def _draw(tx: Tx, session: CourseSession, form: NominationForm, status: int) -> Any:
    return render(
        "nominations/form.html", status, run=session, course=session.course, form=form, window=window_of(session),
        intake=intake_of(tx, session),
    )  # fmt: skip


@route(bp, "/nominations/<ref>", Permission.DESK_READ, PAGE)
def page(ref: str) -> Any:
    """One candidate: where the nomination stands, by which rule, and what one may do."""
    with reading() as tx:
        nomination = nomination_here(tx, ref)
        return draw_page(tx, nomination)


def draw_page(tx: Tx, nomination: Any, status: int = 200, **forms: Any) -> Any:
    """The page of a nomination; `forms` are those that were sent and are not sound."""
    blank = {"reject_form": RejectForm(formdata=None), "withdraw_form": WithdrawForm(formdata=None)}
    return render(
        "nominations/page.html", status, one=nomination, run=nomination.session, course=nomination.course, rules=rules,
        history=history_of(tx, nomination.ref), now=now(), window=window_of(nomination.session),
        is_to_come=is_to_come(nomination.session), lost=_lost(tx, nomination), **(blank | forms),
    )  # fmt: skip


def _lost(tx: Tx, nomination: Nomination) -> list[seating.Quota]:
    """The quotas about somebody with this one's marks that do not hold any more."""
    if nomination.status not in rules.TO_COME & rules.HOLDING:
        return []
    marks = seeker_of(nomination).marks
    return [quota for quota in lost_quotas(tx, nomination.session, now()) if quota.mark in marks]


@route(bp, "/nominations/<ref>/withdraw", Permission.NOMINATION_CHANGE, PAGE, ("POST",))
def withdraw(ref: str) -> Any:
    """Take a candidate back."""
    form = WithdrawForm()
    return moved(
        ref, Permission.NOMINATION_CHANGE, form, "withdraw_form",
        lambda tx, one: service.withdraw(tx, actor(), one, form.reason.data or "", now()),
        gettext("The candidate is withdrawn. A seat that this frees goes to the next one."),
    )  # fmt: skip


def moved(
    ref: str, permission: Permission, form: BaseForm, name: str, do: Callable[[Tx, Nomination], Any], words: str
) -> Any:
    """Let a nomination move by one of the forms of its page, once, and go back there."""
    return acted_once(
        form, lambda tx: nomination_here(tx, ref, permission), do, url_for("nominations.page", ref=ref), words,
        lambda tx, one: draw_page(tx, one, 422, **{name: form}),
    )  # fmt: skip
