"""What is looked at before a request is answered and after: what it may bring along, what its person has changed."""

from __future__ import annotations

from contextlib import suppress

from flask import Request, Response, abort, request
from flask import session as cookie
from sqlalchemy.exc import SQLAlchemyError

from app.foundation.permissions import allowed
from app.foundation.postgres import position_of
from app.foundation.values import NUL, TypedValues
from app.foundation.web import GUARDS, READS, WRITTEN, actor, is_from_client, now, site

LARGE_BODIES: dict[str, int] = {}
"""Endpoints that take more bytes than others, from whoever has their permission."""


class TypedRequest(Request):
    """A request whose address and forms carry text alone."""

    parameter_storage_class = TypedValues


def take_large_body() -> None:
    """Let a route that files are sent to take more than others; it is asked before anything of the request is read."""
    most, guard = LARGE_BODIES.get(request.endpoint or ""), GUARDS.get(request.endpoint or "")
    if most and guard and allowed(actor(), guard.permission, now()):
        request.max_content_length = most


def refuse_nul_in_path() -> None:
    """No page has such an address, and no database would look for it."""
    if NUL in request.path:
        abort(404)


def refuse_too_many_fields() -> None:
    """A form of one line has no more fields than one of several parts may have.

    Werkzeug counts parts alone; two million fields without values would fit into the size that a text may have, and
    take seconds and half a gigabyte to read.
    """
    most = request.max_form_parts
    if most and request.mimetype == "application/x-www-form-urlencoded" and request.get_data().count(b"&") >= most:
        abort(413)


def note_position(response: Response) -> Response:
    """Let a person who has changed something see it in the lists that come from a copy: until then read the truth."""
    database = site().database
    if database.replica is not None and request.method not in READS and not is_from_client():
        with suppress(SQLAlchemyError):
            cookie[WRITTEN] = position_of(database.engine)
    return response
