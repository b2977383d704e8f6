"""Hosts on one machine: each a network namespace with an address of its own, all of them on one switch.

What runs in a host reaches the others by their addresses and nothing else: the machine's own network is not in there.
A host is killed as a power cut would: its line goes dead and all that ran in it is gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.config import ROOT
from tests.house import wait_until

NETWORK = "10.77.9"


@dataclass
class Host:
    """One host: its name, its address, and what was started in it."""

    name: str
    address: str
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    is_dead: bool = False

    @property
    def entry(self) -> list[str]:
        """What stands before a command that is to run in the host."""
        return ["ip", "netns", "exec", self.name]

    def start(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a process in it; what it says is in `said.txt` of the host's folder."""
        with (self.folder / "said.txt").open("ab") as said:
            process = subprocess.Popen(
                [*self.entry, *command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                env=dict(environment) if environment is not None else None, start_new_session=True,
            )  # fmt: skip
        self.processes.append(process)
        return process

    def run(self, command: Sequence[str], environment: Mapping[str, str] | None = None, patience: float = 600) -> str:
        """Run a command in it to its end; what it printed.

        Raises:
            RuntimeError: it failed; the message has the end of what it said.
        """
        done = subprocess.run(
            [*self.entry, *command], cwd=ROOT, capture_output=True, text=True, timeout=patience, check=False,
            env=dict(environment) if environment is not None else None,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{self.name}: {' '.join(command)}: {(done.stdout + done.stderr)[-2000:]}")
        return done.stdout

    def numbers(self) -> list[int]:
        """The processes that run in it."""
        told = subprocess.run(["ip", "netns", "pids", self.name], capture_output=True, text=True, check=False)
        return [int(number) for number in told.stdout.split()]

    def kill(self) -> None:
        """Cut its line and kill all that runs in it, at once and for good."""
        self.is_dead = True
        subprocess.run([*self.entry, "ip", "link", "set", "eth0", "down"], check=True)
        self.end(signal.SIGKILL)

    def end(self, number: int = signal.SIGTERM, patience: float = 40) -> None:
        """Tell all that runs in it to end, and kill what has not ended after so many seconds."""
        self._tell(number)
        try:
            wait_until(lambda: not self.numbers(), patience)
        except AssertionError:
            self._tell(signal.SIGKILL)
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)

    def _tell(self, number: int) -> None:
        for one in self.numbers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, number)


@contextlib.contextmanager
def hosts(names: Sequence[str], folder: Path) -> Iterator[dict[str, Host]]:
    """Hosts of these names on one switch; with all that ran in them they are gone afterwards."""
    mark = f"cp{os.getpid()}"
    switch, made = f"{mark}-switch", {}
    _ip("netns", "add", switch)
    try:
        _ip("-n", switch, "link", "add", "name", "br0", "type", "bridge")
        _ip("-n", switch, "link", "set", "br0", "up")
        for place, name in enumerate(names):
            host = Host(f"{mark}-{name}", f"{NETWORK}.{11 + place}", folder / name)
            host.folder.mkdir(parents=True, exist_ok=True)
            made[name] = host
            _plug(host, switch, place)
        yield made
    finally:
        for host in reversed(made.values()):
            host.end(signal.SIGKILL if host.is_dead else signal.SIGTERM)
        for name in [*(host.name for host in made.values()), switch]:
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)


def _plug(host: Host, switch: str, place: int) -> None:
    _ip("netns", "add", host.name)
    _ip("link", "add", "eth0", "netns", host.name, "type", "veth", "peer", "name", f"port{place}", "netns", switch)
    _ip("-n", switch, "link", "set", f"port{place}", "master", "br0", "up")
    _ip("-n", host.name, "link", "set", "lo", "up")
    _ip("-n", host.name, "address", "add", f"{host.address}/24", "dev", "eth0")
    _ip("-n", host.name, "link", "set", "eth0", "up")


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.strip()}")


def wait_for_port(host: Host, address: str, port: int, patience: float = 120) -> None:
    """Until something listens there, as seen from a host."""
    asked = ["bash", "-c", f"exec 3<>/dev/tcp/{address}/{port}"]
    until = time.monotonic() + patience
    while subprocess.run([*host.entry, *asked], check=False, capture_output=True).returncode:
        if time.monotonic() > until:
            said = (host.folder / "said.txt").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"nothing listens on {address}:{port}. {said}")
        time.sleep(0.1)
