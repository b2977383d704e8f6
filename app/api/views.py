"""The pages about the interface for programs: its description, the tokens of a person, and the address of it all."""

from __future__ import annotations

import json
from typing import Any

from app.api import (
    asking,
    clarifications,
    codes,
    convening,
    courses,
    deliveries,
    files,
    finding,
    lessons,
    limits,
    matches,
    me,
    meetings,
    messages,
    needs,
    nominations,
    notices,
    organisations,
    outputs,
    pledges,
    points,
    programmes,
    queries,
    rules,
    service,
    sponsorships,
    teaching,
    threads,
)
from app.api.document import document
from app.api.forms import TokenForm
from app.api.gate import check_token
from app.api.operations import bp as api
from app.api.showing import shown_operations, shown_shapes
from app.foundation.drafts import already_done
from app.foundation.permissions import Permission
from app.foundation.sending import done
from app.foundation.web import (
    API,
    NOTHING,
    Response,
    actor,
    blueprint,
    found,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    see,
    site,
    url_for,
)

RESOURCES = (
    needs, limits, programmes, courses, teaching, lessons, outputs, organisations, pledges, deliveries, nominations,
    sponsorships, matches, threads, messages, clarifications, asking, meetings, convening, points, notices, files,
    finding, codes, me,
)  # fmt: skip
"""Whoever publishes the interface reads the modules that hold its operations."""

EXAMPLES = """curl "%s/needs?country=SN"
curl -H "Authorization: Bearer cpt_..." %s/me"""

bp = blueprint("api_pages")
api.before_request(check_token)


@route(api, "/openapi.json", Permission.PUBLIC_READ, NOTHING)
def openapi() -> Response:
    """The description for programs."""
    text = json.dumps(document(site().settings.public_url.rstrip("/")), ensure_ascii=False)
    return Response(text, mimetype="application/json")


@route(bp, "/api", Permission.PUBLIC_READ, NOTHING)
def index() -> Response:
    """The description for people."""
    home = site().settings.public_url.rstrip("/")
    return render(
        "api/index.html",
        shown=shown_operations(document(home)),
        kinds=rules.KINDS,
        examples=EXAMPLES % (home + API, home + API),
    )


@route(bp, "/api/<name>", Permission.PUBLIC_READ, NOTHING)
def resource(name: str) -> Response:
    """One resource: its operations, and the shapes of what is sent and given."""
    described = document(site().settings.public_url.rstrip("/"))
    shown = shown_operations(described)
    operations = found(shown.get(name))
    shapes = shown_shapes(described, operations)
    return render("api/resource.html", name=name, operations=operations, shapes=shapes, resources=list(shown))


@route(bp, "/account/tokens", Permission.ACCOUNT_MANAGE, NOTHING, ("GET", "POST"), proof=True)
def tokens() -> Any:
    """One's own tokens, and the form that makes one."""
    form = TokenForm()
    if form.is_sound():
        return _make(form)
    return _draw(form, 422 if form.is_posted else 200)


def _make(form: TokenForm) -> Any:
    try:
        with site().database.transaction() as tx:
            if already_done(tx, actor(), form.key):
                return see("api_pages.tokens", gettext("This token was made already. It was shown once."), "warning")
            token, secret = service.make_token(tx, actor(), form.draft(), now())
            done(tx, form, url_for("api_pages.tokens"))
    except rules.TooManyTokens:
        form.form_errors = [gettext("You have as many tokens as anybody needs. Revoke one that you do not use.")]
        return _draw(form, 422)
    return render("api/made.html", token=token, secret=secret, rules=rules)


def _draw(form: TokenForm, status: int) -> Response:
    with reading() as tx:
        mine = queries.tokens_of(tx, actor(), now())
    return render("api/tokens.html", status, form=form, tokens=mine, rules=rules)


@route(bp, "/account/tokens/revoke", Permission.ACCOUNT_MANAGE, NOTHING, ("POST",), proof=True)
def revoke() -> Any:
    """Revoke one of one's own tokens."""
    with site().database.transaction() as tx:
        token = found(queries.find_token(tx, actor(), request.form.get("token", "")))
        service.revoke_token(tx, actor(), token, now())
    return see("api_pages.tokens", gettext("The token is revoked: it opens nothing any more."))
