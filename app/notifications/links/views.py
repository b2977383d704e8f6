"""Where the links of mails lead, without signing in: what one gets by mail, changing it, and stopping it at once."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import NOTHING
from app.foundation.languages import say
from app.foundation.permissions import Permission
from app.foundation.web import (
    Response,
    blueprint,
    current_language,
    flash,
    gettext,
    now,
    reading,
    redirect,
    render,
    request,
    route,
    site,
    url_for,
)
from app.notifications.links.rules import masked
from app.notifications.links.service import DIGEST, MailLink, link_for
from app.notifications.pace.forms import WishesForm
from app.notifications.pace.queries import wishes_of_one
from app.notifications.pace.rules import GROUPS
from app.notifications.pace.service import set_wishes
from app.notifications.pace.service import stop as stop_mails

bp = blueprint("mail_links", "/mail")
GONE = "notifications/link_gone.html"
ONE_CLICK = ("List-Unsubscribe", "One-Click")


@route(bp, "/<token>", Permission.PUBLIC_READ, surface=NOTHING)
def manage(token: str) -> Any:
    """What this person gets. Opening it changes nothing, since mail programs open links by themselves."""
    with reading() as tx:
        link = link_for(tx, site().settings.secret_key, token, now())
        if link is None:
            return render(GONE, 410)
        form = WishesForm(formdata=None)
        form.show(wishes_of_one(tx, link.account.id))
    return _draw(link, form, token)


@route(bp, "/<token>", Permission.PUBLIC_READ, surface=NOTHING, methods=("POST",))
def change(token: str) -> Any:
    """Keep what was chosen, or stop the mails in one of which the link stood."""
    form = WishesForm()
    is_stop = request.form.get("stop") == "1"
    with site().database.transaction() as tx:
        link = link_for(tx, site().settings.secret_key, token, now())
        if link is None:
            return render(GONE, 410)
        if is_stop:
            stop_mails(tx, link.account, link.scope, now())
        elif form.is_sound():
            set_wishes(tx, link.account, form.wishes(), now(), "link")
        else:
            return _draw(link, form, token, 422)
    flash(gettext("Stopped. You find such news on the site.") if is_stop else gettext("Saved."), "success")
    return redirect(url_for("mail_links.manage", token=token), code=303)


@route(bp, "/<token>/stop", Permission.PUBLIC_READ, surface=NOTHING)
def ask_to_stop(token: str) -> Any:
    """A mail program that does not know one-click links opens this address: it leads to the page with the button."""
    return redirect(url_for("mail_links.manage", token=token), code=303)


@route(bp, "/<token>/stop", Permission.PUBLIC_READ, surface=NOTHING, methods=("POST",))
def stop(token: str) -> Any:
    """One-click (RFC 8058): a mail program stops such mails, without cookie or form; asked again it changes nothing.

    It has no form token by design: whoever sends it proves nothing but the signed word, and does nothing but this.
    """
    name, value = ONE_CLICK
    if request.form.get(name) != value:
        return Response("List-Unsubscribe=One-Click\n", status=400, mimetype="text/plain")
    with site().database.transaction() as tx:
        link = link_for(tx, site().settings.secret_key, token, now())
        if link is None:
            return render(GONE, 410)
        stop_mails(tx, link.account, link.scope, now())
    return Response(gettext("Stopped. You find such news on the site.") + "\n", mimetype="text/plain")


def _draw(link: MailLink, form: WishesForm, token: str, status: int = 200) -> Response:
    names = [say(GROUPS[group], current_language()) for group in link.scope if group != DIGEST]
    return render(
        "notifications/mail.html", status, form=form, token=token, address=masked(link.account.email), names=names,
        is_digest=DIGEST in link.scope, is_stopped=form.is_without(link.scope),
    )  # fmt: skip
