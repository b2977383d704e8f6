"""Signing in by password and second step or by passkey, proving it once more, and signing out."""

from __future__ import annotations

from typing import Any

from app.accounts import guard, passwords, personal, queries
from app.accounts.entry.forms import CodeForm, PasskeyForm, ProveForm, SignInForm
from app.accounts.models import Account
from app.accounts.people import bp
from app.accounts.proof import service as proof
from app.accounts.proof.passkeys import BadPasskey, asked_to_show, credential_of
from app.accounts.proof.queries import passkey_with
from app.accounts.proof.rules import WRONG_CODE, WRONG_PASSKEY
from app.accounts.proof.seal import Seal
from app.accounts.rules import NOT_PRESENT, WRONG_SIGN_IN, AccountRefused, read_carried, with_draft
from app.accounts.sign_in import begin, can_be_opened, challenge, end, halfway, note_proof, sign_in_ref, take_challenge
from app.accounts.sign_in import wait_for_second_step as remember_halfway
from app.foundation.addresses import local_address
from app.foundation.db import Tx
from app.foundation.drafts import already_done, note_done
from app.foundation.headers import leave_nothing
from app.foundation.permissions import ANONYMOUS, Permission
from app.foundation.security_log import note
from app.foundation.web import (
    NOTHING,
    actor,
    current_language,
    flash,
    gettext,
    now,
    reading,
    redirect,
    render,
    request,
    route,
    see,
    site,
    url_for,
)
from app.organisations.forms import refuse


@route(bp, "/sign-in", Permission.PUBLIC_READ, surface=NOTHING, methods=("GET", "POST"))
def sign_in() -> Any:
    """Sign in, and go on where one wanted to go; what one had typed there is kept."""
    form = SignInForm(next=request.args.get("next", ""))
    if not form.is_posted and actor().is_signed_in:
        return redirect(local_address(form.next.data, url_for("desk.index")), code=303)
    if form.is_sound():
        account = _account_of(form.email.data or "", form.password.data or "")
        if account is not None:
            return _on_from_password(account, form)
        refuse(form, WRONG_SIGN_IN, current_language())
    return _sign_in_page(form, 422 if form.is_posted else 200)


def _sign_in_page(form: SignInForm, status: int) -> Any:
    return render("accounts/sign_in.html", status, form=form)


def _account_of(email: str, typed: str) -> Account | None:
    # The slow comparison stands between two short transactions, so that nobody waits for it to write.
    with site().database.transaction() as tx:
        attempt = personal.begin_attempt(tx, email, now())
    if not passwords.matches(attempt.kept, typed):
        return None
    rehashed = passwords.hash_password(typed) if passwords.needs_rehash(attempt.kept) else ""
    with site().database.transaction() as tx:
        return personal.pass_password(tx, attempt, rehashed)


def _on_from_password(account: Account, form: SignInForm) -> Any:
    if account.second_step_since is not None:
        with site().database.transaction() as tx:
            _end_former(tx)
        remember_halfway(account)
        return render("accounts/second_step.html", form=_next_form(CodeForm, form), waiting_ref=account.ref)
    with site().database.transaction() as tx:
        let_in(tx, account.ref, "password")
    return redirect(_after_sign_in(form), code=303)


def _next_form(kind: Any, form: Any) -> Any:
    return kind(formdata=None, next=form.next.data, carried=form.carried.data)


def _end_former(tx: Tx) -> None:
    """Whoever signs in over an open sign-in of this browser has no more use for it."""
    if sign_in_ref():
        guard.end_named(tx, actor(), sign_in_ref(), now())


def let_in(tx: Tx, account_ref: str, way: str) -> None:
    """Begin a sign-in of this account in this browser."""
    account = queries.account_by_ref(tx, account_ref)
    if account is not None:
        _end_former(tx)
        user_agent, address = request.user_agent.string, request.remote_addr or ""
        begin(account, guard.enter(tx, account, guard.Entry(user_agent, address, way), now()))


@route(bp, "/sign-in/second-step", Permission.PUBLIC_READ, surface=NOTHING, methods=("GET", "POST"))
def second_step() -> Any:
    """The code of an app or a recovery code, after the right password."""
    form = CodeForm()
    waiting = halfway()
    if waiting is None:
        return see("accounts.sign_in", gettext("That took too long. Begin again with your password."), "info")
    if form.is_sound():
        with site().database.transaction() as tx:
            account = personal.begin_step(tx, *waiting, now())
        with site().database.transaction() as tx:
            way = _way_of(tx, account, form.code.data or "") if account else ""
            if account and way:
                let_in(tx, account.ref, way)
        if way:
            return redirect(_after_sign_in(form), code=303)
        note("code")
        refuse(form, WRONG_CODE, current_language(), "code")
    status = 422 if form.is_posted else 200
    return render("accounts/second_step.html", status, form=form, waiting_ref=waiting[0])


