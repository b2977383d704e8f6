"""Traces, where somebody has set up a collector of OpenTelemetry: how long each request and each reaction took.

A span names a route or a reaction, never an address, a person or the words of an error. The packages are an extra, and
nothing of them is loaded unless OTEL_EXPORTER_OTLP_ENDPOINT is set.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from app.config import Settings, SettingsError
from app.foundation.db import Tx
from app.foundation.logs import Line
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.foundation.worker import Handler, Reactions, Writer
from app.operation.surroundings import own_version

SPAN = "counterpart.span"
TRACES = "operation.traces"
OUR_FAULT = 500


class Traces:
    """Begins and ends spans, and hands them to the collector in the background."""

    def __init__(self, url: str) -> None:
        from opentelemetry import trace  # noqa: PLC0415 - an extra, loaded where it is wanted alone
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        self._trace, self._propagator = trace, TraceContextTextMapPropagator()
        names = {"service.name": "counterpart", "service.version": own_version()}
        self.provider = TracerProvider(resource=Resource.create(names))
        self.provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{url.rstrip('/')}/v1/traces")))
        self._tracer = self.provider.get_tracer("counterpart")
        _speak_as_we_do(logging.getLogger("opentelemetry"))

    def begin(self, environ: dict[str, Any], method: str) -> None:
        """A request has come in, perhaps as a part of what somebody else traces."""
        caller = self._propagator.extract({"traceparent": environ.get("HTTP_TRACEPARENT", "")})
        environ[SPAN] = self._tracer.start_span(method, context=caller, kind=self._trace.SpanKind.SERVER)

    def name(self, environ: dict[str, Any], route: str, method: str, status: int, request: str) -> None:
        """The request has its answer."""
        span = environ[SPAN]
        span.update_name(f"{method} {route}")
        values = {"http.request.method": method, "http.route": route, "http.response.status_code": status}
        span.set_attributes({**values, "counterpart.request": request})
        if status >= OUR_FAULT:
            span.set_status(self._trace.StatusCode.ERROR)

    def end(self, environ: dict[str, Any]) -> None:
        """The request is over."""
        span = environ.pop(SPAN, None)
        if span is not None:
            span.end()

    @contextmanager
    def span(self, name: str, facts: int) -> Iterator[None]:
        """What is done in here is one span; of an error its kind is told, since its words may be somebody's."""
        with self._tracer.start_as_current_span(
            name, attributes={"counterpart.facts": facts}, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except Exception as error:
                span.set_status(self._trace.StatusCode.ERROR, type(error).__name__)
                raise


def _speak_as_we_do(log: logging.Logger) -> None:
    """What the library says (the collector is away) is a line of JSON like all others."""
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(Line())
        log.addHandler(handler)
        log.propagate = False


def traces_of(settings: Settings) -> Traces | None:
    """Whoever takes traces, if the settings name a collector.

    Raises:
        SettingsError: they do, and the extra is not installed.
    """
    if settings.traces_url is None:
        return None
    try:
        return Traces(settings.traces_url)
    except ImportError:
        raise SettingsError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and the extra [tracing] is not installed: make tracing, or unset it"
        ) from None


def traced(site: Site, reactions: Reactions) -> Reactions:
    """The same reactions, each batch of which is two spans, one to find out and one to write; or just the same."""
    traces: Traces | None = site.parts.get(TRACES)
    if traces is None:
        return reactions
    handlers = {name: _traced(traces, name, handler) for name, handler in reactions.handlers.items()}
    return replace(reactions, handlers=handlers)


def _traced(traces: Traces, name: str, handler: Handler) -> Handler:
    def handle(site: Site, facts: Sequence[Fact]) -> Writer:
        with traces.span(f"reaction {name}", len(facts)):
            write: Callable[[Tx], None] = handler(site, facts)

        def written(tx: Tx) -> None:
            with traces.span(f"reaction {name} write", len(facts)):
                write(tx)

        return written

    return handle
