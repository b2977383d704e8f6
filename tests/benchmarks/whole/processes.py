"""Servers as `make run` starts them, and how much of the processor they have used, read from /proc."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from app.config import ROOT, Settings
from app.serve import LOG_OF_SERVER, THREADS, web_command
from tests.running import free_port

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
PATIENCE_S = 120


@dataclass(frozen=True)
class Status:
    """What the kernel says of one process: its parent, its group, and the seconds of the processor it has used."""

    parent: int
    group: int
    own: float
    children: float


def statuses() -> dict[int, Status]:
    """Every process of this machine, by number."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text(encoding="latin-1").rpartition(") ")[2].split()
            except OSError:
                continue
            times = [int(text) / TICKS for text in fields[11:15]]
            found[int(entry.name)] = Status(int(fields[1]), int(fields[2]), sum(times[:2]), sum(times[2:]))
    return found


def of_group(group: int) -> float:
    """Seconds of user and system time of all processes of a group."""
    return sum(one.own for one in statuses().values() if one.group == group)


def of_family(parent: int) -> float:
    """Seconds of a process, of its children that live, and of those that have ended."""
    found = statuses()
    first = found.get(parent)
    living = sum(one.own for one in found.values() if one.parent == parent)
    return living + (first.own + first.children if first else 0.0)


def memory_of_group(group: int) -> list[float]:
    """Megabytes of each process of a group that are its own, the largest first."""
    found = []
    for number, one in statuses().items():
        if one.group == group:
            lines = Path(f"/proc/{number}/status").read_text(encoding="utf-8").splitlines()
            found += [int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")]
    return sorted((round(one, 1) for one in found), reverse=True)


@dataclass(frozen=True)
class Server:
    """A web server that runs in a process group of its own."""

    address: str
    port: int
    process: subprocess.Popen[bytes]

    def used(self) -> float:
        """Seconds of the processor that it has used so far."""
        return of_group(self.process.pid)

    def memory(self) -> list[float]:
        """Megabytes of each of its processes."""
        return memory_of_group(self.process.pid)


def bare_command(port: int, processes: int) -> list[str]:
    """The bare page under the same server with the same threads."""
    size = ["--workers", str(processes), "--blocking-threads", str(THREADS), "--workers-kill-timeout", "10"]
    quiet = ["--no-ws", "--log-level", "error", "--log-config", str(LOG_OF_SERVER)]
    place = ["--host", "127.0.0.1", "--port", str(port)]
    begin = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"]
    return [*begin, *place, *size, *quiet, "tests.benchmarks.whole.bare:create"]


def site_command(environment: Mapping[str, str], processes: int) -> list[str]:
    """The site as app/serve.py starts it, with so many web processes."""
    command = web_command(Settings.from_environment(environment))
    command[command.index("--workers") + 1] = str(processes)
    return command


@contextmanager
def serving(command: list[str], environment: Mapping[str, str], said: Path, path: str = "/") -> Iterator[Server]:
    """A web server until the end of the block; what it says goes to the file `said`."""
    port = int(command[command.index("--port") + 1])
    with said.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=out, stderr=out, start_new_session=True
        )
    try:
        until = time.monotonic() + PATIENCE_S
        while not _answers(port, path):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server does not come up: see {said}\n{said.read_text()[-2000:]}")
            time.sleep(0.1)
        yield Server(f"http://localhost:{port}", port, process)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


__all__ = ["Server", "bare_command", "free_port", "of_family", "serving", "site_command", "statuses"]
