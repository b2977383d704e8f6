"""A front as it is in deploy/, on an address and with a certificate of its own, and somebody behind it.

Every 127.x.y.z is this machine, so that a front can have ports 80 and 443 for itself, as in earnest.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.config import ROOT
from tests.benchmarks.visitor import PATIENCE_S
from tests.deploy.walking import Person
from tests.house import wait_until

NAME = "counterpart.example"
DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
CADDY = shutil.which("caddy")


@dataclass
class Front:
    """Where it listens, what it shows as its certificate, and what it has said."""

    address: str
    certificate: Path
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def connection(self) -> http.client.HTTPSConnection:
        """A connection to it under the site's name."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        connection = http.client.HTTPSConnection(NAME, 443, context=context, timeout=PATIENCE_S)
        connection._create_connection = lambda *_a, **_k: socket.create_connection((self.address, 443), 10)
        return connection

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """One request, and what was answered: the status and the text."""
        connection = self.connection()
        try:
            connection.request(method, path, body, {n.replace("_", "-"): v for n, v in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


class FrontVisitor(Person):
    """Somebody whose browser goes through the front."""

    front: Front

    def connection(self) -> http.client.HTTPConnection:
        return self.front.connection()


def visitor_through(front: Front) -> FrontVisitor:
    visitor = FrontVisitor(f"https://{NAME}")
    visitor.front = front
    return visitor


def front_in(folder: Path) -> Front:
    """A place for a front, with an address that is free and a certificate."""
    for _try in range(20):
        address = f"127.{random.randint(10, 250)}.{random.randint(0, 250)}.{random.randint(2, 250)}"
        with socket.socket() as one, socket.socket() as other:
            try:
                one.bind((address, 443))
                other.bind((address, 80))
            except PermissionError:
                pytest.skip("only root may listen on ports 80 and 443 here")
            except OSError:
                continue
        break
    certificate = folder / "front.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
         "-keyout", str(folder / "front.key"), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return Front(address, certificate, folder)


def nginx_config(front: Front, ports: list[int], change: Callable[[str], str] = str) -> Path:
    """The file of deploy/ with what an operator changes in it, within a whole configuration."""
    text = (DEPLOY / "nginx" / "counterpart.conf").read_text(encoding="utf-8")
    text = text.replace("10.20.0.11:5000", f"127.0.0.1:{ports[0]}").replace("10.20.0.12:5000", f"127.0.0.1:{ports[1]}")
    text = re.sub(r"listen \[::\]:.*\n", "\n", text)
    text = re.sub(r"listen (80|443)", rf"listen {front.address}:\1", text)
    text = text.replace("/etc/ssl/counterpart.pem", str(front.certificate))
    text = text.replace("/etc/ssl/private/counterpart.key", str(front.folder / "front.key"))
    text = text.replace("/var/log/nginx/", f"{front.folder}/")
    (front.folder / "site.conf").write_text(change(text), encoding="utf-8")
    folders = "".join(
        f"{kind}_temp_path {front.folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    whole = front.folder / "nginx.conf"
    whole.write_text(
        f"{user} daemon off; worker_processes 1; pid {front.folder}/pid; error_log {front.folder}/errors.log;\n"
        f"events {{}}\nhttp {{ {folders} include {front.folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    return whole


@contextmanager
def nginx(front: Front, ports: list[int], change: Callable[[str], str] = str) -> Iterator[Front]:
    """nginx with the configuration of deploy/, before these ports."""
    config = nginx_config(front, ports, change)
    with running(front, [str(NGINX), "-p", str(front.folder), "-c", str(config)]):
        yield front


@contextmanager
def caddy(front: Front, ports: list[int]) -> Iterator[Front]:
    """Caddy with the configuration of deploy/, before these ports."""
    text = (DEPLOY / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    own = f"{{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\tdefault_bind {front.address}\n}}\n"
    tls = f"\ttls {front.certificate} {front.folder}/front.key\n"
    head, brace, rest = text.partition("{$SITE_NAME:counterpart.example} {\n")
    config = front.folder / "Caddyfile"
    config.write_text(own + head + brace + tls + rest, encoding="utf-8")
    environment = {**os.environ, "WEB_HOSTS": " ".join(f"127.0.0.1:{port}" for port in ports), "SITE_NAME": NAME,
                   "HOME": str(front.folder), "XDG_DATA_HOME": str(front.folder)}  # fmt: skip
    with running(front, [str(CADDY), "run", "--config", str(config), "--adapter", "caddyfile"], environment):
        yield front


@contextmanager
def running(front: Front, command: list[str], environment: dict[str, str] | None = None) -> Iterator[None]:
    with (front.folder / "said.txt").open("wb") as said:
        front.process = subprocess.Popen(command, stdout=said, stderr=said, env=environment)
    try:
        wait_until(lambda: listens(front), 15)
        yield
    finally:
        front.process.terminate()
        front.process.wait(20)


def listens(front: Front) -> bool:
    assert front.process is not None
    assert front.process.poll() is None, (front.folder / "said.txt").read_text()
    try:
        socket.create_connection((front.address, 443), 2).close()
    except OSError:
        return False
    return True


# --- stand-ins for web hosts: what they were sent is counted, and they fail in ways that a real one fails in ---


@dataclass
class StandIn:
    """A web host that notes what it is sent; `drops` lets it take a request and hang up without an answer."""

    drops: bool = False
    ready: bool = True
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int:
        assert self.server is not None
        return int(self.server.server_address[1])

    def count(self, method: str) -> int:
        return sum(1 for m, path, _h in self.requests if m == method and path != "/health/ready")


@contextmanager
def stand_ins(number: int = 2) -> Iterator[list[StandIn]]:
    """So many of them, each on a port of its own."""
    made = [StandIn() for _ in range(number)]
    for one in made:
        one.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(one))
        one.server.daemon_threads = True
        threading.Thread(target=one.server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield made
    finally:
        for one in made:
            one.server.shutdown()
            one.server.server_close()


def handler_of(one: StandIn):
    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/health/ready":
                self.say(200 if one.ready else 503)
                return
            self.take()

        def do_POST(self) -> None:
            self.take()

        def take(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            one.requests.append((self.command, self.path, dict(self.headers.items())))
            if one.drops:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self.say(200)

        def say(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    return Answer


def pause(seconds: float) -> None:
    time.sleep(seconds)
