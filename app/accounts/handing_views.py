"""The pages of handing over: what goes to which colleague, before it is done; and naming a focal point."""

from __future__ import annotations

from typing import Any

from app.accounts import members, queries
from app.accounts.handing import what_goes
from app.accounts.models import Membership
from app.accounts.people import INVITE, bp, managed
from app.accounts.privacy.forms import LeaveForm
from app.accounts.privacy.service import colleagues_of
from app.accounts.rules import ROLES, AccountRefused
from app.foundation.db import Tx
from app.foundation.languages import say
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
    request,
    route,
    see,
    site,
)
from app.organisations.forms import refuse


def _place(tx: Tx, ref: str, account: str) -> Membership:
    place: Membership = found(queries.membership_of(tx, managed(tx, ref).id, account))
    return place


@route(bp, "/organisations/<ref>/people/<account>/hand-over", INVITE, surface=NOTHING, methods=("GET", "POST"),
       proof=True)  # fmt: skip
def hand_over(ref: str, account: str) -> Any:
    """What of a member's goes to a colleague; the button moves it, and the member's place stays."""
    with reading() as tx:
        place = _place(tx, ref, account)
        form = LeaveForm(colleagues_of(tx, place))
        goes, person, organisation = what_goes(tx, place), place.account, place.organisation
    if form.is_sound():
        try:
            with site().database.transaction() as tx:
                successor = queries.membership_of(tx, organisation.id, form.successor.data or "")
                if successor is None:
                    raise AccountRefused(members.CHOOSE_COLLEAGUE, "successor")
                members.hand_over(tx, actor(), _place(tx, ref, account), successor, now())
            return see("accounts.people", gettext("It is handed over, and both are told."), ref=ref)
        except AccountRefused as error:
            refuse(form, error.message, current_language(), error.field)
    status = 422 if form.is_posted else 200
    return render(
        "accounts/hand_over.html", status, form=form, goes=goes, person=person, role=ROLES[place.role],
        organisation=organisation,
    )  # fmt: skip


@route(bp, "/organisations/<ref>/people/appoint", Permission.ORGANISATION_VERIFY, surface=NOTHING, methods=("POST",),
       proof=True)  # fmt: skip
def appoint(ref: str) -> Any:
    """The secretariat names somebody of an organisation as its focal point."""
    try:
        with site().database.transaction() as tx:
            members.set_role(tx, actor(), _place(tx, ref, request.form.get("account", "")), "focal_point", now())
    except AccountRefused as error:
        return see("upkeep.orphans", say(error.message, current_language()), "error")
    return see("upkeep.orphans", gettext("The organisation has a focal point again."))
