"""Who is signed in: the one place that keeps a sign-in in the browser's cookie and reads it again on each request."""

from __future__ import annotations

import hashlib

import structlog
from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from app.accounts import guard, queries, rules
from app.accounts.forms import SignInForm
from app.accounts.models import Account
from app.accounts.proof.rules import CHALLENGE_LIFE, FRESH, HALFWAY
from app.accounts.proof.service import new_challenge
from app.foundation.permissions import ANONYMOUS, Actor
from app.foundation.web import is_from_client, now, site

log = structlog.get_logger()
WITHOUT_ACTOR = ("/static/", "/health")


class Person:
    """A signed-in account; its stamp is part of the identity, so that a changed stamp ends the sign-in."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, account_ref: str, stamp: str, actor: Actor, sign_in_ref: str = "") -> None:
        self.account_ref = account_ref
        self.stamp = stamp
        self.actor = actor
        self.sign_in_ref = sign_in_ref

    def get_id(self) -> str:
        """What the cookie keeps: reference and stamp."""
        return f"{self.account_ref}:{self.stamp}"


def init_app(app: Flask) -> None:
    """Make the site know who asks. CSRFProtect has to be there already."""
    manager = LoginManager()
    # Our own protection binds a sign-in to the browser and to a working day: addresses change on mobile networks.
    manager.session_protection = None
    manager.user_loader(load_person)
    manager.init_app(app)
    # Before everything else, so that the answer to a missing token knows whether anybody is signed in.
    app.before_request_funcs.setdefault(None, []).insert(0, load_actor)
    # The form checks the token itself, so that a page that was open for too long keeps what it carries.
    app.extensions["csrf"].exempt("app.accounts.entry.views.sign_in")
    app.jinja_env.globals["sign_in_form"] = sign_in_form


def load_actor() -> None:
    """Find out who asks, with the memberships of this moment; a sign-in that has ended is swept away whole."""
    # A program brings a token: a cookie that a browser sends along opens nothing there.
    if request.path.startswith(WITHOUT_ACTOR) or is_from_client():
        return
    person = current_user._get_current_object()  # noqa: SLF001 - the library's documented way to the object itself
    if isinstance(person, Person):
        g.actor = person.actor
        g.sign_in_ref = person.sign_in_ref
        g.has_proved = _age("proved") < FRESH.total_seconds()
    elif "_user_id" in cookie:
        cookie.clear()


def load_person(kept: str) -> Person | None:
    """The person whom the cookie speaks of: the same browser, day and stamp, and a sign-in that nobody has ended."""
    if cookie.get("browser") != _browser() or _age("since") > rules.LONGEST_SIGN_IN.total_seconds():
        return None
    ref, _, stamp = kept.partition(":")
    with site().database.reading() as tx:
        actor = queries.actor_for(tx, ref, stamp)
        found = guard.open_sign_in(tx, actor.account_id, str(cookie.get("word", "")), now()) if actor else None
    if found and guard.is_to_be_noted(found, now()):
        _note_use(found.ref)
    return Person(ref, stamp, actor, found.ref) if actor and found else None


def _note_use(ref: str) -> None:
    # Whoever only reads is not kept from it by a database or a disk that takes no writes.
    try:
        with site().database.transaction() as tx:
            guard.note_use(tx, ref, now())
    except OperationalError:
        log.warning("a sign-in's use was not noted: the database takes no writes now")


def begin(account: Account, word: str) -> Actor:
    """Sign somebody in, in a fresh cookie: nothing that was in the old one lives on. `word` is guard.enter's."""
    actor = queries.actor_of(account)
    _empty_cookie()
    cookie["since"] = cookie["proved"] = int(now().timestamp())
    cookie["browser"] = _browser()
    cookie["word"] = word
    login_user(Person(account.ref, account.stamp, actor))
    g.actor = actor
    return actor


def sign_in_ref() -> str:
    """The reference of the sign-in that this request is part of."""
    return str(g.get("sign_in_ref", ""))


def wait_for_second_step(account: Account) -> None:
    """The password was right: remember for ten minutes, in a fresh cookie, whose second step is awaited."""
    _empty_cookie()
    cookie["halfway"] = [account.ref, account.stamp]
    cookie["halfway_at"] = int(now().timestamp())
    cookie["browser"] = _browser()


def halfway() -> tuple[str, str] | None:
    """Reference and stamp of the account whose second step is awaited from this browser."""
    kept = cookie.get("halfway")
    if not kept or cookie.get("browser") != _browser() or _age("halfway_at") > HALFWAY.total_seconds():
        return None
    return str(kept[0]), str(kept[1])


def note_proof(word: str) -> None:
    """Who is signed in has just proved it once more; `word` is guard.change_word's."""
    cookie["word"] = word
    cookie["proved"] = int(now().timestamp())


def challenge() -> str:
    """The word that a passkey has to sign in this browser, the same in all its windows for five minutes."""
    if "challenge" not in cookie or _age("challenge_at") > CHALLENGE_LIFE.total_seconds() / 2:
        cookie["challenge"] = new_challenge()
        cookie["challenge_at"] = int(now().timestamp())
    return str(cookie["challenge"])


def take_challenge() -> str | None:
    """The word that was to be signed, once; nothing if it is too old."""
    word = cookie.pop("challenge", None)
    return str(word) if word and _age("challenge_at") < CHALLENGE_LIFE.total_seconds() else None


def _empty_cookie() -> None:
    cookie.clear()
    # A form on the page that answers this request gets a token of the fresh cookie, not of the one that is gone.
    g.pop("csrf_token", None)


def _age(name: str) -> float:
    """Seconds since the instant that the cookie keeps under this name."""
    return now().timestamp() - float(cookie.get(name, 0))


def end() -> None:
    """Sign out, and leave nothing in the cookie."""
    logout_user()
    cookie.clear()
    g.actor = ANONYMOUS


def sign_in_form(next: str = "", carried: str = "") -> SignInForm:  # noqa: A002 - the field's name in the address
    """An empty sign-in form for pages that are the answer to another form."""
    return SignInForm(formdata=None, next=next, carried=carried)


def can_be_opened(address: str) -> bool:
    """Whether a browser can go to this address of the site (some only take what is sent to them)."""
    try:
        current_app.url_map.bind("").match(address.split("?", 1)[0], method="GET")
    except RequestRedirect:
        return True
    except (NotFound, MethodNotAllowed):
        return False
    return True


def _browser() -> str:
    return hashlib.sha256(request.user_agent.string.encode()).hexdigest()[:16]
