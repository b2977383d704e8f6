"""Each request has a number, is timed and counted, and leaves one line in the log: its route, never its address.

What stands in an address may be a word of a mailed link or somebody's e-mail; the route is what all addresses of one
kind have in common (`/needs/<ref>`).
"""

from __future__ import annotations

import time
from typing import Any

import structlog

from app.config import Settings
from app.foundation import tally
from app.foundation.audit.chain import request_ref
from app.foundation.web import Response, note_origin, request
from app.operation.metrics import Metrics
from app.operation.tracing import Traces

log = structlog.get_logger()
BEGAN = "counterpart.began"
UNKNOWN = "unknown"
"""Stands for every address that there is no route for: strangers could make up any number of them."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNLOGGED = ("/health", "/static")


class Answering:
    """What is done before and after each request of one application."""

    def __init__(self, settings: Settings, metrics: Metrics, traces: Traces | None) -> None:
        self.metrics, self.traces, self.writes_lines = metrics, traces, settings.request_log

    def begin(self) -> None:
        """Number the request and start the watch."""
        note_origin()
        tally.begin()
        request.environ[BEGAN] = time.perf_counter()
        self.metrics.in_flight.inc()
        if self.traces is not None:
            self.traces.begin(request.environ, method())

    def finish(self, response: Response) -> Response:
        """Note how long it took and what came of it."""
        if BEGAN in request.environ:
            seconds = time.perf_counter() - request.environ[BEGAN]
            self.metrics.note_answer(route(), method(), response.status_code, seconds)
            if self.writes_lines and not route().startswith(UNLOGGED):
                self._write_line(response.status_code, seconds)
            if self.traces is not None:
                self.traces.name(request.environ, route(), method(), response.status_code, request_ref())
        return response

    def _write_line(self, status: int, seconds: float) -> None:
        spent = round(seconds * 1000, 1)
        log.info("request", method=method(), route=route(), status=status, milliseconds=spent, request=request_ref())

    def end(self, _error: BaseException | None) -> None:
        """The request is over, however it ended."""
        if request.environ.pop(BEGAN, None) is not None:
            self.metrics.in_flight.dec()
            self.metrics.note_tally(tally.end())
            if self.traces is not None:
                self.traces.end(request.environ)


def init_app(app: Any, answering: Answering) -> None:
    """Stand before and behind everything else; the other parts have to be there already."""
    # Before anybody is looked for in the database: if that fails, the page about it has a number too.
    app.before_request_funcs.setdefault(None, []).insert(0, answering.begin)
    # What stands first here is done last.
    app.after_request_funcs.setdefault(None, []).insert(0, answering.finish)
    app.teardown_request(answering.end)


def route() -> str:
    """The rule of the address that is asked for, or one word for all that there is none of."""
    return request.url_rule.rule if request.url_rule is not None else UNKNOWN


def method() -> str:
    """The method, or one word for all that no browser sends."""
    return request.method if request.method in METHODS else "other"
