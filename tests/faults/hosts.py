"""A site of separate processes that can be killed outright, started again, and are never mistaken for another's.

Each start is a session of its own: whoever listens on the port has to belong to the session of this very start, so an
orphan that still holds the port is found out instead of being taken for the site.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app import serve
from app.config import ROOT, Settings
from tests.factories import SECRET_KEY
from tests.running import free_port

PATIENCE = 120.0
"""Seconds to wait for whatever has to come, on a machine that has much else to do."""
LISTENS = "0A"
COMPILED = Path(tempfile.gettempdir()) / "counterpart-compiled"


class Orphan(RuntimeError):
    """Somebody answers on the port who was not started now."""


class Nursery:
    """The process that starts the others (tests/faults/nursery.py)."""

    def __init__(self) -> None:
        # Every start of a process reads nearly a thousand modules: what was compiled is kept, beside the code.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": os.environ.get("PYTHONPYCACHEPREFIX", str(COMPILED))}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.lock = threading.Lock()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("the nursery could not begin: see above")

    def start(self, order: dict[str, Any]) -> int:
        """The number of the process that this order starts."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with self.lock:
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
            return int(self.process.stdout.readline())

    def stop(self) -> None:
        """End, and with it whatever it has started and still runs."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Part:
    """One process of the site: a web host with its port, or the worker (without one)."""

    site: Site
    what: str
    port: int = 0
    careless: str = ""
    number: int = 0
    started_at: float = 0.0
    kills: int = 0

    def start(self) -> None:
        """Start it; nobody waits until it is ready."""
        environment = self.site.environment | ({"PORT": str(self.port)} if self.port else {})
        words = serve.web_command(Settings.from_environment(environment))[3:] if self.what == "web" else []
        self.started_at = time.time()
        self.number = self.site.nursery.start({
            "what": self.what, "words": words, "environment": environment, "careless": self.careless,
            "log": str(self.site.log), "namespace": self.site.namespace,
        })  # fmt: skip

    def kill(self) -> None:
        """Kill -9 the whole of it, and wait until nothing of it is left."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.number, signal.SIGKILL)
        wait_for(lambda: not members_of(self.number), "a killed process does not go away")
        self.kills += 1

    def end(self, patience: float = 30) -> None:
        """Ask it to end in order, and kill it if it will not."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.number, signal.SIGTERM)
        try:
            wait_for(lambda: not members_of(self.number), "", patience)
        except AssertionError:
            self.kill()

    def is_alive(self) -> bool:
        """Whether anything of it runs."""
        # Just forked, it is not yet the first of a session of its own.
        return bool(members_of(self.number)) or not is_dead(self.number)

    def wait_ready(self, patience: float = PATIENCE) -> float:
        """Until it answers and nobody else does in its place; how long after its start that was, in seconds.

        Raises:
            Orphan: a process of another start listens on the port.
        """
        wait_for(lambda: answers(self.port) and bool(listeners(self.port)), f"port {self.port} is silent", patience)
        strangers = [one for one in listeners(self.port) if session_of(one) != self.number]
        if strangers:
            raise Orphan(f"process {strangers} listens on port {self.port}, and {self.number} was started now")
        return time.time() - self.started_at


@dataclass
class Site:
    """A site in a folder, on whatever database; `namespace` is the process whose view of the disks it has."""

    nursery: Nursery
    folder: Path
    environment: dict[str, str]
    web: list[Part] = field(default_factory=list)
    worker: Part | None = None
    namespace: int = 0

    @property
    def log(self) -> Path:
        """What its processes say; never on the disk that is under test."""
        return Path(self.environment["FAULTS_LOG"])

    @property
    def address(self) -> str:
        """Where its first host answers."""
        return f"http://localhost:{self.web[0].port}"

    @property
    def parts(self) -> list[Part]:
        """All of its processes."""
        return [*self.web, *([self.worker] if self.worker else [])]

    def start(self) -> Site:
        """Start everything and wait until every web host answers."""
        for part in self.parts:
            part.start()
        for part in self.web:
            part.wait_ready()
        return self

    def stop(self) -> None:
        """End everything in order."""
        for part in self.parts:
            part.end()

    def flask(self, *words: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of the site's terminal."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT, env=self.environment | (environment or {}), capture_output=True, text=True,
            timeout=PATIENCE * 2, check=False,
        )  # fmt: skip


def site_of(nursery: Nursery, folder: Path, database_url: str, hosts: int = 1, **settings: str) -> Site:
    """A site that is not running yet, each host on a port that was free a moment ago."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    environment = kept | {
        "COUNTERPART_DATA_DIR": str(folder), "SEARCH_DIR": str(folder / "index"), "DATABASE_URL": database_url,
        "COUNTERPART_DEMONSTRATION": "0", "COUNTERPART_RATE_LIMITS": "0", "SECRET_KEY": SECRET_KEY,
        "FAULTS_LOG": f"{tempfile.gettempdir()}/faults-{secrets.token_hex(6)}.log",
        "PYTHONPYCACHEPREFIX": os.environ.get("PYTHONPYCACHEPREFIX", str(COMPILED)),
    } | settings  # fmt: skip
    site = Site(nursery, folder, environment)
    site.web = [Part(site, "web", free_port()) for _ in range(hosts)]
    site.worker = Part(site, "worker")
    environment["PUBLIC_URL"] = site.address
    return site


# --- what the kernel says ---


def session_of(number: int) -> int:
    """The session of a process; 0 if it is gone."""
    try:
        return os.getsid(number)
    except ProcessLookupError:
        return 0


def members_of(session: int) -> list[int]:
    """The living processes of a session."""
    return [one for one in processes() if session_of(one) == session and not is_dead(one)]


def processes() -> Iterator[int]:
    """The numbers of all processes."""
    return (int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal())


def is_dead(number: int) -> bool:
    """Whether a process has ended and only waits to be taken note of."""
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def listeners(port: int) -> list[int]:
    """The processes that listen on a port of this machine, through any of their descriptors."""
    wanted = set()
    for line in Path("/proc/net/tcp").read_text(encoding="utf-8").splitlines()[1:]:
        words = line.split()
        if words[3] == LISTENS and int(words[1].rpartition(":")[2], 16) == port:
            wanted.add(f"socket:[{words[9]}]")
    return [one for one in processes() if wanted and wanted & _sockets(one)]


def _sockets(number: int) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{number}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(path.readlink()))
    return found


def answers(port: int) -> bool:
    """Whether a site answers there that it lives."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_for(holds: Callable[[], object], otherwise: str, patience: float = PATIENCE) -> None:
    """Wait for a condition, never for a time; fails with the sentence where it does not come."""
    until = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < until, otherwise
        time.sleep(0.02)
