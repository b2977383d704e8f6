"""The pages on which people see what is kept of them, take it along, give up a place, and close their account."""

from __future__ import annotations

import json
from typing import Any

from app.accounts import guard, members
from app.accounts.handing import what_goes
from app.accounts.models import Membership
from app.accounts.people import bp
from app.accounts.privacy import service
from app.accounts.privacy.forms import CloseForm, LeaveForm
from app.accounts.queries import membership_of
from app.accounts.rules import AccountRefused
from app.accounts.sign_in import end
from app.foundation.db import Tx
from app.foundation.permissions import Permission
from app.foundation.web import (
    NOTHING,
    actor,
    current_language,
    found,
    gettext,
    now,
    reading,
    render,
    route,
    see,
    site,
)
from app.organisations.forms import refuse
from app.organisations.queries import organisation_by_ref

OWN = Permission.ACCOUNT_MANAGE


@route(bp, "/account/data", OWN, surface=NOTHING, methods=("GET", "POST"), proof=True)
def data() -> Any:
    """What is kept of oneself in words; the button gives all of it as a file."""
    form = CloseForm()
    if not form.is_posted:
        return render("accounts/data.html", form=form)
    with site().database.transaction() as tx:
        kept = service.export_of(tx, actor(), now())
    answer = render("accounts/data.html", form=form)
    answer.set_data(json.dumps(kept, ensure_ascii=False, indent=1))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = "attachment; filename=counterpart-my-data.json"
    return answer


@route(bp, "/account/close", OWN, surface=NOTHING, methods=("GET", "POST"), proof=True)
def close() -> Any:
    """Close one's account; what it says of the person is erased."""
    form = CloseForm()
    if form.is_sound():
        try:
            with site().database.transaction() as tx:
                service.close_account(tx, actor(), now())
            end()
            return see("home.index", gettext("Your account is closed. What it said of you is being erased."))
        except AccountRefused as error:
            refuse(form, error.message, current_language())
    return render("accounts/close.html", 422 if form.is_posted else 200, form=form)


@route(bp, "/account/leave/<ref>", OWN, surface=NOTHING, methods=("GET", "POST"), proof=True)
def leave(ref: str) -> Any:
    """Give up one's place in an organisation, and hand over to a colleague."""
    with reading() as tx:
        place = _own_place(tx, ref)
        form = LeaveForm(service.colleagues_of(tx, place))
        organisation, goes = place.organisation, what_goes(tx, place)
    if form.is_sound():
        try:
            with site().database.transaction() as tx:
                place = _own_place(tx, ref)
                successor = membership_of(tx, place.organisation_id, form.successor.data or "")
                members.leave(tx, actor(), place, successor, now())
            name = organisation.name
            return see("accounts.settings", gettext("You no longer act for %(organisation)s.", organisation=name))
        except AccountRefused as error:
            refuse(form, error.message, current_language(), error.field)
    return render(
        "accounts/leave.html", 422 if form.is_posted else 200, form=form, organisation=organisation, goes=goes
    )


def _own_place(tx: Tx, ref: str) -> Membership:
    organisation = found(organisation_by_ref(tx, ref))
    place: Membership = found(membership_of(tx, organisation.id, guard.account_of(tx, actor()).ref))
    return place
