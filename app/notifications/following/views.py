"""Following a record, following it no longer, and choosing from which strength on one is told of matches."""

from __future__ import annotations

from typing import Any

from app.foundation.addresses import local_address
from app.foundation.disclosure import NOTHING
from app.foundation.languages import say
from app.foundation.permissions import Permission
from app.foundation.web import (
    abort,
    actor,
    blueprint,
    current_language,
    flash,
    found,
    gettext,
    now,
    redirect,
    request,
    route,
    site,
    url_for,
)
from app.notifications.following import service
from app.notifications.rules import PATHS

bp = blueprint("following", "/follows")
OWN = Permission.SEARCH_FOLLOW


@route(bp, "/<kind>/<ref>", OWN, surface=NOTHING, methods=("POST",))
def follow(kind: str, ref: str) -> Any:
    """Follow a record, and stay on its page."""
    try:
        with site().database.transaction() as tx:
            found(service.follow(tx, actor(), kind, ref, now()))
        flash(
            gettext("You follow this. You are told when it changes, when it ends, and when a day is near."), "success"
        )
    except service.TooMany as error:
        flash(say(error.message, current_language()), "warning")
    return _back(PATHS[kind].format(ref=ref))


@route(bp, "/<kind>/<ref>/stop", OWN, surface=NOTHING, methods=("POST",))
def stop(kind: str, ref: str) -> Any:
    """Follow it no longer, from its page or from the list of what one follows."""
    with site().database.transaction() as tx:
        found(service.stop(tx, actor(), kind, ref))
    flash(gettext("You no longer follow it."), "success")
    return _back(PATHS[kind].format(ref=ref))


@route(bp, "/threshold", OWN, surface=NOTHING, methods=("POST",))
def threshold() -> Any:
    """Choose from which strength on one is told of matches."""
    try:
        with site().database.transaction() as tx:
            service.choose_threshold(tx, actor(), request.form.get("least", ""), now())
    except ValueError:
        abort(400)
    flash(gettext("Your choice is kept."), "success")
    return _back(url_for("searches.index"))


def _back(usual: str) -> Any:
    return redirect(local_address(request.form.get("next"), usual), code=303)
