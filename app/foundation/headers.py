"""What every answer tells the browser: what a page of ours may do, and that nothing of it is for others."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import cast
from wsgiref.headers import Headers

from flask import Response, g, request

from app.config import Settings
from app.foundation.audit.chain import request_ref
from app.foundation.web import actor, site

ONE_YEAR = 365 * 24 * 3600
STRICT = f"max-age={ONE_YEAR}; includeSubDomains"
# A page has to stay below 15 KB: what the content security policy says already (no framing) is not said again.
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def nonce() -> str:
    """The word that lets this page's own scripts run, new for each answer."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return cast(str, g.nonce)


def policy() -> str:
    """The content security policy of a page: nothing from elsewhere, no framing, scripts with this answer's word."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce()}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    )


def add_headers(response: Response) -> Response:
    """Add what the view has not said itself; a site behind https is never again asked for without it."""
    response.headers.setdefault("Content-Security-Policy", policy())
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    # By this number whoever is told of an answer finds it in the log.
    response.headers["X-Request-ID"] = request_ref()
    if is_public(site().settings):
        response.headers.setdefault("Strict-Transport-Security", STRICT)
    if _is_private():
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _is_private() -> bool:
    """Whether the answer is for one person: somebody signed in, who has typed something, or who opens a mailed link."""
    return actor().is_signed_in or request.method == "POST" or "token" in (request.view_args or {})


def is_public(settings: Settings) -> bool:
    """Whether people reach the site by https."""
    return settings.public_url.startswith("https://")


def for_files(settings: Settings) -> Callable[[Headers, str, str], None]:
    """What is added to files under /static/, which leave before add_headers."""
    said = {"X-Content-Type-Options": "nosniff"}
    if is_public(settings):
        said["Strict-Transport-Security"] = STRICT

    def add(file_headers: Headers, _path: str, _url: str) -> None:
        for name, value in said.items():
            file_headers[name] = value

    return add


def leave_nothing(response: Response) -> Response:
    """Have the browser throw away what it kept of the site, for who comes next to the same computer."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
