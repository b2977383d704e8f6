"""The page of one's own subscriptions: how often which news comes by mail, and below it what one follows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from app.accounts.guard import account_of
from app.foundation.disclosure import NOTHING
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, gettext, now, reading, render, route, see, site
from app.notifications.bounces.service import try_again
from app.notifications.pace.forms import WishesForm
from app.notifications.pace.queries import wishes_of_one
from app.notifications.pace.service import set_wishes

bp = blueprint("subscriptions", "/subscriptions")


@route(bp, "", Permission.ACCOUNT_MANAGE, surface=NOTHING, methods=("GET", "POST"))
def index() -> Any:
    """What one gets by mail, and what one follows."""
    form = WishesForm()
    if form.is_sound():
        with site().database.transaction() as tx:
            set_wishes(tx, account_of(tx, actor()), form.wishes(), now(), "page")
        return see("subscriptions.index", gettext("Saved. What waits already comes as you wish it now."))
    with reading() as tx:
        if not form.is_posted:
            form.show(wishes_of_one(tx, actor().account_id))
        account = account_of(tx, actor())
    return render("notifications/subscriptions.html", 422 if form.is_posted else 200, form=form, account=account)


@route(bp, "/address", Permission.ACCOUNT_MANAGE, surface=NOTHING, methods=("POST",))
def retry() -> Any:
    """Mail to one's address came back: it is right all the same, so try again."""
    settings = site().settings
    with site().database.transaction() as tx:
        try_again(tx, actor(), settings, urlsplit(settings.public_url).hostname or "localhost", now())
    return see("subscriptions.index", gettext("A mail is on its way to your address. If it comes back too, we say so."))
