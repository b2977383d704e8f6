"""What every answer tells the browser: what a page of ours may do, and that nothing of it is for others."""

from __future__ import annotations

import secrets
from typing import cast

from flask import Response, g

from app.foundation.web import actor, site

ONE_YEAR = 365 * 24 * 3600
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
    if site().settings.public_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}; includeSubDomains")
    if actor().is_signed_in:
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response
