"""The feeds: of a search, a country and a theme, the same for whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlencode

from werkzeug.http import generate_etag
from werkzeug.wrappers import Response

from app.exchange.feeds.atom import Feed, written
from app.exchange.feeds.queries import Telling, newest
from app.exchange.feeds.rules import tag_of
from app.foundation.disclosure import surface
from app.foundation.languages import LANGUAGES, name_of, say
from app.foundation.messages import msg
from app.foundation.paging import PAGE_SIZE
from app.foundation.permissions import Permission
from app.foundation.web import abort, blueprint, now, reading, request, route, site, url_for
from app.organisations.queries import names_by_ref
from app.reference.countries import countries
from app.reference.themes import themes
from app.search.engine_types import KINDS
from app.search.forms import Namer, name_for
from app.search.reactions import engine_of
from app.search.request import SearchRequest

bp = blueprint("feeds")

FEED = surface("feeds.search", "feed", *KINDS)
SHARED = "public, no-cache"
"""Anybody may keep the file, and asks each time whether it still holds."""
MIME = "application/atom+xml"
ALL = msg("Everything new on Counterpart")


@route(bp, "/search.atom", Permission.PUBLIC_READ, FEED)
def search() -> Any:
    """The newest that a stranger finds with the same question."""
    asked = SearchRequest.from_address(request.args)
    question = asked.address(sort="", size=PAGE_SIZE).rstrip("?")
    return _answer(asked, f"search{question}", url_for("search.index") + question)


@route(bp, "/countries/<iso2>.atom", Permission.PUBLIC_READ, FEED)
def country(iso2: str) -> Any:
    """The newest that is about a country."""
    code = iso2.upper() if iso2.upper() in countries() else abort(404)
    asked = SearchRequest(filters={"country": (code,)})
    return _answer(asked, f"countries/{code}", url_for("overview.country", iso2=code), ("country", code))


@route(bp, "/themes/<code>.atom", Permission.PUBLIC_READ, FEED)
def theme(code: str) -> Any:
    """The newest that is about a theme."""
    if code not in themes():
        abort(404)
    asked = SearchRequest(filters={"theme": (code,)})
    return _answer(asked, f"themes/{code}", url_for("overview.theme", code=code), ("theme", code))


def _answer(asked: SearchRequest, name: str, page: str, about: tuple[str, str] | None = None) -> Response:
    """The feed as it is now, or 304 for whoever has it already."""
    telling = Telling(_language(), site().settings.public_url, now())
    with reading() as tx:
        understood, entries = newest(tx, engine_of(site()), asked, telling)
        donors = names_by_ref(tx, understood.filters.get("donor", ()))
    words = name_of(*about, telling.of_codes) if about else name_for(understood, Namer(telling.of_codes, donors))
    feed = Feed(
        id=tag_of(telling.public_url, f"{name}{'#' if telling.language else ''}{telling.language}"),
        title=say(msg("Counterpart: %(what)s", what=words) if words else ALL, telling.of_codes),
        address=f"{telling.public_url}{request.path}{_query()}",
        page=telling.public_url + page,
        language=telling.of_codes,
        began_at=datetime.combine(now().date(), time(), UTC),
        entries=entries,
    )
    return _conditional(written(feed), feed.changed_at)


def _conditional(body: bytes, changed_at: datetime) -> Response:
    answer = Response(body, mimetype=MIME, headers={"Cache-Control": SHARED})
    answer.set_etag(generate_etag(body))
    answer.last_modified = changed_at
    return answer.make_conditional(request)


def _language() -> str:
    """Programs say no language, so that the address says it."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else ""


def _query() -> str:
    pairs = list(request.args.items(multi=True))
    return f"?{urlencode(pairs)}" if pairs else ""
