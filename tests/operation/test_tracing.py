"""Traces reach a real collector, name routes and reactions alone, and cost nothing where nobody wants them."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from app import create_app
from app.config import Settings, SettingsError
from app.foundation.outbox import tell
from app.foundation.web import GUARDS, NOTHING, Guard, Permission
from app.foundation.worker import work_off
from app.operation import tracing
from app.operation.tracing import TRACES, traced
from app.organisations.events import OrganisationTrusted
from app.wiring import REACTIONS
from tests.architecture.reading import ROOT

trace_service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
pytestmark = pytest.mark.one_engine
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Collector:
    """What has come in: spans by name, and all of it as bytes."""

    def __init__(self) -> None:
        self.spans, self.raw, self.paths = {}, b"", set()

    def take(self, path, body):
        self.raw += body
        self.paths.add(path)
        request = trace_service.ExportTraceServiceRequest.FromString(body)
        for group in request.resource_spans:
            self.resource = {a.key: a.value.string_value for a in group.resource.attributes}
            for scope in group.scope_spans:
                self.spans |= {span.name: span for span in scope.spans}


@contextmanager
def little_collector() -> Iterator[tuple[str, Collector]]:
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.take(self.path, gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", collector
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def collected(settings, database, monkeypatch, clock):
    """A site that sends its traces, and what the collector has of it so far."""
    with little_collector() as (url, collector):
        app = create_app(replace(settings, traces_url=url), database)
        part = app.extensions["counterpart"]
        part.clock = clock
        provider = part.parts[TRACES].provider

        def so_far():
            provider.force_flush()
            return collector

        yield app, so_far
        provider.shutdown()


def values(span):
    return {a.key: a.value.string_value or a.value.int_value for a in span.attributes}


def test_a_request_is_a_span_named_by_its_route(collected):
    app, so_far = collected
    answer = app.test_client().get("/needs/N-2222-2222?q=ann@ministry.example", headers={"traceparent": CALLER})
    told = so_far()
    span = told.spans["GET /needs/<ref>"]
    assert told.paths == {"/v1/traces"}
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (CALLER[3:35], CALLER[36:52])
    assert span.kind == 2, "a server's"
    assert span.end_time_unix_nano > span.start_time_unix_nano
    assert values(span) == {
        "http.request.method": "GET", "http.route": "/needs/<ref>", "http.response.status_code": 404,
        "counterpart.request": answer.headers["X-Request-ID"],
    }  # fmt: skip
    assert told.resource["service.name"] == "counterpart"
    assert told.resource["service.version"] == "0.1.0"


@pytest.mark.parametrize("said", ["", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "\xff\xfe"])
def test_a_caller_who_says_nothing_of_use_begins_a_trace(collected, said):
    app, so_far = collected
    app.test_client().get("/health/live", headers={"traceparent": said})
    span = so_far().spans["GET /health/live"]
    assert span.parent_span_id == b""
    assert any(span.trace_id)


def test_a_fault_is_marked_and_nobodys_words_leave(collected, monkeypatch):
    app, so_far = collected

    def fail(word):
        raise RuntimeError("ann@ministry.example")

    monkeypatch.setitem(GUARDS, "broken", Guard(Permission.PUBLIC_READ, NOTHING))
    app.add_url_rule("/broken/<word>", "broken", fail)
    app.test_client().get("/broken/tok-3n-of-a-mail?email=ann@ministry.example", headers={"User-Agent": "Ann Example"})
    told = so_far()
    assert told.spans["GET /broken/<word>"].status.code == 2
    for secret in (b"ann@", b"tok-3n", b"Ann Example", b"127.0.0.1"):
        assert secret not in told.raw


def test_a_batch_of_a_reaction_is_two_spans(collected, tx, now):
    app, so_far = collected
    part = app.extensions["counterpart"]

    def failing(_site, _facts):
        raise KeyError("ann@ministry.example")

    def working(_site, _facts):
        return lambda _tx: None

    wakes = {OrganisationTrusted: ("match", "tell")}
    reactions = replace(REACTIONS, wakes=wakes, handlers={"match": working, "tell": failing})
    for number in range(3):
        tell(tx, OrganisationTrusted(number), now)
    tx.flush()
    assert work_off(part, traced(part, reactions)) == 3
    told = so_far()
    assert values(told.spans["reaction match"]) == {"counterpart.facts": 3}
    assert values(told.spans["reaction match write"]) == {"counterpart.facts": 3}
    failed = told.spans["reaction tell"]
    assert (failed.status.code, failed.status.message) == (2, "KeyError")
    assert "reaction tell write" not in told.spans
    assert b"ann@" not in told.raw


def test_a_collector_that_is_away_costs_nobody_an_answer(settings, database):
    app = create_app(replace(settings, traces_url="http://127.0.0.1:9"), database)
    provider = app.extensions["counterpart"].parts[TRACES].provider
    assert app.test_client().get("/health/live").status_code == 200
    assert app.test_client().get("/").status_code == 200
    provider.shutdown()


def test_without_the_setting_nothing_of_it_is_loaded(tmp_path):
    code = (
        "import sys; from app import create_app; app = create_app(); "
        "app.test_client().get('/health/live'); "
        "print(sorted(name for name in sys.modules if name.startswith(('opentelemetry', 'google.protobuf'))))"
    )
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    environ["COUNTERPART_DATA_DIR"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"


def test_without_it_reactions_are_the_same(app):
    assert traced(app.extensions["counterpart"], REACTIONS) is REACTIONS


def test_without_the_extra_the_site_says_how_to_mend_it(settings, monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(SettingsError, match="make tracing"):
        tracing.traces_of(replace(settings, traces_url="http://127.0.0.1:4318"))


@pytest.mark.parametrize(
    ("further", "is_taken"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "127.0.0.1:4318"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "grpc://127.0.0.1:4317"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "https://traces.example"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://traces.example"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://traces.example", "COUNTERPART_UNENCRYPTED": "traces"}, True),
    ],
)
def test_where_traces_may_go(further, is_taken):
    environ = {
        "COUNTERPART_ENV": "production", "SECRET_KEY": "s" * 32, "AUDIT_KEY": "a" * 32, "SMTP_URL": "smtp://localhost:25",
        "PUBLIC_URL": "https://counterpart.example", **further,
    }  # fmt: skip
    if is_taken:
        assert Settings.from_environment(environ).traces_url == further["OTEL_EXPORTER_OTLP_ENDPOINT"]
        return
    with pytest.raises(SettingsError, match="OTEL_EXPORTER_OTLP_ENDPOINT"):
        Settings.from_environment(environ)
