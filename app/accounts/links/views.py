"""The pages around links: forgotten password, new password, new e-mail address."""

from __future__ import annotations

from typing import Any

from app.accounts.links import service
from app.accounts.links.forms import AddressForm, ConfirmForm, NewPasswordForm
from app.accounts.people import bp
from app.accounts.rules import AccountRefused
from app.accounts.sign_in import end
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

GONE = "accounts/link_gone.html"


@route(bp, "/sign-in/forgotten", Permission.PUBLIC_READ, surface=NOTHING, methods=("GET", "POST"))
def forgotten() -> Any:
    """Ask for a link to choose a new password; the answer is the same for every address."""
    form = AddressForm()
    if form.is_sound():
        with site().database.transaction() as tx:
            service.ask_for_reset(tx, form.email.data or "", now())
        return render("accounts/forgotten_sent.html")
    return render("accounts/forgotten.html", 422 if form.is_posted else 200, form=form)


@route(bp, "/sign-in/new-password/<token>", Permission.PUBLIC_READ, surface=NOTHING, methods=("GET", "POST"))
def reset(token: str) -> Any:
    """Choose a new password with the link of a mail."""
    form = NewPasswordForm()
    key = site().settings.secret_key
    with reading() as tx:
        if service.confirmation_for(tx, key, "reset", token, now()) is None:
            return render(GONE, 410)
    if form.is_sound():
        try:
            with site().database.transaction() as tx:
                confirmation = found(service.confirmation_for(tx, key, "reset", token, now()))
                service.set_password(tx, confirmation, form.new_password.data or "", now())
            end()
            return see("accounts.sign_in", gettext("Your new password counts from now on. Sign in with it."))
        except AccountRefused as error:
            refuse(form, error.message, current_language(), error.field)
    return render("accounts/new_password.html", 422 if form.is_posted else 200, form=form, address=request.path)


@route(bp, "/account/e-mail", Permission.ACCOUNT_MANAGE, surface=NOTHING, methods=("GET", "POST"), proof=True)
def change_email() -> Any:
    """Ask for another e-mail address: the link that changes it goes there."""
    form = AddressForm()
    if form.is_sound():
        try:
            with site().database.transaction() as tx:
                service.ask_for_email(tx, actor(), form.email.data or "", now())
            message = gettext("A link is on its way to the new address. Nothing changes until it is opened.")
            return see("accounts.settings", message, "info")
        except AccountRefused as error:
            refuse(form, error.message, current_language(), error.field)
    return render("accounts/change_email.html", 422 if form.is_posted else 200, form=form)


@route(bp, "/account/e-mail/<token>", Permission.PUBLIC_READ, surface=NOTHING, methods=("GET", "POST"))
def confirm_email(token: str) -> Any:
    """The new address is proved by its link; a button changes it, so that no mail scanner does."""
    form = ConfirmForm()
    key = site().settings.secret_key
    with reading() as tx:
        confirmation = service.confirmation_for(tx, key, "email", token, now())
        if confirmation is None:
            return render(GONE, 410)
    if form.is_sound():
        try:
            with site().database.transaction() as tx:
                service.set_email(tx, found(service.confirmation_for(tx, key, "email", token, now())), now())
            end()
            return see("accounts.sign_in", gettext("Your new address counts from now on. Sign in with it."))
        except AccountRefused:
            return render(GONE, 410)
    return render("accounts/confirm_email.html", form=form, address=request.path, email=confirmation.email)
