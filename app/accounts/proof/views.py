"""The pages on which people set up and take away their second steps, and the secretariat helps who has lost them."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from app.accounts import guard, queries
from app.accounts.people import bp
from app.accounts.proof import apps, rules, service
from app.accounts.proof.forms import AppForm, NewPasskeyForm
from app.accounts.proof.passkeys import BadPasskey, asked_to_make, read_made
from app.accounts.proof.queries import codes_left, step_by_ref, steps_of
from app.accounts.proof.seal import Seal
from app.accounts.rules import AccountRefused
from app.accounts.sign_in import challenge, sign_in_ref, take_challenge
from app.foundation.languages import say
from app.foundation.permissions import Permission
from app.foundation.security_log import note
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

OWN = Permission.ACCOUNT_MANAGE
HOME = "accounts.second_steps"


@route(bp, "/account/second-step", OWN, surface=NOTHING)
def second_steps() -> Any:
    """What one has set up, what one may add, and how many recovery codes are left."""
    return _page(NewPasskeyForm(), 200)


def _page(form: NewPasskeyForm, status: int) -> Any:
    settings = site().settings
    with reading() as tx:
        account = guard.account_of(tx, actor())
        steps = steps_of(tx, account.id)
        known = [step.credential_id for step in steps if step.credential_id]
        who = (account.ref, account.email, account.name)
        return render(
            "accounts/second_steps.html",
            status,
            form=form,
            steps=steps,
            kinds=rules.KINDS,
            left=codes_left(tx, account.id),
            is_asked=guard.has_to_prove(account),
            options=asked_to_make(settings.public_url, challenge(), who, known),
        )


@route(bp, "/account/second-step/app", OWN, surface=NOTHING, methods=("GET", "POST"), proof=True)
def add_app() -> Any:
    """An authenticator app: a picture to read with the telephone, and the first code as the proof that it was read."""
    form = AppForm()
    seal = Seal(site().settings.secret_key)
    secret = _secret_of(form, seal)
    if form.is_sound() and secret:
        draft = service.AppDraft(form.name.data or "", secret, form.code.data or "")
        try:
            with site().database.transaction() as tx:
                codes = service.add_app(tx, actor(), draft, seal, site().clock.wall(), now())
                guard.end_others(tx, actor(), sign_in_ref(), now())
            return _done(codes)
        except AccountRefused as error:
            refuse(form, error.message, current_language(), error.field)
    secret = secret or apps.new_secret()
    with reading() as tx:
        account = guard.account_of(tx, actor())
    form.sealed.data = seal.seal(f"{account.ref} {secret}").decode()
    address = apps.address_of(secret, account.email)
    picture = Markup(apps.picture_of(address))  # noqa: S704 - drawn here; the address stands in it as squares alone
    return render("accounts/add_app.html", 422 if form.is_posted else 200, form=form, secret=secret, picture=picture)


def _secret_of(form: AppForm, seal: Seal) -> str:
    """The secret that the form carries, if it was made here for this person."""
    ref, _, secret = (seal.opened((form.sealed.data or "").encode()) or "").partition(" ")
    with reading() as tx:
        return secret if ref == guard.account_of(tx, actor()).ref else ""


def _done(codes: list[str]) -> Any:
    if codes:
        return render("accounts/recovery_codes.html", codes=codes)
    return see(HOME, gettext("It is set up: from now on it can be used to sign in. Every other sign-in has ended."))


@route(bp, "/account/second-step/passkey", OWN, surface=NOTHING, methods=("POST",), proof=True)
def add_passkey() -> Any:
    """A passkey that the browser has just made."""
    form, word, settings = NewPasskeyForm(), take_challenge(), site().settings
    if form.is_sound() and word:
        try:
            made = read_made(settings.public_url, word, form.credential.data or "")
            with site().database.transaction() as tx:
                codes = service.add_passkey(tx, actor(), form.name.data or "", made, Seal(settings.secret_key), now())
                guard.end_others(tx, actor(), sign_in_ref(), now())
            return _done(codes)
        except BadPasskey:
            note("passkey")
            refuse(form, rules.WRONG_PASSKEY, current_language())
        except AccountRefused as error:
            refuse(form, error.message, current_language(), error.field)
    elif not form.errors:
        refuse(form, rules.WRONG_PASSKEY, current_language())
    return _page(form, 422)


@route(bp, "/account/second-step/codes", OWN, surface=NOTHING, methods=("POST",), proof=True)
def renew_codes() -> Any:
    """Ten new recovery codes, shown once."""
    try:
        with site().database.transaction() as tx:
            codes = service.renew_codes(tx, actor(), Seal(site().settings.secret_key), now())
            guard.end_others(tx, actor(), sign_in_ref(), now())
            return _done(codes)
    except AccountRefused as error:
        return see(HOME, say(error.message, current_language()), kind="error")


@route(bp, "/account/second-step/<step>/remove", OWN, surface=NOTHING, methods=("POST",), proof=True)
def remove_step(step: str) -> Any:
    """Take a second step away."""
    try:
        with site().database.transaction() as tx:
            service.remove_step(tx, actor(), found(step_by_ref(tx, actor().account_id, step)), now())
            guard.end_others(tx, actor(), sign_in_ref(), now())
    except AccountRefused as error:
        return see(HOME, say(error.message, current_language()), kind="error")
    return see(HOME, gettext("It is removed and no longer opens your account. Every other sign-in has ended."))


@route(
    bp,
    "/organisations/<ref>/people/<account>/rescue",
    Permission.ACCOUNT_RESCUE,
    surface=NOTHING,
    methods=("POST",),
    proof=True,
)
def rescue(ref: str, account: str) -> Any:
    """The secretariat removes the second steps of somebody who has lost them."""
    try:
        with site().database.transaction() as tx:
            service.clear_steps(tx, actor(), found(queries.account_by_ref(tx, account)), now())
    except AccountRefused as error:
        return see("accounts.people", say(error.message, current_language()), kind="error", ref=ref)
    return see("accounts.people", gettext("The second steps are removed, and the person is told."), ref=ref)


@route(
    bp,
    "/organisations/<ref>/people/<account>/sign-ins/end",
    Permission.ACCOUNT_RESCUE,
    surface=NOTHING,
    methods=("POST",),
    proof=True,
)
def end_sign_ins_of(ref: str, account: str) -> Any:
    """The secretariat ends every sign-in of somebody whose device is lost."""
    with site().database.transaction() as tx:
        service.end_sign_ins(tx, actor(), found(queries.account_by_ref(tx, account)), now())
    return see("accounts.people", gettext("Every sign-in of this person has ended, and the person is told."), ref=ref)
