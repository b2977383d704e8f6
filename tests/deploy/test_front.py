"""What the fronts of deploy/ do with web hosts that fail: a page is asked of another, a form is never sent twice."""

from __future__ import annotations

import shutil
import socket
import subprocess

import pytest

from tests.deploy import fronts
from tests.house import wait_until

pytestmark = [pytest.mark.one_engine, pytest.mark.slow]

KINDS = {"nginx": (fronts.NGINX, fronts.nginx), "caddy": (fronts.CADDY, fronts.caddy)}


@pytest.fixture(params=list(KINDS))
def kind(request):
    """Either front; a test is skipped where the one it asks for is not installed."""
    there, start = KINDS[request.param]
    if not there:
        pytest.skip(f"{request.param} is not installed")
    return start


@pytest.fixture
def only_nginx():
    if not fronts.NGINX:
        pytest.skip("nginx is not installed")


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_nginx_takes_the_file_for_right(tmp_path, only_nginx):
    config = fronts.nginx_config(fronts.front_in(tmp_path), [5001, 5002])
    words = [fronts.NGINX, "-t", "-p", str(tmp_path), "-c", str(config)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_a_form_is_never_sent_twice_and_a_page_is_asked_of_another_host(tmp_path, kind):
    with fronts.stand_ins() as hosts, kind(fronts.front_in(tmp_path), [h.port for h in hosts]) as front:
        for host in hosts:
            host.drops = True
        status, _text = front.ask("POST", "/needs/new", b"a=1", Content_Type="application/x-www-form-urlencoded")
        assert status == 502
        assert sum(host.count("POST") for host in hosts) == 1
        fronts.pause(6)
        hosts[1].drops = False
        answers = [front.ask("GET", f"/needs?page={number}")[0] for number in range(6)]
        assert answers == [200] * 6
        assert hosts[0].count("GET"), "the host that fails was never asked: this shows nothing"


def test_a_careless_nginx_would_send_it_twice(tmp_path, only_nginx):
    """The same with the word that must not stand there: so the test above can fail."""

    def careless(text):
        return text.replace("proxy_next_upstream error timeout;", "proxy_next_upstream error timeout non_idempotent;")

    with fronts.stand_ins() as hosts:
        front = fronts.front_in(tmp_path)
        for host in hosts:
            host.drops = True
        with fronts.nginx(front, [h.port for h in hosts], careless):
            front.ask("POST", "/needs/new", b"a=1")
        assert sum(host.count("POST") for host in hosts) > 1


def test_a_form_goes_to_another_host_where_the_first_cannot_be_reached(tmp_path, kind):
    with fronts.stand_ins(1) as (host,), kind(fronts.front_in(tmp_path), [unused_port(), host.port]) as front:
        answers = [front.ask("POST", "/needs/new", b"a=1")[0] for _number in range(8)]
        assert answers == [200] * 8
        assert host.count("POST") == 8


def test_what_a_browser_says_of_its_own_path_is_not_believed(tmp_path, kind):
    said = {"X_Forwarded_For": "203.0.113.7", "X_Request_ID": "mine", "Forwarded": "for=203.0.113.7",
            "X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "http"}  # fmt: skip
    with fronts.stand_ins() as hosts, kind(fronts.front_in(tmp_path), [h.port for h in hosts]) as front:
        assert front.ask("GET", "/", **said)[0] == 200
        ((_method, _path, headers),) = [r for h in hosts for r in h.requests if r[1] == "/"]
    got = {name.lower(): value for name, value in headers.items()}
    assert got["x-forwarded-for"] == "127.0.0.1"
    assert got["x-request-id"] not in {"", "mine"}
    assert got["host"] == fronts.NAME
    assert {"forwarded", "x-forwarded-host"}.isdisjoint(got)
    assert got.get("x-forwarded-proto") in {None, "https"}


def test_large_bodies_are_taken_where_activity_files_are_sent_and_nowhere_else(tmp_path, kind):
    body = b"x" * (13 * 1024 * 1024)
    with fronts.stand_ins() as hosts, kind(fronts.front_in(tmp_path), [h.port for h in hosts]) as front:
        assert refused(front, "/needs/new", body)
        assert front.ask("POST", "/imports/new", body)[0] == 200
        assert sum(h.count("POST") for h in hosts if h.requests and h.requests[-1][1] == "/imports/new") == 1


def refused(front, path: str, body: bytes) -> bool:
    """413, or the line is closed while it is still being sent."""
    try:
        return front.ask("POST", path, body)[0] in {413, 502}
    except (BrokenPipeError, ConnectionResetError):
        return True


def test_nobody_is_sent_to_a_host_that_says_that_it_stops(tmp_path):
    """Caddy asks by itself; nginx learns it when the host takes no connections any more."""
    if not fronts.CADDY:
        pytest.skip("caddy is not installed")
    with fronts.stand_ins() as hosts, fronts.caddy(fronts.front_in(tmp_path), [h.port for h in hosts]) as front:
        hosts[0].ready = False
        fronts.pause(5)
        before = hosts[0].count("GET")
        assert [front.ask("GET", "/")[0] for _number in range(10)] == [200] * 10
        assert hosts[0].count("GET") == before
        hosts[0].ready = True
        wait_until(lambda: front.ask("GET", "/")[0] == 200 and hosts[0].count("GET") > before, 15)


def test_nginx_speaks_http_2_and_leads_plain_http_over(tmp_path, only_nginx):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    with fronts.stand_ins() as hosts, fronts.nginx(fronts.front_in(tmp_path), [h.port for h in hosts]) as front:
        told = ["curl", "--silent", "--output", "/dev/null", "--cacert", str(front.certificate),
                "--resolve", f"{fronts.NAME}:443:{front.address}", "--resolve", f"{fronts.NAME}:80:{front.address}",
                "--write-out", "%{http_version} %{http_code} %{redirect_url}"]  # fmt: skip

        def curl(*words):
            return subprocess.run([*told, *words], capture_output=True, text=True, check=True).stdout.strip()

        assert curl("--http2", f"https://{fronts.NAME}/") == "2 200"
        assert curl(f"http://{fronts.NAME}/needs") == f"1.1 308 https://{fronts.NAME}/needs"
        assert curl("--data", "a=1", f"http://{fronts.NAME}/needs/new") == "1.1 403"
