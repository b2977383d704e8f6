"""How a program is answered: JSON with the version of what it shows, and refusals as problem details (RFC 9457)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.api.rules import BY_STATUS, KINDS, Fault, Problem
from app.foundation.languages import say
from app.foundation.limits import standing
from app.foundation.messages import Message, msg
from app.foundation.web import Response, actor, current_language, request, site, url_for

JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    """What is answered: a body of plain values, the HTTP status, and headers."""

    body: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def in_words(message: Message) -> str:
    """A sentence in the language that the program asks for."""
    return say(message, current_language())


def absolute(endpoint: str, **values: Any) -> str:
    """The whole address of something on this site, under the one name that the site has."""
    return site().settings.public_url.rstrip("/") + url_for(endpoint, **values)


def tag_of(version: int, body: Mapping[str, Any]) -> str:
    """The entity tag of a record as it is shown: its version, and a digest of what this reader sees of it."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return f'"{version}.{hashlib.sha256(text.encode()).hexdigest()[:12]}"'


def record(body: Mapping[str, Any], version: int, status: int = 200, location: str = "") -> Answer:
    """A single record, with its entity tag; `location` is where one that was made just now can be read."""
    headers = {"ETag": tag_of(version, body)} | ({"Location": location} if location else {})
    return Answer(body, status, headers)


def respond(answer: Answer) -> Response:
    """The answer on its way; what the program has already is not sent again (304)."""
    text = json.dumps(answer.body, ensure_ascii=False)
    response = Response(text, status=answer.status, mimetype=JSON, headers=dict(answer.headers))
    if request.method in {"GET", "HEAD"} and "ETag" in answer.headers:
        response.headers.setdefault("Cache-Control", "private, no-cache" if actor().is_signed_in else "no-cache")
        response.make_conditional(request)
    return response


def refuse(problem: Problem) -> Response:
    """A refusal in the form of RFC 9457."""
    kind = KINDS[problem.kind]
    body: dict[str, Any] = {
        "type": absolute("api_pages.index") + f"#{problem.kind}",
        "title": in_words(kind.title),
        "status": kind.status,
        "instance": request.path,
        **problem.more,
    }
    if problem.detail:
        body["detail"] = problem.detail
    if problem.faults:
        body["errors"] = [fault.as_json() for fault in problem.faults]
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status=kind.status, mimetype=PROBLEM, headers=dict(problem.headers))


def of_status(code: int) -> Problem:
    """The problem that a plain HTTP error is told as."""
    return Problem(BY_STATUS.get(code, "unreadable" if code < 500 else "broken"))  # noqa: PLR2004 - ours from 500


def finish(response: Response) -> Response:
    """What every answer says besides: how many requests are left, and that pages of others may read what is public."""
    response.headers["Vary"] = "Accept-Language, Authorization"
    if counted := standing():
        allowed, left, seconds = counted
        response.headers["RateLimit-Limit"] = str(allowed)
        response.headers["RateLimit-Remaining"] = str(left)
        response.headers["RateLimit-Reset"] = str(seconds)
    if request.method in {"GET", "HEAD"} and "Authorization" not in request.headers:
        # Without a token there is nothing but what anybody may read, so a page of another site may read it too.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Link, RateLimit-Limit, RateLimit-Remaining"
    return response


def missing(pointer: str, detail: str) -> Problem:
    """One thing in what was sent that has to be mended."""
    return Problem("not-sound", faults=[Fault(detail, pointer)])


VERSION_NEEDED = msg("Send the ETag of the version that you have read as If-Match, so that nobody’s words are lost.")
CHANGED = msg("The record is at version %(version)s by now. Read it again, and send your change with its ETag.")
