"""One's own account and its sign-ins, and accepting an invitation; the rooms beside bring their own pages."""

from __future__ import annotations

from typing import Any

from app.accounts import guard, personal, queries, service
from app.accounts import handing_views as handing
from app.accounts.entry import views as entry
from app.accounts.forms import AcceptForm, JoinForm, PasswordForm, ProfileForm
from app.accounts.language import remember
from app.accounts.links import views as links
from app.accounts.people import bp
from app.accounts.privacy import views as privacy
from app.accounts.proof import views as proof
from app.accounts.proof.rules import WAYS
from app.accounts.rules import ROLES, AccountRefused
from app.accounts.sign_in import sign_in_ref
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
    sent_before,
    site,
)
from app.organisations.forms import refuse
from app.organisations.rules import STATUSES

OTHER = "accounts/accept_as_other.html"
ROOMS = (entry, handing, links, privacy, proof)
"""Their pages stand under the same blueprint."""


@route(bp, "/account", Permission.ACCOUNT_MANAGE, surface=NOTHING, methods=("GET", "POST"))
def settings() -> Any:
    """One's own name and language, and the organisations that one acts for."""
    form = ProfileForm()
    if form.is_posted:
        already = sent_before(form)
        if already:
            return already
    if form.is_sound():
        with site().database.transaction() as tx:
            personal.change_profile(tx, actor(), form.draft(), now(), form.key)
        return remember(see("accounts.settings", gettext("Your details are saved.")), form.language.data)
    return _settings(form)


def _settings(form: ProfileForm) -> Any:
    with reading() as tx:
        account = found(queries.account_by_id(tx, actor().account_id))
        if not form.is_posted:
            form.name.data, form.language.data = account.name, account.language
        status = 422 if form.is_posted else 200
        return render("accounts/settings.html", status, form=form, account=account, roles=ROLES, statuses=STATUSES)


@route(bp, "/account/sign-ins", Permission.ACCOUNT_MANAGE, surface=NOTHING)
def sign_ins() -> Any:
    """Where one is signed in now."""
    with reading() as tx:
        found_now = guard.sign_ins_of(tx, actor().account_id, now())
        return render("accounts/sign_ins.html", sign_ins=found_now, this_one=sign_in_ref(), ways=WAYS)


@route(bp, "/account/sign-ins/end", Permission.ACCOUNT_MANAGE, surface=NOTHING, methods=("POST",), proof=True)
def end_sign_in() -> Any:
    """End one of one's own sign-ins, or all but this one."""
    ref = request.form.get("sign_in", "")
    with site().database.transaction() as tx:
        if ref:
            found(guard.end_named(tx, actor(), ref, now()) or None)
        else:
            guard.end_others(tx, actor(), sign_in_ref(), now())
    return see("accounts.sign_ins", gettext("The sign-in is ended: whoever used it is out from now on."))


@route(bp, "/account/password", Permission.ACCOUNT_MANAGE, surface=NOTHING, methods=("GET", "POST"))
def password() -> Any:
    """A new password; every other sign-in of the account ends, this one goes on."""
    form = PasswordForm()
    if form.is_posted:
        already = sent_before(form)
        if already:
            return already
    if form.is_sound():
        try:
            entry.prove_password(form.current_password.data or "")
            with site().database.transaction() as tx:
                account = personal.change_password(tx, actor(), form.draft(), now(), form.key)
                entry.let_in(tx, account.ref, "password")
        except AccountRefused as error:
            refuse(form, error.message, current_language(), error.field)
        else:
            return see("accounts.settings", gettext("Your password is changed. Every other sign-in has ended."))
    return render("accounts/password.html", 422 if form.is_posted else 200, form=form)


@route(bp, "/invitations/<token>", Permission.PUBLIC_READ, surface=NOTHING, methods=("GET", "POST"))
def accept(token: str) -> Any:
    """An invitation: who invites, to what; the answer is a new account, or a new place for an account that exists."""
    form: Any = JoinForm()
    if form.is_posted:
        already = sent_before(form)
        if already:
            return already
    with reading() as tx:
        invitation = queries.invitation_for(tx, site().settings.secret_key, token, now())
        if invitation is None:
            return render("accounts/invitation_gone.html", 410)
        account = queries.account_by_email(tx, invitation.email)
        if account is None and not actor().is_signed_in:
            form, template = AcceptForm(invitation, current_language()), "accounts/accept.html"
        elif account is not None and account.id == actor().account_id:
            template = "accounts/join.html"
        else:
            template = OTHER
    answered = _answer(form, token) if template != OTHER else None
    return answered or _invitation_page(template, form, token)


def _invitation_page(template: str, form: Any, token: str) -> Any:
    with reading() as tx:
        invitation = found(queries.invitation_for(tx, site().settings.secret_key, token, now()))
        inviter = queries.inviter_name(tx, invitation)
        status = 422 if form.is_posted else 200
        return render(
            template, status, form=form, invitation=invitation, inviter=inviter, roles=ROLES, address=request.path
        )


def _answer(form: Any, token: str) -> Any:
    """Accept, if the form says so; nothing if the form has to be shown."""
    if not form.is_sound():
        return None
    try:
        with site().database.transaction() as tx:
            invitation = found(queries.invitation_for(tx, site().settings.secret_key, token, now()))
            if isinstance(form, AcceptForm):
                account = service.accept(tx, invitation, form.acceptance(), now(), form.key)
            else:
                account = service.accept_as(tx, actor(), invitation, now(), form.key)
            organisation = invitation.organisation.name
            if isinstance(form, AcceptForm):
                entry.let_in(tx, account.ref, "password")
    except AccountRefused as error:
        refuse(form, error.message, current_language(), error.field)
        return None
    return see("accounts.settings", gettext("You now act for %(organisation)s.", organisation=organisation))
