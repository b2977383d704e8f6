"""The addresses of lists as files: that of the list itself, with .csv or .xlsx behind it and the same question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.exchange.lists import reading as lists
from app.exchange.lists.columns import Table
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.filing.downloads import table_file
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, current_language, found, now, reading, request, route, site
from app.needs.queries import find_need
from app.search.reactions import engine_of

bp = blueprint("tables")

NEEDS = surface("need.table", "export", "need", "pledge")
PROGRAMMES = surface("programme.table", "export", "programme")
COURSES = surface("course.table", "export", "course")
SESSIONS = surface("course.session.table", "export", "course")
OUTPUTS = surface("output.table", "export", "output")
ORGANISATIONS = surface("organisation.table", "export", "organisation")
PLEDGES = surface("pledge.table", "export", "pledge", "need")
MATCHES = surface("need.matches.table", "export", "need", "programme", "course", "output")
FINDS = surface("search.table", "export", "need", "programme", "course", "lesson", "output")

ENDING = "<any(csv, xlsx):ending>"


def _file(what: str, read: Callable[[Tx], Table], ending: str) -> Any:
    with reading() as tx:
        table = read(tx)
        heads, cells = table.heads(current_language()), table.cells()
    return table_file(what, heads, cells, ending)


@route(bp, f"/needs.{ENDING}", Permission.PUBLIC_READ, NEEDS)
def needs(ending: str) -> Any:
    """The needs that the filters leave."""
    return _file("needs", lambda tx: lists.needs(tx, actor(), request.args, now()), ending)


@route(bp, f"/programmes.{ENDING}", Permission.PUBLIC_READ, PROGRAMMES)
def programmes(ending: str) -> Any:
    """The programmes that the filters leave."""
    return _file("programmes", lambda tx: lists.programmes(tx, actor(), request.args, now()), ending)


@route(bp, f"/courses.{ENDING}", Permission.PUBLIC_READ, COURSES)
def courses(ending: str) -> Any:
    """The courses that the filters leave."""
    return _file("courses", lambda tx: lists.courses(tx, actor(), request.args, now()), ending)


@route(bp, f"/courses/sessions.{ENDING}", Permission.PUBLIC_READ, SESSIONS)
def sessions(ending: str) -> Any:
    """The sessions that the filters of the calendar leave."""
    return _file("sessions", lambda tx: lists.sessions(tx, actor(), request.args, now()), ending)


@route(bp, f"/outputs.{ENDING}", Permission.PUBLIC_READ, OUTPUTS)
def outputs(ending: str) -> Any:
    """The outputs that the filters leave."""
    return _file("outputs", lambda tx: lists.outputs(tx, actor()), ending)


@route(bp, f"/organisations.{ENDING}", Permission.PUBLIC_READ, ORGANISATIONS)
def organisations(ending: str) -> Any:
    """The organisations that the filters leave."""
    return _file("organisations", lambda tx: lists.organisations(tx, actor()), ending)


@route(bp, f"/pledges.{ENDING}", Permission.DESK_READ, PLEDGES)
def pledges(ending: str) -> Any:
    """The pledges of a portfolio, with what was delivered of them."""
    return _file("pledges", lambda tx: lists.pledges(tx, actor(), request.args, now()), ending)


@route(bp, f"/needs/<ref>/matches.{ENDING}", Permission.PUBLIC_READ, MATCHES)
def matches(ref: str, ending: str) -> Any:
    """Who could meet a need."""
    return _file("matches", lambda tx: lists.matches(tx, actor(), found(find_need(tx, actor(), ref))), ending)


@route(bp, f"/search.{ENDING}", Permission.PUBLIC_READ, FINDS)
def finds(ending: str) -> Any:
    """What a search finds."""
    engine, language = engine_of(site()), current_language()
    return _file("search", lambda tx: lists.finds(tx, actor(), engine, request.args, language, now()), ending)
