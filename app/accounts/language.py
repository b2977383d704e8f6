"""Choosing the language of the pages: a cookie for a year, for everybody, signed in or not."""

from __future__ import annotations

from typing import Any

from app.foundation.addresses import local_address
from app.foundation.languages import LANGUAGES
from app.foundation.permissions import Permission
from app.foundation.web import NOTHING, abort, blueprint, redirect, request, route, site, url_for

YEAR = 365 * 24 * 3600

bp = blueprint("language")


@route(bp, "/language/<code>", Permission.PUBLIC_READ, surface=NOTHING)
def choose(code: str) -> Any:
    """Keep the language in a cookie and go back to where one was."""
    if code not in LANGUAGES:
        abort(404)
    response = redirect(local_address(request.args.get("next"), url_for("home.index")), code=303)
    return remember(response, code)


def cookie_name() -> str:
    """The name of the cookie; behind https its prefix binds it to this very host."""
    return "__Host-language" if _is_secure() else "language"


def _is_secure() -> bool:
    return site().settings.public_url.startswith("https://")


def remember(response: Any, code: str) -> Any:
    """Let the browser ask for this language from now on."""
    response.set_cookie(cookie_name(), code, max_age=YEAR, samesite="Lax", secure=_is_secure(), httponly=True)
    return response
