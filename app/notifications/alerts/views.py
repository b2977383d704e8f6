"""What followed searches have announced, switching their news on and off, and stopping one by the link of a mail."""

from __future__ import annotations

from typing import Any

from app.foundation.addresses import local_address
from app.foundation.disclosure import NOTHING, surface
from app.foundation.permissions import Permission
from app.foundation.web import (
    actor,
    blueprint,
    flash,
    found,
    gettext,
    now,
    reading,
    redirect,
    render,
    request,
    route,
    see,
    site,
    url_for,
)
from app.notifications.alerts.links import search_for
from app.notifications.alerts.queries import announced
from app.search import service
from app.search.engine_types import KINDS
from app.search.reactions import engine_of
from app.search.saved import saved_search

bp = blueprint("alerts", "/searches")

LIST = surface("search.announced", "list", *KINDS)
OWN = Permission.SEARCH_FOLLOW


@route(bp, "/<ref>/new", OWN, surface=LIST)
def new(ref: str) -> Any:
    """Everything that was announced of one search: since one last looked at it, and before."""
    with reading() as tx:
        saved = found(saved_search(tx, actor(), ref))
        since, before = announced(tx, actor(), saved)
        return render("notifications/alerts/new.html", saved=saved, since=since, before=before)


@route(bp, "/<ref>/seen", OWN, surface=NOTHING, methods=("POST",))
def seen(ref: str) -> Any:
    """This person has seen what is new."""
    with site().database.transaction() as tx:
        found(saved_search(tx, actor(), ref)).looked_at = now()
    return see("alerts.new", gettext("Everything new in this search is marked as seen."), ref=ref)


@route(bp, "/<ref>/alerts", OWN, surface=NOTHING, methods=("POST",))
def switch(ref: str) -> Any:
    """Be told of what a search newly finds from now on, or no longer."""
    on = request.form.get("wish") == "on"
    with site().database.transaction() as tx:
        found(service.set_alerts(tx, actor(), ref, now(), engine_of(site()), on=on))
    told = gettext("You are told of what this search newly finds from now on.")
    flash(told if on else gettext("You are no longer told of what this search finds."), "success")
    return redirect(local_address(request.form.get("next"), url_for("searches.index")), code=303)


@route(bp, "/stop/<token>", Permission.PUBLIC_READ, surface=NOTHING)
def stop(token: str) -> Any:
    """Ask, by the link of a mail, whether the news of this search are to stop; looking alone stops nothing."""
    with reading() as tx:
        saved = search_for(tx, site().settings.secret_key, token)
        return render("notifications/alerts/stop.html", 200 if saved else 410, saved=saved, token=token)


@route(bp, "/stop/<token>", Permission.PUBLIC_READ, surface=NOTHING, methods=("POST",))
def stop_now(token: str) -> Any:
    """Stop them. The search itself stays among those that its reader follows."""
    with site().database.transaction() as tx:
        saved = search_for(tx, site().settings.secret_key, token)
        if saved is not None:
            saved.alerts = False
        return render("notifications/alerts/stop.html", 200 if saved else 410, saved=saved, token=token)
