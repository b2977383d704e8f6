"""Who comes in: a program with a token, as the person whom it speaks for at this moment; cookies open nothing here."""

from __future__ import annotations

from typing import Any

from app.api import answers, refusals, rules, service
from app.api.operations import bp
from app.api.queries import Caller, caller_of
from app.api.rules import Problem
from app.foundation import errors
from app.foundation.messages import msg
from app.foundation.security_log import note
from app.foundation.web import become, is_from_client, now, request, site

FAULT = "counterpart.token_fault"
SCHEME = "Bearer "
NO_TOKEN = msg(
    "This token opens nothing: it is unknown, has run out, or was revoked. Make a new one on your account page."
)
READS_ONLY = msg("This token may read alone. Make one that may write.")


def init_app(app: Any) -> None:
    """Stand at the door. The protection against forged forms and the pages for errors have to be there already."""
    app.before_request(load_caller)
    # A forged form can do nothing here, since no cookie is believed: there is no token of a form to ask for.
    app.extensions["csrf"].exempt(bp)
    errors.answer_clients(refusals.told)
    app.after_request(_finish)


def load_caller() -> None:
    """Find out whom the token speaks for; that it is wrong is told later, once the request has been counted."""
    if not is_from_client() or "Authorization" not in request.headers:
        return
    said = request.headers["Authorization"]
    secret = said[len(SCHEME) :].strip() if said.lower().startswith(SCHEME.lower()) else ""
    with site().database.reading() as tx:
        caller = caller_of(tx, secret, now()) if secret.startswith(rules.PREFIX) else None
    if caller is None:
        note("token")
        request.environ[FAULT] = ("sign-in", NO_TOKEN, "invalid_token")
        return
    become(caller.actor, caller.token.ref)
    if not rules.covers(caller.token.scope, request.method):
        request.environ[FAULT] = ("refused", READS_ONLY, "insufficient_scope")
    _note_use(caller)


def _note_use(caller: Caller) -> None:
    if service.is_to_be_noted(caller.token, now()):
        with site().database.transaction() as tx:
            service.note_use(tx, caller.token.ref, now())


def check_token() -> None:
    """Stop what comes with a token that opens nothing, or not this.

    Raises:
        Problem: it does.
    """
    if FAULT in request.environ:
        kind, words, error = request.environ[FAULT]
        challenge = f'{refusals.CHALLENGE}, error="{error}"'
        raise Problem(kind, answers.in_words(words), headers={"WWW-Authenticate": challenge})


def _finish(response: Any) -> Any:
    return answers.finish(response) if is_from_client() else response
