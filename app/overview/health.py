"""Whether the site lives and whether it is ready to serve, for whoever watches over it."""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.config import is_this_machine
from app.foundation import migrate
from app.foundation.disclosure import NOTHING
from app.foundation.permissions import Permission
from app.foundation.web import blueprint, now, reading, request, route, site
from app.overview.health_queries import database_answers, files_unscanned_since, outbox_is_moving
from app.search.engine_types import EngineBroken
from app.search.reactions import engine_of

log = structlog.get_logger()
bp = blueprint("health", "/health")

UNSCANNED = "%s files have waited for the scanner for five minutes or more; is clamd running, and CLAMD_URL right?"
UNREADABLE = "the search index cannot be read; pages answer from the database until `flask reindex` has run"
STUCK = "a fact has waited for five minutes or more; is the worker running?"
BEHIND = "the tables are older than this version of the site; run `flask migrate`"
AHEAD = "the tables are newer than this version of the site can use; bring the site itself up to date"
STOPPING = "this process is stopping; others go on"
SILENT = "the database does not answer"
WITHOUT_WARNINGS = frozenset({SILENT, BEHIND, AHEAD, STOPPING})
"""Where the tables cannot be asked, or need not be any more."""
STANDINGS = {migrate.BEHIND: BEHIND, migrate.AHEAD: AHEAD}


@route(bp, "/live", Permission.PUBLIC_READ, surface=NOTHING)
def live() -> Any:
    """The process answers."""
    return Response("ok", mimetype="text/plain")


@route(bp, "/ready", Permission.PUBLIC_READ, surface=NOTHING)
def ready() -> Any:
    """The site can serve: 200, or 503; the reasons why not are told to whoever asks from this machine."""
    reasons = [STOPPING] if is_stopping() else reasons_why_not()
    told: dict[str, Any] = {"ready": not reasons}
    if asked_from_here():
        told |= {"reasons": reasons, "warnings": [] if WITHOUT_WARNINGS.intersection(reasons) else warnings()}
    return told, 503 if reasons else 200, {"Cache-Control": "no-store"}


def is_stopping() -> bool:
    """Whether this process has been told to stop and still answers, so that nobody is sent here any more."""
    note = site().settings.stopping_file
    return note is not None and note.exists()


def reasons_why_not() -> list[str]:
    """Why nobody should be sent here: nothing where all is well."""
    reasons = database_reasons()
    if reasons != [SILENT] and not index_is_readable():
        reasons.append(UNREADABLE)
    return reasons


def warnings() -> list[str]:
    """What somebody should look after, though the site serves: files that nobody gets before they are scanned."""
    with reading() as tx:
        count = files_unscanned_since(tx, now())
    return [UNSCANNED % count] if count else []


def asked_from_here() -> bool:
    """Whether somebody on this machine asks by oneself, and not a proxy here for somebody elsewhere."""
    passed_on = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    return not passed_on and is_this_machine(request.remote_addr or "?")


def database_reasons() -> list[str]:
    """What is wrong with the database, its tables and the facts that wait in it."""
    try:
        with reading() as tx:
            database_answers(tx)
            standing = migrate.standing(site().database)
            reasons = [STANDINGS[standing]] if standing in STANDINGS else []
            if not reasons and not outbox_is_moving(tx, now()):
                reasons.append(STUCK)
    except (SQLAlchemyError, OSError):
        log.exception("the database does not answer")
        return [SILENT]
    return reasons


def index_is_readable() -> bool:
    """Whether the index opens; what is in it is `flask verify-index`'s business."""
    try:
        engine_of(site()).versions()
    except EngineBroken:
        return False
    return True
