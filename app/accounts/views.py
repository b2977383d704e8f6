"""Signing in and out, one's own account, and accepting an invitation."""

from __future__ import annotations

from typing import Any

from app.accounts import passwords, personal, queries, service
from app.accounts.forms import AcceptForm, JoinForm, PasswordForm, ProfileForm, SignInForm
from app.accounts.language import remember
from app.accounts.models import Account
from app.accounts.people import bp
from app.accounts.rules import ROLES, WRONG_SIGN_IN, AccountRefused, read_carried, with_draft
from app.accounts.sign_in import begin, can_be_opened, end
from app.foundation.permissions import Permission
from app.foundation.web import (
    NOTHING,
    actor,
    current_language,
    flash,
    found,
    gettext,
    local_address,
    now,
    reading,
    redirect,
    render,
    request,
    route,
    see,
    sent_before,
    site,
    url_for,
)
from app.organisations.forms import refuse
from app.organisations.rules import STATUSES

OTHER = "accounts/accept_as_other.html"


@route(bp, "/sign-in", Permission.PUBLIC_READ, surface=NOTHING, methods=("GET", "POST"))
def sign_in() -> Any:
    """Sign in, and go on where one wanted to go; what one had typed there is kept."""
    form = SignInForm(next=request.args.get("next", ""))
    if not form.is_posted and actor().is_signed_in:
        return redirect(local_address(form.next.data, url_for("desk.index")), code=303)
    if form.is_sound():
        account = _account_of(form)
        if account is not None:
            begin(account)
            return redirect(_after_sign_in(form), code=303)
        refuse(form, WRONG_SIGN_IN, current_language())
    return render("accounts/sign_in.html", 422 if form.is_posted else 200, form=form)


def _account_of(form: SignInForm) -> Account | None:
    # The slow comparison stands between two short transactions, so that nobody waits for it to write.
    with site().database.transaction() as tx:
        attempt = personal.begin_attempt(tx, form.email.data or "", now())
    password = form.password.data or ""
    if not passwords.matches(attempt.kept, password):
        return None
    rehashed = passwords.hash_password(password) if passwords.needs_rehash(attempt.kept) else ""
    with site().database.transaction() as tx:
        return personal.finish_attempt(tx, attempt, now(), rehashed)


def _after_sign_in(form: SignInForm) -> str:
    home = url_for("desk.index")
    target = local_address(form.next.data, home)
    fields = read_carried(form.carried.data or "")
    openable = can_be_opened(target)
    if not fields:
        return target if openable else home
    with site().database.transaction() as tx:
        key = personal.keep_carried(tx, actor(), target, fields, now())
    if openable:
        return with_draft(target, key)
    flash(gettext("What you had typed is kept among your drafts."), "info")
    return home


@route(bp, "/sign-out", Permission.PUBLIC_READ, surface=NOTHING, methods=("POST",))
def sign_out() -> Any:
    """Sign out; harmless for somebody who is not signed in."""
    end()
    return see("home.index", gettext("You are signed out."))


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
            with site().database.transaction() as tx:
                account = personal.change_password(tx, actor(), form.draft(), now(), form.key)
        except AccountRefused as error:
            refuse(form, error.message, current_language(), error.field)
        else:
            begin(account)
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
    except AccountRefused as error:
        refuse(form, error.message, current_language(), error.field)
        return None
    begin(account)
    return see("accounts.settings", gettext("You now act for %(organisation)s.", organisation=organisation))
