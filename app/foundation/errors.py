"""When something goes wrong, a person is told what, what to do next, and nothing of how the site is made."""

from __future__ import annotations

import json
import secrets
from typing import cast

import structlog
from flask import Flask, Response, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.foundation.drafts import already_done
from app.foundation.forms import posted_fields
from app.foundation.permissions import Refused
from app.foundation.web import actor, reading, redirect, refused, render

log = structlog.get_logger()
PAGES = {403, 404, 409, 413, 429}
SAME_AS_404 = {405, 410}


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(Refused, not_allowed)
    app.register_error_handler(CSRFError, token_missing)
    app.register_error_handler(StaleDataError, lambda _error: render("errors/409.html", 409))
    app.register_error_handler(IntegrityError, sent_twice)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, broken)


def http_error(error: HTTPException) -> Response:
    """A page for each code that a person meets."""
    code = error.code or 500
    if code < 400:  # noqa: PLR2004 - a redirect that travels as an exception
        return Response(error.get_response().get_data(), status=code, headers=dict(error.get_headers()))
    if code in PAGES:
        return render(f"errors/{code}.html", code)
    if code in SAME_AS_404:
        return render("errors/404.html", code)
    return render("errors/404.html", code) if code < 500 else broken(error)  # noqa: PLR2004 - ours from 500


def not_allowed(error: Refused) -> Response:
    """Not allowed: whoever is not signed in (any more) may sign in, and what was typed is carried along."""
    if not actor().is_signed_in and request.method == "POST":
        return signed_out()
    return refused(error)


def signed_out() -> Response:
    """The sign-in page, with what was typed."""
    if request.headers.get("X-Requested-With") in {"autosave", "live"}:
        return Response(status=401)
    return render("accounts/expired.html", 403, next=request.path, carried=json.dumps(posted_fields()))


def token_missing(_error: CSRFError) -> Response:
    """The sign-in has expired while somebody typed: sign in again, and what was typed is carried along."""
    if not actor().is_signed_in:
        return signed_out()
    # Signed in again in another window: the same words can be sent with a fresh token.
    return render("errors/again.html", 403, address=request.full_path.rstrip("?"), fields=posted_fields())


def sent_twice(error: IntegrityError) -> Response:
    """Two copies of one form arrived at once: the second is shown where the first one led."""
    with reading() as tx:
        location = already_done(tx, actor(), request.form.get("form_key", "")[:64])
    return cast(Response, redirect(location, code=303)) if location else broken(error)


def broken(error: Exception) -> Response:
    """Our fault: a reference that a person can quote, and the whole story in the log."""
    reference = secrets.token_hex(4).upper()
    log.error("request failed", reference=reference, path=request.path, exc_info=error)
    return render("errors/500.html", 500, reference=reference)
