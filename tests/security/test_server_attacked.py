"""The running server is sent what no browser sends: paths that climb, heads and bodies without end, long silence."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.serve import TIME_FOR_HEAD
from tests.running import RunningSite, serve, site_in

pytestmark = [pytest.mark.one_engine, pytest.mark.slow]

SILENT = 30
# What stands in files beside the static ones, and in no page.
BESIDE = (b"SECRET_KEY", b"root:x:", b"def create_app", b"import annotations")
CLIMBING = (
    "/static/../config.py", "/static/css/../../config.py", "/static/..%2fconfig.py", "/static/%2e%2e/config.py",
    "/static/%2e%2e%2f%2e%2e%2fpyproject.toml", "/static/..%5cconfig.py", "/static/..\\config.py",
    "/static/....//config.py", "/static/%252e%252e/config.py", "/static/..;/config.py", "/static//etc/passwd",
    "//etc/passwd", "/../../../../etc/passwd", "/static/%00/../config.py", "/static/css/counterpart.css%00.py",
    "/static/..%c0%af..%c0%afetc/passwd", "/static/file:///etc/passwd", "/needs/../../etc/passwd",
    "/needs/..%2f..%2fetc%2fpasswd", "/needs/N-2222-2222/files/..%2f..%2fcounterpart.sqlite",
    "/needs/N-2222-2222/files/%2fetc%2fpasswd", "/data/counterpart.sqlite", "/.git/config", "/.env",
)  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The whole site on a free port of this machine, without records."""
    folder: Path = tmp_path_factory.mktemp("served")
    site = site_in(folder)
    site.must("migrate")
    yield serve(site)
    site.stop()


def connected(site: RunningSite, wait: float = 10) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(site.address).port or 0), timeout=wait)


def head(line: str, *more: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: localhost", "Connection: close", *more, "", ""]).encode()


def form(length: int | str, kind: str = "application/x-www-form-urlencoded") -> bytes:
    return head("POST /sign-in", f"Content-Type: {kind}", f"Content-Length: {length}")


def answer(site: RunningSite, request: bytes) -> tuple[int, bytes]:
    """Status and all of the answer; 0 where the server hangs up."""
    with connected(site) as line:
        got = b""
        try:
            line.sendall(request)
            while part := line.recv(65536):
                got += part
        except (ConnectionResetError, BrokenPipeError):
            pass
    return int(got[9:12]) if got.startswith(b"HTTP/1.1 ") else 0, got


@pytest.fixture(scope="module")
def silent(served: RunningSite) -> Iterator[tuple[float, list[socket.socket]]]:
    """Connections that begin the head of a request and then say nothing more, and since when."""
    lines = [connected(served, TIME_FOR_HEAD / 1000 + 5) for _ in range(SILENT)]
    for line in lines:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    yield time.monotonic(), lines
    for line in lines:
        line.close()


def test_whoever_begins_and_says_no_more_keeps_nobody_waiting(served, silent):
    began = time.monotonic()
    assert answer(served, head("GET /health/live"))[0] == 200
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("path", CLIMBING)
def test_no_path_climbs_out_of_the_folder(served, silent, path):
    status, got = answer(served, head(f"GET {path}"))
    assert status in {0, 308, 400, 404}
    assert not [word for word in BESIDE if word in got]


def test_what_may_be_read_is_read(served, silent):
    """Otherwise the paths above would prove nothing."""
    status, got = answer(served, head("GET /static/css/counterpart.css"))
    assert status == 200
    assert b"font-family" in got


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (head("GET /", "Cookie: " + "a" * 1_000_000), 431),
        (head("GET /", *[f"X-{number}: a" for number in range(500)]), 431),
        (head("GET /needs?q=" + "a" * 100_000), 414),
        (form(99_999_999_999) + b"a=1", 413),
        (form("-1") + b"a=1", 400),
        (form("1, 2") + b"a=1", 400),
        (head("POST /sign-in", "Content-Length: 3", "Content-Length: 4") + b"a=1", 400),
        (head("GET /", "X-A : b"), 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\x00b\r\nConnection: close\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    ],
    ids="cookie headers address claimed negative two-in-one twice blank nul tls".split(),
)
def test_heads_that_no_browser_sends_are_refused(served, silent, request_, status):
    assert answer(served, request_)[0] == status


def test_a_length_and_pieces_together_smuggle_no_second_request(served, silent):
    second = head("GET /smuggled-address")
    both = head("POST /sign-in", "Transfer-Encoding: chunked", "Content-Length: 4") + b"0\r\n\r\n" + second
    status, got = answer(served, both)
    assert status >= 400
    assert got.count(b"HTTP/1.1 ") == 1
    assert b"smuggled-address" not in got


def test_more_fields_or_parts_than_any_form_has_are_refused_at_once(served, silent):
    began = time.monotonic()
    fields = b"a&" * (2 * 1024 * 1024 - 1)
    assert answer(served, form(len(fields)) + fields)[0] == 413
    part = b'--e\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
    parts = part * 50_000 + b"--e--\r\n"
    assert answer(served, form(len(parts), "multipart/form-data; boundary=e") + parts)[0] == 413
    assert time.monotonic() - began < 3, "what is refused is not read first"


def test_a_head_that_does_not_come_is_not_waited_for(served, silent):
    since, lines = silent
    for line in lines:
        try:
            got = line.recv(1000)
        except ConnectionResetError:
            got = b""
        assert not got.startswith(b"HTTP/1.1 2")
    assert time.monotonic() - since < TIME_FOR_HEAD / 1000 + 3
