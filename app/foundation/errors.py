"""When something goes wrong, a person is told what, what to do next, and nothing of how the site is made."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from app.foundation import last_resort, tally
from app.foundation.addresses import local_address
from app.foundation.audit.chain import request_ref
from app.foundation.drafts import already_done
from app.foundation.filing.files import LARGEST_FILE
from app.foundation.forms import posted_fields
from app.foundation.languages import best_language
from app.foundation.passing_faults import code_of, is_passing
from app.foundation.permissions import ANONYMOUS, Refused
from app.foundation.security_log import note, where
from app.foundation.web import (
    ProofNeeded,
    actor,
    current_language,
    gettext,
    is_from_client,
    now,
    reading,
    redirect,
    refused,
    render,
)
from app.foundation.wording.versions import StaleVersion

log = structlog.get_logger()
PAGES = {403, 404}
SAME_AS_404 = {405, 410}
NOTED = {400: "unreadable", 403: "refused", 404: "hidden", 405: "unreadable", 415: "unreadable"}
"""Which answers leave a line in the log of security, and as what."""
MEGABYTE = 1024 * 1024
WAIT = 60
"""Seconds to wait where nobody says how long."""
SOON = 10
"""Seconds after which it is worth trying again where the database or the disk takes nothing."""
LONGEST_SHOWN = 2_000
"""Characters of a typed text that the page about two versions repeats."""
Answerer = Callable[[Exception], Response]
_FOR_CLIENTS: list[Answerer] = []


def answer_clients(answerer: Answerer) -> None:
    """Let the interface for programs tell its errors in its own form; there is one."""
    _FOR_CLIENTS[:] = [answerer]


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours, and a program in its own form."""
    told: tuple[tuple[Any, Callable[[Any], Response]], ...] = (
        (Refused, not_allowed), (ProofNeeded, proof_needed), (CSRFError, token_missing),
        (StaleVersion, changed_meanwhile), (StaleDataError, changed_meanwhile), (IntegrityError, sent_twice),
        (DBAPIError, not_now), (PoolTimeout, not_now), (OSError, not_now),
        (SecurityError, wrong_host), (413, too_large), (429, too_many), (HTTPException, http_error),
        (Exception, broken),
    )  # fmt: skip
    for error, page in told:
        app.register_error_handler(error, _for_whom(page))


def _for_whom(page: Callable[[Any], Response]) -> Callable[[Any], Response]:
    def answer(error: Any) -> Response:
        _count(error)
        return _FOR_CLIENTS[0](error) if _FOR_CLIENTS and is_from_client() else page(error)

    return answer


def _count(error: Exception) -> None:
    """Count what somebody who watches over the site would like to know of; a stale version counts where it is found."""
    if isinstance(error, IntegrityError):
        tally.count("sent_twice")
    elif isinstance(error, StaleDataError):
        tally.count("stale_version")
    elif isinstance(error, CSRFError):
        tally.count("forged_form")
    elif getattr(error, "code", 0) == 429:  # noqa: PLR2004 - as it is called
        tally.count("limited")


def http_error(error: HTTPException) -> Response:
    """A page for each code that a person meets."""
    code = error.code or 500
    note_refusal(code)
    if code < 400:  # noqa: PLR2004 - a redirect that travels as an exception
        return Response(error.get_response().get_data(), status=code, headers=dict(error.get_headers()))
    if code == 405 and request.method == "GET" and (page := _page_above()):  # noqa: PLR2004 - as it is called
        return cast(Response, redirect(page, code=303))
    if code in PAGES:
        return render(f"errors/{code}.html", code)
    if code == 409:  # noqa: PLR2004 - as it is called everywhere
        return changed_meanwhile(error)
    if code in SAME_AS_404:
        return render("errors/404.html", code)
    return render("errors/400.html", code, code=code) if code < 500 else broken(error)  # noqa: PLR2004 - ours from 500


def _page_above() -> str | None:
    """The nearest page above an address that only takes what is sent to it.

    A form that comes back with its errors leaves such an address in the browser: whoever loads it anew, or changes the
    language there, wants the page on which the form stands. It is read off the routes alone and tells of no record.
    """
    adapter, path = current_app.create_url_adapter(request), request.path
    while adapter is not None and (path := path.rpartition("/")[0]):
        if adapter.test(path, "GET"):
            return path
    return None


def note_refusal(code: int) -> None:
    """Leave a line where this answer may be a refusal; an address that there is none of is a slip of the finger."""
    kind = NOTED.get(code, "")
    if kind and (code != 404 or (actor().is_signed_in and request.url_rule is not None)):  # noqa: PLR2004 - as it is called
        note(kind, status=code)


def wrong_host(_error: SecurityError) -> Response:
    """Asked for under a name that is not the site's: a page of ours would lead to that name."""
    note("forged_host")
    return Response(gettext("This is not the address of this site."), status=400, mimetype="text/plain")


def not_allowed(error: Refused) -> Response:
    """Not allowed: whoever is not signed in (any more) may sign in, and what was typed is carried along."""
    if actor().is_signed_in:
        note("refused", permission=str(error))
    elif request.method == "POST":
        return signed_out()
    return refused(error)


