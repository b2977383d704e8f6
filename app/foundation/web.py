"""What every page stands on: the site, the person who asks, guarded routes, panels, and errors told in plain words."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    has_app_context,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask_babel import get_locale, gettext, ngettext

from app.config import Settings
from app.foundation.audit.chain import Origin, come_from, come_through
from app.foundation.clock import Clock
from app.foundation.db import Database, Tx
from app.foundation.disclosure import NOTHING, SURFACES
from app.foundation.drafts import already_done
from app.foundation.filing.store import FileStore, store_of
from app.foundation.kept.one_reading import one_reading
from app.foundation.messages import Message
from app.foundation.permissions import ANONYMOUS, Actor, Permission, Refused, allowed, require

__all__ = [
    "API",
    "NOTHING",
    "Blueprint",
    "ProofNeeded",
    "Response",
    "Site",
    "abort",
    "actor",
    "become",
    "blueprint",
    "caller",
    "can",
    "current_language",
    "flash",
    "found",
    "gettext",
    "is_from_client",
    "ngettext",
    "now",
    "panel",
    "reading",
    "redirect",
    "register_panel",
    "render",
    "render_each",
    "render_part",
    "request",
    "route",
    "see",
    "site",
    "url_for",
]

API = "/api/v1"
"""Where programs come in: with a token instead of a cookie, and answered in JSON."""
READS = frozenset({"GET", "HEAD", "OPTIONS"})
BEHIND = frozenset({"list", "count", "feed", "export"})
"""Forms of surfaces that may be read from a copy of the database."""
WRITTEN = "written"
"""In the cookie: up to where the log of the database has to be known to a copy before this person reads from it."""
View = TypeVar("View", bound=Callable[..., Any])
Key = TypeVar("Key", bound=Hashable)
Provider = Callable[[Actor, str], str]


@dataclass
class Site:
    """What a running site is made of; features hang their own parts on `parts` by name."""

    settings: Settings
    database: Database
    clock: Clock
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def files(self) -> FileStore:
        """Where files lie, and whether attached ones are scanned first."""
        return store_of(self.settings, self.database)


class ProofNeeded(PermissionError):
    """What was asked for matters, and it is some time since this person last proved who it is."""


@dataclass(frozen=True)
class Guard:
    """What a route asks for, on which surface it shows records, and whether a fresh proof is asked for."""

    permission: Permission
    surface: str
    proof: bool = False


GUARDS: dict[str, Guard] = {}
PANELS: dict[str, list[Provider]] = {}


def note_origin() -> None:
    """Let what is recorded while this request is answered say from which address it came, and in which request."""
    come_from(Origin(request.remote_addr or "", secrets.token_hex(8)))


def forget_origin(_error: BaseException | None) -> None:
    """The request is over: what the thread does next does not come from there."""
    come_from(None)


def site() -> Site:
    """The running site."""
    return cast(Site, current_app.extensions["counterpart"])


def now() -> datetime:
    """The present instant, in UTC, as the site's clock tells it."""
    return site().clock.now()


def actor() -> Actor:
    """Who asks: loaded anew for each request."""
    return cast(Actor, g.get("actor", ANONYMOUS))


def become(person: Actor, token: str) -> None:
    """Let this request be asked by that person, through a program with the token of this reference.

    It counts for the token instead of the person, and what is recorded says so.
    """
    g.actor, g.caller = person, f"token {token}"
    come_through(token)


def caller() -> str:
    """What this request counts for, where that is not the person or the network address."""
    return str(g.get("caller", ""))


def is_from_client() -> bool:
    """Whether the request is asked of the interface for programs."""
    return request.path == API or request.path.startswith(f"{API}/")


@contextmanager
def reading() -> Iterator[Tx]:
    """One reading transaction for all parts of a page; a list's may be of a copy that has all this person changed."""
    with one_reading(_begin_reading) if request.method in READS else _begin_reading() as tx:
        yield tx


def _begin_reading() -> AbstractContextManager[Tx]:
    database = site().database
    return database.reading_behind(cookie.get(WRITTEN, 0)) if reads_behind() else database.reading()


