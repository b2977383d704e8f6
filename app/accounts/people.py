"""The people of an organisation: who belongs to it in which role, who is invited, and the panel with their names."""

from __future__ import annotations

from typing import Any

from app.accounts import members, queries, service
from app.accounts.forms import InviteForm
from app.accounts.models import Membership
from app.accounts.rules import ROLES, AccountRefused
from app.foundation.db import Tx
from app.foundation.languages import say
from app.foundation.limits import may_still
from app.foundation.permissions import Actor, Permission, require
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
    render_part,
    request,
    route,
    see,
    sent_before,
    site,
)
from app.organisations.forms import refuse
from app.organisations.models import Organisation
from app.organisations.queries import organisation_by_ref, readable_organisation

bp = blueprint("accounts")
INVITE = Permission.ORGANISATION_INVITE
CONTACTS = "100 per day"
"""So many times a person is shown addresses of other organisations' focal points; nobody needs more by hand."""


@route(bp, "/organisations/<ref>/people", INVITE, surface=NOTHING, methods=("GET", "POST"), proof=True)
def people(ref: str) -> Any:
    """Members, invitations that wait for an answer, and a form to invite a colleague."""
    form = InviteForm(current_language())
    if form.is_posted:
        already = sent_before(form)
        if already:
            return already
    if form.is_sound():
        try:
            with site().database.transaction() as tx:
                invitation = service.invite(tx, actor(), managed(tx, ref), form.draft(), now(), form.key)
        except AccountRefused as error:
            refuse(form, error.message, current_language(), error.field)
        else:
            message = gettext("%(email)s is invited. The e-mail is on its way.", email=invitation.email)
            return see("accounts.people", message, ref=ref)
    return _page(ref, form)


def _page(ref: str, form: InviteForm) -> Any:
    with reading() as tx:
        organisation = managed(tx, ref)
        return render(
            "accounts/people.html",
            422 if form.is_posted else 200,
            organisation=organisation,
            people=queries.members_of(tx, organisation.id),
            invitations=queries.pending_invitations(tx, organisation.id, now()),
            roles=ROLES,
            form=form,
        )


def managed(tx: Tx, ref: str) -> Organisation:
    """The organisation, for somebody who may say who acts for it.

    Raises:
        Refused: this person may not.
    """
    organisation: Organisation = found(organisation_by_ref(tx, ref))
    found(readable_organisation(tx, actor(), ref))
    require(actor(), Permission.ORGANISATION_INVITE, now(), organisation)
    return organisation


@route(bp, "/organisations/<ref>/people/<account>/role", INVITE, surface=NOTHING, methods=("POST",), proof=True)
def change_role(ref: str, account: str) -> Any:
    """Give a member another role."""
    try:
        with site().database.transaction() as tx:
            members.set_role(tx, actor(), _membership(tx, ref, account), request.form.get("role", ""), now())
    except AccountRefused as error:
        return _back(ref, error)
    return see("accounts.people", gettext("The role is changed."), ref=ref)


@route(bp, "/organisations/<ref>/people/<account>/remove", INVITE, surface=NOTHING, methods=("POST",), proof=True)
def remove(ref: str, account: str) -> Any:
    """End a member's place in the organisation."""
    try:
        with site().database.transaction() as tx:
            successor = request.form.get("successor", "")
            members.remove_member(
                tx,
                actor(),
                _membership(tx, ref, account),
                now(),
                _membership(tx, ref, successor) if successor else None,
            )
    except AccountRefused as error:
        return _back(ref, error)
    # Whoever has just left the organisation may no longer open the list of its people.
    return see("organisations.page", gettext("This person no longer acts for the organisation."), ref=ref)


def _membership(tx: Tx, ref: str, account: str) -> Membership:
    membership: Membership = found(queries.membership_of(tx, managed(tx, ref).id, account))
    return membership


@route(bp, "/organisations/<ref>/invitations/<invitation>/revoke", INVITE, surface=NOTHING, methods=("POST",))
def revoke(ref: str, invitation: str) -> Any:
    """Take an invitation back."""
    try:
        with site().database.transaction() as tx:
            taken = found(queries.invitation_by_ref(tx, managed(tx, ref).id, invitation))
            service.revoke(tx, actor(), taken, now())
    except AccountRefused as error:
        return _back(ref, error)
    return see("accounts.people", gettext("The invitation is taken back: its link opens nothing any more."), ref=ref)


def _back(ref: str, error: AccountRefused) -> Any:
    return see("accounts.people", say(error.message, current_language()), kind="error", ref=ref)


def people_panel(reader: Actor, ref: str) -> str:
    """Panel `organisation.people`: whom to write to, for people of verified organisations and their own."""
    with reading() as tx:
        organisation = readable_organisation(tx, reader, ref)
        if organisation is None or not (reader.is_verified or organisation.id in reader.organisation_ids):
            return ""
        names = queries.members_of(tx, organisation.id)
        shows = reader.is_verified and (organisation.id in reader.organisation_ids or may_still(CONTACTS, ref))
        return render_part(
            "accounts/_people_panel.html", people=names, roles=ROLES, shows_addresses=shows, is_enough=not shows
        )
