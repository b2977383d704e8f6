"""The front page: one search box, what is asked, covered and open with its map, what is on offer, where to begin."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Any

from markupsafe import Markup
from werkzeug.wrappers import Response

from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, now, reading, render, render_part, request, route
from app.overview import queries
from app.overview.atlas import DATA, atlas
from app.overview.pictures import small_map
from app.overview.rules import OPEN, Gap, longest_bar, standing, widest_first
from app.overview.sums.memory import sums_now

bp = blueprint("home")

PAGE = surface("home.page", "page", "need", "programme", "course", "pledge")
MAP = surface("home.map", "count", "need", "pledge")
LATEST = 4
NEXT = 3
WIDEST = 8
MAP_MINUTES = 5
"""How long a browser may show a public map again without asking."""


@route(bp, "/", Permission.PUBLIC_READ, surface=PAGE)
def index() -> Any:
    """The whole site at a glance, as far as this reader may see it."""
    today = now().date()
    with reading() as tx:
        sums = sums_now(tx, actor(), today)
        gaps = widest_first(sums.by_theme().values())
        asking = [gap for gap in sums.by_country().values() if gap.needs]
        return render(
            "home/index.html",
            numbers=Gap("", *sums.whole.counts),
            needs=queries.latest_needs(tx, actor(), LATEST),
            offers=queries.open_programmes(tx, actor(), today, NEXT),
            sessions=queries.next_sessions(tx, actor(), today, NEXT),
            gaps=gaps[:WIDEST],
            more_gaps=len(gaps) > WIDEST,
            longest=longest_bar(gaps[:WIDEST]),
            world=atlas("small"),
            asking=len(asking),
            mostly_open=sum(standing(gap) == OPEN for gap in asking),
        )


@route(bp, "/map.svg", Permission.PUBLIC_READ, surface=MAP)
def picture() -> Any:
    """The map of open needs as an image, counting what this reader may see."""
    with reading() as tx:
        gaps = sums_now(tx, actor(), now().date()).by_country()
    text, policy = sheet()
    drawn = render_part("overview/map.svg", picture=small_map(gaps), sheet=text)
    response = Response(drawn, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = policy
    # What one person may see is kept by that person's browser alone, and asked for again each time.
    is_public = not actor().is_signed_in
    response.headers["Cache-Control"] = f"public, max-age={60 * MAP_MINUTES}" if is_public else "private, no-cache"
    response.vary.add("Cookie")
    response.set_etag(sha256(drawn.encode()).hexdigest()[:20], weak=True)
    return response.make_conditional(request)


@cache
def sheet() -> tuple[Markup, str]:
    """The picture's own style, and the policy that lets this style alone be used in it."""
    text = (DATA / "map.css").read_text(encoding="utf-8").replace("\n", "")
    mark = b64encode(sha256(text.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{mark}'; frame-ancestors 'none'"
    return Markup("<style>{}</style>").format(Markup(text)), policy  # noqa: S704 - our own file