def reads_behind() -> bool:
    """Whether this page may be read from a copy of the database, and there is one."""
    if site().database.replica is None or request.method not in READS or is_from_client():
        return False
    surface = SURFACES.get(GUARDS[request.endpoint].surface) if request.endpoint in GUARDS else None
    return surface is not None and surface.form in BEHIND


def current_language() -> str:
    """The language of this page, as an ISO 639-1 code; it is chosen once, and asked for a thousand times."""
    if not has_app_context():
        return "en"
    known: str | None = g.get("language")
    if known is None:
        locale = get_locale()
        known = g.language = str(locale.language) if locale else "en"
    return known


def blueprint(name: str, prefix: str | None = None) -> Blueprint:
    """The routes of one feature."""
    return Blueprint(name, f"app.{name}", url_prefix=prefix)


def route(
    bp: Blueprint,
    rule: str,
    permission: Permission,
    surface: str,
    methods: tuple[str, ...] = ("GET",),
    *,
    proof: bool = False,
) -> Callable[[View], View]:
    """Publish a view under an address: with the permission that it asks for and the surface that it is.

    The permission is asked here without a record; the service asks again with it. With `proof`, whoever sends
    something has to have proved who it is within the last half hour.
    """
    if surface != NOTHING and surface not in SURFACES:
        raise LookupError(f"unknown surface {surface}")

    def publish(view: View) -> View:
        GUARDS[f"{bp.name}.{view.__name__}"] = Guard(permission, surface, proof)

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(actor(), permission, now())
            if proof and request.method == "POST" and not g.get("has_proved", False):
                raise ProofNeeded(rule)
            return view(*args, **kwargs)

        bp.add_url_rule(rule, view.__name__, guarded, methods=list(methods))
        return view

    return publish


def can(permission: str, record: Any = None) -> bool:
    """Whether the person who asks may do this (for templates: what not to offer)."""
    return allowed(actor(), Permission(permission), now(), record)


def render(template: str, status: int = 200, **context: Any) -> Response:
    """A page."""
    return Response(render_template(template, **context), status=status, mimetype="text/html")


def render_part(template: str, **context: Any) -> str:
    """A part of a page, as HTML."""
    return render_template(template, **context)


def render_each(template: str, values: Mapping[Key, Mapping[str, Any]]) -> dict[Key, str]:
    """The same part with several values, as HTML by key; what every page knows is gathered once."""
    made = current_app.jinja_env.get_template(template)
    shared: dict[str, Any] = {}
    current_app.update_template_context(shared)
    return {key: made.render({**shared, **own}) for key, own in values.items()}


def found(record: Any) -> Any:
    """The record, or a page that says there is none: what one may not see does not exist."""
    if record is None:
        abort(404)
    return record


def see(endpoint: str, message: str | Message | None = None, kind: str = "success", **values: Any) -> Response:
    """After a change: go to where it can be seen, with a word about it."""
    if message is not None:
        flash(str(message), kind)
    return cast(Response, redirect(url_for(endpoint, **values), code=303))


def sent_before(form: Any) -> Response | None:
    """Where the same form led when it was sent the first time (a double click, a reload), if it was."""
    with reading() as tx:
        location = already_done(tx, actor(), form.key)
    return cast(Response, redirect(location, code=303)) if location else None


def register_panel(name: str, provider: Provider) -> None:
    """Let a higher feature draw its part on a lower one's page; the provider is given the reader and a reference."""
    providers = PANELS.setdefault(name, [])
    if provider not in providers:
        providers.append(provider)


def panel(name: str, ref: str) -> str:
    """What the higher features draw in this place, as safe HTML made by their own templates."""
    from markupsafe import Markup  # noqa: PLC0415 - jinja's own, needed here alone

    parts = [provider(actor(), ref) for provider in PANELS.get(name, [])]
    return Markup("").join(Markup(part) for part in parts)  # noqa: S704 - rendered by autoescaping templates


def unguarded(app: Flask) -> list[str]:
    """Endpoints that carry no permission; the build fails if there is one."""
    return sorted(r.endpoint for r in app.url_map.iter_rules() if r.endpoint not in GUARDS and r.endpoint != "static")


def refused(_error: Refused) -> Response:
    """Not allowed: sign in first, or a page that says who may."""
    if not actor().is_signed_in and request.method == "GET":
        return cast(Response, redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?"))))
    return render("errors/403.html", 403)
