"""How the site is put together from its settings: database, languages, sign-in, pages, panels and errors."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, g, request
from flask_babel import Babel
from flask_compress import Compress
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app import cli, panels, routes, wiring
from app.accounts import language, sign_in
from app.api import gate
from app.config import FOR_OWNER_ALONE, Settings
from app.foundation import errors, headers, limits, logs, requests, signing, templating, web
from app.foundation.clock import Clock
from app.foundation.db import Database
from app.foundation.kept import one_reading
from app.foundation.kept import pages as kept_pages
from app.foundation.languages import CATALOGUES, best_language
from app.matching.semantic.encoder import check_installed
from app.operation import starting
from app.operation.own_host import let_watchers_in
from app.reference import names
from app.search.choosing import open_engine

ROOT = Path(__file__).resolve().parent.parent
LARGEST_REQUEST = 12 * 1024 * 1024
LARGEST_FORM = 4 * 1024 * 1024


def build(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """Build the site from its settings.

    Raises:
        SettingsError: the environment cannot be used as it is.
    """
    settings = settings or Settings.from_environment()
    if settings.semantic:
        check_installed()
    logs.configure()
    os.umask(FOR_OWNER_ALONE)
    app = Flask("app", root_path=str(ROOT / "app"), template_folder=str(ROOT / "templates"), static_folder="static")
    app.request_class = requests.TypedRequest
    _around_requests(app)
    app.config.update(_flask_settings(settings))
    site = web.Site(settings, database or _database(settings), Clock(settings.fixed_now))
    app.extensions["counterpart"] = site
    Babel(app, locale_selector=choose_language)
    signing.init_app(app)
    CSRFProtect(app)
    Compress(app)
    names.register()
    site.parts["search"] = open_engine(settings, site.database)
    sign_in.init_app(app)
    templating.init_app(app)
    wiring.init_app(app)
    panels.init_app(app)
    routes.init_app(app)
    errors.init_app(app)
    gate.init_app(app)
    cli.init_app(app)
    limits.init_app(app, settings)
    app.after_request(headers.add_headers)
    kept_pages.init_app(app, site.parts["search"].mark)
    starting.init_app(app, site, wiring.WAKES)
    _stand_before(app, settings)
    return app


def _database(settings: Settings) -> Database:
    # A command of the terminal, and the worker is one, may take as long as it takes.
    is_page = os.environ.get("FLASK_RUN_FROM_CLI") != "true"
    return Database(settings.database_url, settings.replica_url, is_page=is_page, is_pooled=settings.is_pooled)


def _around_requests(app: Flask) -> None:
    """What looks at each request before its view does, and what is put away when it is over."""
    for look in (requests.take_large_body, requests.refuse_nul_in_path, requests.refuse_too_many_fields):
        app.before_request(look)
    for put_away in (web.forget_origin, one_reading.end_readings):
        app.teardown_request(put_away)
    app.after_request(requests.note_position)


def _stand_before(app: Flask, settings: Settings) -> None:
    """What takes a request before Flask does: the proxies that are believed, and the static files."""
    if settings.proxies:
        # Without it everybody would seem to come from the proxy; what is not one's own proxy's word is not believed.
        setattr(app, "wsgi_app", ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0))  # noqa: B010
    host = urlsplit(settings.public_url).netloc
    setattr(app, "wsgi_app", let_watchers_in(app.wsgi_app, host))  # noqa: B010
    # WhiteNoise stands before Flask, as its documentation says to put it there.
    files = WhiteNoise(
        app.wsgi_app, root=str(ROOT / "app" / "static"), prefix="static/", max_age=31_536_000,
        add_headers_function=headers.for_files(settings),
    )  # fmt: skip
    setattr(app, "wsgi_app", files)  # noqa: B010 - mypy takes an attribute that is a method for fixed


def choose_language() -> str:
    """The language chosen in this browser, then the account's, then the browser's own."""
    person = g.get("actor")
    own = [person.language] if person is not None and person.is_signed_in else []
    accepted = [one for one, _quality in request.accept_languages]
    if web.is_from_client():
        return best_language([*accepted, *own])
    return best_language([request.cookies.get(language.cookie_name(), ""), *own, *accepted])


def _flask_settings(settings: Settings) -> dict[str, object]:
    secure = settings.public_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        # A forged Host leads nowhere; on a laptop the site answers under every name that it has there.
        "TRUSTED_HOSTS": [urlsplit(settings.public_url).hostname] if settings.production else None,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "SESSION_COOKIE_NAME": "__Host-counterpart" if secure else "counterpart",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_TRANSLATION_DIRECTORIES": str(CATALOGUES),
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        # The longest form has to stay below 15 KB; level 8 takes 1.4 ms for its 87 KB, level 5 takes 1.0.
        "COMPRESS_BR_LEVEL": 8,
        "COMPRESS_STREAMS": False,
    }
