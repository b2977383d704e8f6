"""What programs ask for unasked: the map of all public pages, in parts, what to leave alone, the sign of the site."""

from __future__ import annotations

import io
from typing import Any

from werkzeug.http import generate_etag
from werkzeug.wrappers import Response

from app.exchange.feeds.addresses import addresses, mark_of, parts, write_index, write_part
from app.exchange.iati_out.serving import SHARED, kept_file
from app.foundation.disclosure import NOTHING, surface
from app.foundation.permissions import Permission
from app.foundation.templating import static
from app.foundation.web import abort, blueprint, now, reading, redirect, request, route, site, url_for
from app.search.engine_types import KINDS

bp = blueprint("sitemap")

MAP = surface("sitemap.part", "feed", *KINDS)
XML = "application/xml"
LEFT_ALONE = ("/search?", "/search/", "/sign-in", "/desk", "/account", "/*?*page=", "/*?*sort=", "/*?*next=")
"""What costs much and tells a crawler nothing: questions, forms, and the same lists in other orders."""


@route(bp, "/sitemap.xml", Permission.PUBLIC_READ, MAP)
def index() -> Any:
    """The parts of the map."""
    target = io.BytesIO()
    with reading() as tx:
        write_index(parts(tx), site().settings.public_url, target)
    answer = Response(target.getvalue(), mimetype=XML, headers={"Cache-Control": SHARED})
    answer.set_etag(generate_etag(target.getvalue()))
    return answer.make_conditional(request)


@route(bp, "/sitemap-<name>.xml", Permission.PUBLIC_READ, MAP)
def part(name: str) -> Any:
    """One part of it, as it has to be now."""
    public_url = site().settings.public_url
    with reading() as tx:
        if name not in parts(tx):
            abort(404)
        mark = f"{mark_of(tx, name)} {public_url}"
        return kept_file(
            tx, f"sitemap-{name}", mark,
            lambda tx, target: write_part(addresses(tx, name, now()), public_url, target),
            XML, f"sitemap-{name}.xml",
        )  # fmt: skip


@route(bp, "/robots.txt", Permission.PUBLIC_READ, NOTHING)
def robots() -> Any:
    """What programs that walk through the site are asked to leave alone (RFC 9309), and where its map is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in LEFT_ALONE), ""]
    lines += [f"Sitemap: {site().settings.public_url}{url_for('sitemap.index')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@route(bp, "/favicon.ico", Permission.PUBLIC_READ, NOTHING)
def icon() -> Any:
    """The sign of the site, where a browser looks for it before it has read of another place."""
    answer = redirect(static("img/favicon.svg"), 308)
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
