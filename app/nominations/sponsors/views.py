"""The pages of sponsored seats: offering to pay, one offer, and answering it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from app.courses.models import CourseSession
from app.foundation.audit import history_of
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.languages import say
from app.foundation.permissions import Permission, require
from app.foundation.sending import send_once
from app.foundation.web import (
    actor,
    blueprint,
    current_language,
    found,
    gettext,
    now,
    reading,
    render,
    route,
    sent_before,
    url_for,
)
from app.needs.models import NeedLine
from app.nominations.exchange.queries import lines_for_session
from app.nominations.forms import say_on
from app.nominations.rules import DraftRefused, MoveRefused
from app.nominations.seats import window_of
from app.nominations.shared import acted_once, session_here
from app.nominations.sponsors import queries, rules, service
from app.nominations.sponsors.forms import AcceptForm, DeclineForm, SponsorForm, WithdrawForm
from app.nominations.sponsors.models import SeatSponsorship
from app.pledges.queries import pledges_by_ids

bp = blueprint("sponsors")
FORM = surface("sponsorship.form", "page", "sponsorship", "course", "need")
PAGE = surface("sponsorship.page", "page", "sponsorship", "course", "need", "pledge")
PLEDGES = ("donor", "regional", "centre", "state")
LINES = 50


@route(bp, "/courses/<ref>/sessions/<session_ref>/sponsor", Permission.PLEDGE_MAKE, FORM, ("GET", "POST"))
def new(ref: str, session_ref: str) -> Any:
    """Offer to pay for seats."""
    with reading() as tx:
        session = session_here(tx, ref, session_ref)
        form, lines = _form(tx, session)
        if form.is_posted and (already := sent_before(form)):
            return already
        if not form.is_sound():
            return _draw(tx, session, form, 422 if form.is_posted else 200)
    owner = next(m for m in actor().of_kind(*PLEDGES) if m.organisation_ref == form.organisation.data)

    def write(tx: Tx) -> str:
        here = session_here(tx, ref, session_ref)
        draft = form.draft(lines.get(form.line.data or ""))
        one = service.offer_seats(tx, actor(), owner.organisation_id, here, draft, now())
        return url_for("sponsors.page", ref=one.ref)

    return _send(form, write, gettext("The seats are offered. The centre answers, and you will be told."), session)


def _send(form: SponsorForm, write: Callable[[Tx], str], message: str, session: CourseSession) -> Any:
    try:
        return send_once(form, write, message)
    except DraftRefused as error:
        say_on(form, error.problems)
    except MoveRefused as error:
        form.form_errors = [say(error.reason, current_language())]
    with reading() as tx:
        return _draw(tx, session_here(tx, session.course.ref, session.ref), form, 422)


def _form(tx: Tx, session: CourseSession) -> tuple[SponsorForm, dict[str, NeedLine]]:
    lines = [one.line for one in lines_for_session(tx, actor(), session, now(), LINES)]
    owners = [(m.organisation_ref, m.organisation_name) for m in actor().of_kind(*PLEDGES)]
    named = [(line.ref, f"{line.need.title} · {line.description or line.ref}") for line in lines]
    reach = queries.room_of(tx, actor(), session).reach
    return SponsorForm(owners, named, reach), {line.ref: line for line in lines}


def _draw(tx: Tx, session: CourseSession, form: SponsorForm, status: int) -> Any:
    room = queries.room_of(tx, actor(), session)
    window = window_of(session)
    return render("sponsors/form.html", status, run=session, course=session.course, form=form, room=room, window=window)


@route(bp, "/sponsorships/<ref>", Permission.DESK_READ, PAGE)
def page(ref: str) -> Any:
    """One offer: what is paid for whom, where it stands, and what one may do."""
    with reading() as tx:
        return _draw_page(tx, _here(tx, ref))


def _here(tx: Tx, ref: str, permission: Permission | None = None) -> SeatSponsorship:
    one = cast(SeatSponsorship, found(queries.find_sponsorship(tx, actor(), ref)))
    if permission is not None:
        require(actor(), permission, now(), one)
    return one


def _draw_page(tx: Tx, one: SeatSponsorship, status: int = 200, **forms: Any) -> Any:
    names = {"accept_form": AcceptForm, "decline_form": DeclineForm, "withdraw_form": WithdrawForm}
    blank = {name: form(formdata=None) for name, form in names.items()}
    pledge = pledges_by_ids(tx, actor(), [one.pledge_id]).get(one.pledge_id) if one.pledge_id else None
    is_to_come = now().date() < one.session.starts_on and one.session.status != "cancelled"
    return render(
        "sponsors/page.html", status, one=one, run=one.session, course=one.course, rules=rules, pledge=pledge,
        history=history_of(tx, one.ref), is_to_come=is_to_come, **(blank | forms),
    )  # fmt: skip


@route(bp, "/sponsorships/<ref>/accept", Permission.NOMINATION_DECIDE, PAGE, ("POST",))
def accept(ref: str) -> Any:
    """The centre takes the offer."""
    form = AcceptForm()
    return _answer(
        ref, form, "accept_form", Permission.NOMINATION_DECIDE,
        lambda tx, one: service.accept(tx, actor(), one, now()),
        gettext("The offer is accepted. Everybody who sees the session reads who pays."),
    )  # fmt: skip


@route(bp, "/sponsorships/<ref>/decline", Permission.NOMINATION_DECIDE, PAGE, ("POST",))
def decline(ref: str) -> Any:
    """The centre does not take the offer."""
    form = DeclineForm()
    return _answer(
        ref, form, "decline_form", Permission.NOMINATION_DECIDE,
        lambda tx, one: service.decline(tx, actor(), one, form.reason.data or "", now()),
        gettext("The offer is declined, and the sponsor told why."),
    )  # fmt: skip


@route(bp, "/sponsorships/<ref>/withdraw", Permission.PLEDGE_CHANGE, PAGE, ("POST",))
def withdraw(ref: str) -> Any:
    """The sponsor takes the offer back."""
    form = WithdrawForm()
    return _answer(
        ref, form, "withdraw_form", Permission.PLEDGE_CHANGE,
        lambda tx, one: service.withdraw(tx, actor(), one, form.reason.data or "", now()),
        gettext("The offer is withdrawn, and the centre told why."),
    )  # fmt: skip


def _answer(
    ref: str, form: Any, name: str, permission: Permission, do: Callable[[Tx, SeatSponsorship], Any], message: str
) -> Any:
    return acted_once(
        form, lambda tx: _here(tx, ref, permission), do, url_for("sponsors.page", ref=ref), message,
        lambda tx, one: _draw_page(tx, one, 422, **{name: form}),
    )  # fmt: skip
