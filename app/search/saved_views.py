"""The pages of a person's own searches: what she follows, what is new there, and her last searches."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import NOTHING, surface
from app.foundation.languages import say
from app.foundation.permissions import Permission
from app.foundation.web import (
    actor,
    blueprint,
    current_language,
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
from app.search import saved, service
from app.search.engine_types import KINDS
from app.search.reactions import engine_of

bp = blueprint("searches", "/searches")

COUNTS = surface("search.saved", "count", *KINDS)
OWN = Permission.SEARCH_FOLLOW


@route(bp, "", OWN, surface=COUNTS)
def index() -> Any:
    """What this person follows, how much is new in each, and her last searches."""
    with reading() as tx:
        return render(
            "search/saved.html",
            followed=saved.followed(tx, actor(), engine_of(site())),
            past=saved.past_searches(tx, actor()),
            keeps_history=saved.keeps_history(tx, actor()),
            most_new=saved.MOST_NEW,
        )


@route(bp, "/follow", OWN, surface=NOTHING, methods=("POST",))
def follow() -> Any:
    """Follow a search under a name, and stay there."""
    address = request.form.get("address", "")
    try:
        with site().database.transaction() as tx:
            kept = service.follow(tx, actor(), request.form.get("name", ""), address, now(), engine_of(site()))
    except service.TooMany as error:
        return see("searches.index", say(error.message, current_language()), "warning")
    except ValueError:
        return see("search.index", gettext("Search for something first, then you can follow it."), "warning")
    flash(gettext("You follow this search. You are told of everything that it newly finds."), "success")
    return redirect(url_for("search.index") + kept.address, code=303)


@route(bp, "/<ref>/rename", OWN, surface=NOTHING, methods=("POST",))
def rename(ref: str) -> Any:
    """Give one of them another name."""
    with site().database.transaction() as tx:
        found(service.rename(tx, actor(), ref, request.form.get("name", "")))
    return see("searches.index", gettext("The search has its new name."))


@route(bp, "/<ref>/unfollow", OWN, surface=NOTHING, methods=("POST",))
def unfollow(ref: str) -> Any:
    """Follow one of them no longer."""
    with site().database.transaction() as tx:
        found(service.unfollow(tx, actor(), ref))
    return see("searches.index", gettext("You no longer follow this search."))


@route(bp, "/history", OWN, surface=NOTHING, methods=("POST",))
def history() -> Any:
    """Clear the last searches, stop keeping them, or keep them again."""
    wish = request.form.get("wish", "")
    with site().database.transaction() as tx:
        if wish in {"on", "off"}:
            service.keep_history(tx, actor(), now(), on=wish == "on")
        else:
            service.clear_history(tx, actor())
    words = {
        "on": gettext("Your last searches are kept from now on."),
        "off": gettext("Your last searches are forgotten, and no more are kept."),
    }
    return see("searches.index", words.get(wish, gettext("Your last searches are forgotten.")))