def signed_out() -> Response:
    """The sign-in page, with what was typed."""
    if request.headers.get("X-Requested-With") in {"autosave", "live"}:
        return Response(status=401)
    return render("accounts/expired.html", 403, next=request.path, carried=json.dumps(posted_fields()))


def proof_needed(_error: ProofNeeded) -> Response:
    """What was sent matters: prove who you are once more; what was typed is carried along."""
    came_from = urlsplit(request.referrer or "").path
    back = _own_form() or local_address(came_from, "/desk")
    return render("accounts/prove_first.html", 403, next=back, carried=json.dumps(posted_fields()))


def token_missing(_error: CSRFError) -> Response:
    """The sign-in has expired while somebody typed: sign in again, and what was typed is carried along."""
    note("token")
    if not actor().is_signed_in:
        return signed_out()
    # Signed in again in another window: the same words can be sent with a fresh token.
    return render("errors/again.html", 403, address=request.full_path.rstrip("?"), fields=posted_fields())


def changed_meanwhile(error: Exception) -> Response:
    """Somebody else saved first: what was typed, beside what stands there now where that is known."""
    record = getattr(error, "record", None)
    typed = [(name, value) for name, value in posted_fields() if value.strip() and name not in {"form_key", "version"}]
    both = [(_in_words(name), value[:LONGEST_SHOWN], _as_it_stands(record, name)) for name, value in typed]
    return render("errors/409.html", 409, differences=[row for row in both if row[1] != row[2]], back_url=_own_form())


def _in_words(field: str) -> str:
    return field.replace("-", " ").replace("_", " ").strip().capitalize()


def _as_it_stands(record: Any, field: str) -> str:
    value = getattr(record, field, None)
    return value[:LONGEST_SHOWN] if isinstance(value, str) else ""


def _own_form() -> str | None:
    """The address of the form that was sent, if a browser can open it."""
    adapter = current_app.create_url_adapter(request)
    return request.path if adapter is not None and "GET" in adapter.allowed_methods() else None


def too_large(_error: HTTPException) -> Response:
    """More was sent than is taken: how much is, and where what was typed can be found again."""
    note("too_large")
    limits = {"form": request.max_content_length or 0, "file": LARGEST_FILE, "text": request.max_form_memory_size or 0}
    sizes = {name: size // MEGABYTE for name, size in limits.items()}
    return render("errors/413.html", 413, limits=sizes, back_url=_own_form())


def too_many(error: HTTPException) -> Response:
    """Too many requests: how long to wait, also for programs (Retry-After)."""
    note("too_many")
    seconds = seconds_to_wait(getattr(error, "retry_after", None))
    response = render("errors/429.html", 429, retry_after=seconds, minutes=-(-seconds // 60))
    response.headers["Retry-After"] = str(seconds)
    return response


def seconds_to_wait(said: datetime | float | None) -> int:
    """Whole seconds until one may ask again, from an instant or a number of seconds; a minute if nothing is said."""
    if isinstance(said, datetime):
        return max(1, round((said - now()).total_seconds()))
    return max(1, round(said)) if said else WAIT


def sent_twice(error: IntegrityError) -> Response:
    """Two copies of one form arrived at once: the second is shown where the first one led."""
    with reading() as tx:
        location = already_done(tx, actor(), request.form.get("form_key", "")[:64])
    return cast(Response, redirect(location, code=303)) if location else broken(error)


def not_now(error: Exception) -> Response:
    """The database or the disk takes nothing at this moment: nothing was done, and the same may be sent again."""
    if not is_passing(error):
        return broken(error)
    reference = note_fault(error)
    typed = posted_fields() if request.method == "POST" else []
    context = {
        "reference": reference, "address": request.full_path.rstrip("?"), "fields": typed, "seconds": SOON,
        "has_files": any(file.filename for file in request.files.values()) if request.method == "POST" else False,
    }  # fmt: skip
    response = _drawn_somehow("errors/503.html", 503, context)
    response.headers["Retry-After"] = str(SOON)
    return response


def note_fault(error: Exception) -> str:
    """The whole story into the log; the reference by which it is found there, which is that of the request."""
    reference = request_ref() or secrets.token_hex(8)
    code = code_of(error)
    log.error("request failed", reference=reference, **where(), **({"code": code} if code else {}), exc_info=error)
    return reference


def broken(error: Exception) -> Response:
    """Our fault: a reference that a person can quote, and the whole story in the log."""
    return _drawn_somehow("errors/500.html", 500, {"reference": note_fault(error)})


def _drawn_somehow(template: str, status: int, context: dict[str, Any]) -> Response:
    """The page about a fault, drawn with as little as is left: without a reader, or without a template."""
    try:
        return render(template, status, **context)
    except Exception:
        log.exception("the page about the fault failed too", reference=context["reference"])
    try:
        # The parts of the frame that ask the database are drawn for people who are signed in alone.
        g.actor = ANONYMOUS
        return render(template, status, **context)
    except Exception:  # noqa: BLE001 - the same
        return Response(last_resort.page(context["reference"], _language()), status=status, mimetype="text/html")


def _language() -> str:
    """The reader's language, as far as it can be told without anything that may be broken."""
    try:
        return current_language()
    except Exception:  # noqa: BLE001 - whatever fails here, there is a page
        return best_language([code for code, _quality in request.accept_languages])
