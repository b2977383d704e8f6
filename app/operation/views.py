"""How the site is: a page for the office, and figures for a machine that watches over it."""

from __future__ import annotations

import hmac
from typing import Any

from app.foundation.disclosure import NOTHING
from app.foundation.permissions import Permission
from app.foundation.web import (
    Response,
    abort,
    actor,
    blueprint,
    gettext,
    ngettext,
    now,
    reading,
    render,
    request,
    route,
    see,
    site,
)
from app.operation import metrics as figures
from app.operation import rules, service
from app.operation.standing import METRICS, look_around
from app.overview.health import asked_from_here

bp = blueprint("operation")
SCHEME = "Bearer "


@route(bp, "/metrics", Permission.PUBLIC_READ, surface=NOTHING)
def metrics() -> Any:
    """The figures of the site, for this machine and for whoever brings the token; for all others there is no page."""
    if not (asked_from_here() or brings_token()):
        abort(404)
    kept: figures.Metrics = site().parts[METRICS]
    return Response(kept.written(), content_type=figures.TYPE, headers={"Cache-Control": "no-store"})


def brings_token() -> bool:
    """Whether the request carries the token for figures; that it is compared takes the same time whatever it is."""
    wanted = site().settings.metrics_token
    said = request.headers.get("Authorization", "")
    if wanted is None or not said.startswith(SCHEME):
        return False
    # A header may hold any byte, and two texts are compared as bytes alone.
    return hmac.compare_digest(said.removeprefix(SCHEME).strip().encode("utf-8", "replace"), wanted.encode())


@route(bp, "/operations", Permission.SITE_OPERATE, surface=NOTHING)
def index() -> Any:
    """Whether everything is well, and for each thing that is not, what to do."""
    with reading() as tx:
        seen = look_around(site(), tx, now())
    return render("operation/index.html", seen=seen, rules=rules)


@route(bp, "/operations/try-again", Permission.SITE_OPERATE, surface=NOTHING, methods=("POST",))
def try_again() -> Any:
    """Let what was given up be tried again."""
    with site().database.transaction() as tx:
        count = service.try_again(tx, actor(), now())
    if not count:
        return see("operation.index", gettext("Nothing had failed for good; nothing was changed."), "info")
    said = ngettext("%(num)d event is tried again.", "%(num)d events are tried again.", count)
    return see("operation.index", said)
