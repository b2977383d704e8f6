"""The site itself in production, two processes for pages behind nginx as in deploy/: nobody notices when one ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

import pytest

from app.serve import SECONDS_TO_END
from tests.deploy import fronts, walking
from tests.house import wait_until
from tests.running import RunningSite, free_port, wait_for_line

pytestmark = [pytest.mark.one_engine, pytest.mark.slow, pytest.mark.at_length]

PACE = 0.15
"""Seconds between two pages of one reader: fewer than the limit for one address."""


@dataclass
class WebHost:
    """One process for pages, as its unit starts it."""

    site: RunningSite
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        said = self.site.folder / f"said-{self.port}.txt"
        said.write_text("")
        environment = {**self.site.environment, "PORT": str(self.port)}
        with said.open("a") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.serve", "--only", "web"], env=environment, stdout=out, stderr=out
            )
        self.site.processes.append(self.process)
        wait_for_line(said, "ready ", self.process)

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.site.processes.remove(self.process)
        return self.process.wait(10 + SECONDS_TO_END)

    def kill(self) -> None:
        """Everything at once, as when a machine loses its power."""
        assert self.process is not None
        self.site.processes.remove(self.process)
        for number in reversed([self.process.pid, *below(self.process.pid)]):
            os.kill(number, signal.SIGKILL)
        self.process.wait(5)


def below(number: int) -> list[int]:
    told = subprocess.run(["pgrep", "-P", str(number)], capture_output=True, text=True, check=False).stdout
    return [n for child in map(int, told.split()) for n in (child, *below(child))]


@dataclass
class Reader(threading.Thread):
    """Somebody who reads one page after the other through the front, and notes what goes wrong."""

    front: fronts.Front
    path: str
    count: int = 0
    wrong: list[str] = field(default_factory=list)
    longest: float = 0.0
    is_done: bool = False

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.is_done:
            began = time.monotonic()
            try:
                status, _text = self.front.ask("GET", self.path)
                if status != 200:
                    self.wrong.append(f"{self.path}: {status}")
            except OSError as error:
                self.wrong.append(f"{self.path}: {error!r}")
            self.longest = max(self.longest, time.monotonic() - began)
            self.count += 1
            time.sleep(PACE)

    def has_read(self, more: int) -> None:
        """Wait until so many more pages were read."""
        until = self.count + more
        wait_until(lambda: self.count >= until, 60)


@pytest.fixture
def behind(at_rest, tmp_path):
    """Two web hosts in production and nginx before them; and the front."""
    if not fronts.NGINX:
        pytest.skip("nginx is not installed")
    front = fronts.front_in(tmp_path)
    at_rest.environment |= {
        "COUNTERPART_ENV": "production", "COUNTERPART_DEMONSTRATION": "0", "PUBLIC_URL": f"https://{fronts.NAME}",
        "SECRET_KEY": "s" * 40, "AUDIT_KEY": "a" * 40, "SMTP_URL": "smtp://127.0.0.1:9", "COUNTERPART_PROXIES": "1",
        "COUNTERPART_RATE_LIMITS": "1", "COUNTERPART_DRAIN": "1",
    }  # fmt: skip
    hosts = [WebHost(at_rest, free_port()) for _number in range(2)]
    for host in hosts:
        host.start()
    with fronts.nginx(front, [host.port for host in hosts]):
        yield front, hosts


def test_people_notice_nothing_when_a_host_ends(behind, at_rest):
    front, hosts = behind
    official = walking.signed_in(fronts.visitor_through(front), at_rest, "state", "SN", "editor")
    donor = walking.signed_in(fronts.visitor_through(front), at_rest, "donor")
    need = walking.post_need_with_file(official, "Laboratories behind a front")
    assert "minutes.txt" in official.get(need)

    reader = Reader(front, need)
    reader.start()
    reader.has_read(5)
    hosts[0].kill()
    # Sent while one host is gone: a new connection is refused there, and goes to the other one.
    assert walking.pledge(donor, need) in official.get(need)
    reader.has_read(10)

    # The front still takes it for gone, and has nobody else: it has to be asked all the same.
    hosts[0].start()
    assert hosts[1].stop() == 0
    assert walking.post_need(official, "Laboratories after the first has come back")
    reader.has_read(10)
    reader.is_done = True
    reader.join(30)
    print(f"{reader.count} pages read, the longest in {reader.longest:.2f} s; wrong: {reader.wrong}")
    assert reader.wrong == []


def test_the_site_takes_large_files_where_they_are_sent_and_answers_to_its_name_alone(behind, at_rest):
    front, hosts = behind
    importer = walking.signed_in(fronts.visitor_through(front), at_rest, "donor")
    fields = importer.form("/imports/new")
    body, media_type = walking.multipart(fields, "files", "activities.xml", b"<no>" + b" " * (14 * 1024 * 1024))
    answer, text = importer.exchange("POST", "/imports/new", body, media_type)
    assert answer.status in {303, 422}, text[:300]
    assert refused(importer, body, media_type)
    with socket.create_connection(("127.0.0.1", hosts[0].port)) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        assert line.recv(64).startswith(b"HTTP/1.1 400")
    asked = [sys.executable, "-m", "app.serve", "--is-ready"]
    environment = {**at_rest.environment, "PORT": str(hosts[0].port)}
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ready\n")
    hosts[0].stop()
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "not ready: nobody answers\n")


def refused(person: walking.Person, body: bytes, media_type: str) -> bool:
    """413, or the line is closed while it is still being sent."""
    try:
        return person.exchange("POST", "/needs/new", body, media_type)[0].status == 413
    except (BrokenPipeError, ConnectionResetError):
        return True