def _way_of(tx: Tx, account: Account, typed: str) -> str:
    settings = site().settings
    # In a demonstration many people share the invented accounts, and one code may let several of them in.
    is_shared = settings.demonstration and not settings.production
    seal, wall = Seal(settings.secret_key), site().clock.wall()
    found = queries.account_by_ref(tx, account.ref)
    return proof.pass_code(tx, found, typed, seal, wall, now(), again=is_shared) if found else ""


@route(bp, "/sign-in/passkey", Permission.PUBLIC_READ, surface=NOTHING, methods=("POST",))
def passkey() -> Any:
    """Sign in with a passkey, which is both steps in one."""
    form = PasskeyForm()
    word = take_challenge()
    if form.is_sound() and word:
        try:
            with site().database.transaction() as tx:
                let_in(tx, _owner_of_passkey(tx, form.credential.data or "", word), "passkey")
            return redirect(_after_sign_in(form), code=303)
        except BadPasskey:
            note("passkey")
    shown = SignInForm(formdata=None, next=form.next.data, carried=form.carried.data)
    refuse(shown, WRONG_PASSKEY, current_language())
    return _sign_in_page(shown, 422)


def _owner_of_passkey(tx: Tx, credential: str, word: str) -> str:
    """Whose passkey has signed the word; the word is good once.

    Raises:
        BadPasskey: nobody's, or not rightly.
    """
    kept = passkey_with(tx, credential_of(credential))
    account = queries.account_by_id(tx, kept.account_id) if kept else None
    if kept is None or account is None or account.status != "active" or already_done(tx, ANONYMOUS, word):
        raise BadPasskey("unknown")
    proof.pass_passkey(site().settings.public_url, word, credential, kept, now())
    note_done(tx, ANONYMOUS, word, "/sign-in", now())
    return account.ref


@bp.app_template_global()
def passkey_asked() -> str:
    """What the page's script asks the browser for, to use a passkey (JSON)."""
    return asked_to_show(site().settings.public_url, challenge())


def _after_sign_in(form: Any) -> str:
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


@route(bp, "/sign-in/again", Permission.ACCOUNT_MANAGE, surface=NOTHING, methods=("GET", "POST"))
def prove() -> Any:
    """Prove once more who one is, before what matters; then what was sent can be sent again."""
    form = ProveForm(next=request.args.get("next", ""))
    if form.is_sound():
        if is_own_password(form.password.data or ""):
            return _proved(form)
        refuse(form, WRONG_SIGN_IN, current_language(), "password")
    return render("accounts/prove.html", 422 if form.is_posted else 200, form=form)


def prove_password(typed: str) -> None:
    """Ask for the present password before it is changed; what is wrong counts as a try to sign in.

    Raises:
        AccountRefused: it is wrong, or the account is locked.
    """
    if not is_own_password(typed):
        raise AccountRefused(NOT_PRESENT, "current_password")


def is_own_password(typed: str) -> bool:
    """Whether this is the password of who is signed in; a wrong one is counted, and locks as it does at the door."""
    with reading() as tx:
        own = guard.account_of(tx, actor())
    account = _account_of(own.email, typed)
    if account is None:
        note("password")
        return False
    with site().database.transaction() as tx:
        guard.forget_failures(tx, account.ref)
    return True


@route(bp, "/sign-in/again/passkey", Permission.ACCOUNT_MANAGE, surface=NOTHING, methods=("POST",))
def prove_by_passkey() -> Any:
    """Prove once more who one is with a passkey of one's own."""
    form = PasskeyForm()
    word = take_challenge()
    if form.is_sound() and word:
        try:
            with site().database.transaction() as tx:
                owner = _owner_of_passkey(tx, form.credential.data or "", word)
                if owner != guard.account_of(tx, actor()).ref:
                    raise BadPasskey("somebody else's")
            return _proved(form)
        except BadPasskey:
            note("passkey")
    shown = ProveForm(formdata=None, next=form.next.data, carried=form.carried.data)
    refuse(shown, WRONG_PASSKEY, current_language())
    return render("accounts/prove.html", 422, form=shown)


def _proved(form: Any) -> Any:
    with site().database.transaction() as tx:
        note_proof(guard.change_word(tx, actor(), sign_in_ref()))
    address = local_address(form.next.data, url_for("accounts.settings"))
    if form.carried.data:
        return render("errors/again.html", address=address, fields=read_carried(form.carried.data), has_proved=True)
    return redirect(address if can_be_opened(address) else url_for("accounts.settings"), code=303)


@bp.app_template_global()
def prove_form(next: str = "", carried: str = "") -> ProveForm:  # noqa: A002 - the field's name in the address
    """An empty form to prove oneself, for the page that answers another form."""
    return ProveForm(formdata=None, next=next, carried=carried)


@route(bp, "/sign-out", Permission.PUBLIC_READ, surface=NOTHING, methods=("POST",))
def sign_out() -> Any:
    """Sign out; harmless for somebody who is not signed in."""
    if actor().is_signed_in:
        with site().database.transaction() as tx:
            guard.end_named(tx, actor(), sign_in_ref(), now())
    end()
    return leave_nothing(see("home.index", gettext("You are signed out.")))
