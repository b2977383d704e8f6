"""Keeps the two halves of the site going, the pages and the worker: starts them, watches them, starts again what ends.

`python -m app.serve` prints one line `ready URL` when the first page can be fetched, and ends with both halves on
SIGTERM or Ctrl-C. It ends by itself, with 1, if the pages cannot be served at all.
"""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.config import Settings, SettingsError
from app.foundation import logs
from app.foundation.clock import Clock

LOG_OF_SERVER = Path(__file__).with_name("server_log.json")
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
# A half that ran this long was well: when it ends, it is started again without delay.
LONG_RUN = 60.0
PAUSE = 0.1
# Granian lets requests under way finish; what has not ended after this long is killed.
SECONDS_TO_END = 15.0
# A body that comes slowly holds a thread until it is there; a proxy before the site takes in whole requests.
THREADS = 12
# Milliseconds in which the head of a request has to be there, also over a slow line.
TIME_FOR_HEAD = 10_000
DEATH_OF_PARENT = 1


@dataclass
class Half:
    """One of the two processes: how it is started, and how patiently it is started again."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    not_before: float = 0.0
    wait: float = field(default=FIRST_WAIT)

    def start(self) -> None:
        """Start it, in a session of its own: Ctrl-C goes to the supervisor, which ends it in order."""
        self.process = subprocess.Popen(  # noqa: S603 - our own programs
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - the supervisor has no threads
        )
        self.started_at = time.monotonic()

    def look_after(self, now: float) -> None:
        """Start it again if it has ended, after a wait that doubles each time it ends soon."""
        if self.process is not None and self.process.poll() is not None:
            self._end_rest()
            code, self.process = self.process.returncode, None
            self.wait = FIRST_WAIT if now - self.started_at > LONG_RUN else min(self.wait * 2, LONGEST_WAIT)
            self.not_before = now + self.wait
            tell(f"the {self.name} ended with {code}; starting it again in {self.wait:g} seconds")
        if self.process is None and now >= self.not_before:
            self.start()

    def end(self) -> None:
        """Ask it to end, and kill it if it will not."""
        if self.process is None or self.process.poll() is not None:
            self._end_rest()
            return
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            tell(f"the {self.name} does not end; killing it")
            self.process.kill()
            self.process.wait()
        self._end_rest()

    def _end_rest(self) -> None:
        # Killed outright, the first process of the web server leaves the one that answers behind: it would hold the
        # port, and go on answering beside the new one for ever.
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _end_with_parent() -> None:
    # If the supervisor is killed outright, its halves should not live on and hold the port.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DEATH_OF_PARENT, signal.SIGTERM)


def web_command(settings: Settings) -> list[str]:
    """How the pages are served: one process with several threads, on the address of the settings."""
    address = ["--host", settings.host, "--port", str(settings.port)]
    size = ["--workers", "1", "--blocking-threads", str(THREADS), "--workers-kill-timeout", "10"]
    patience = ["--http1-header-read-timeout", str(TIME_FOR_HEAD)]
    quiet = ["--no-ws", "--log-level", "error", "--log-config", str(LOG_OF_SERVER)]
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--factory",
        *address,
        *size,
        *patience,
        *quiet,
        "app:create_app",
    ]


def worker_command() -> list[str]:
    """How the worker is run."""
    return [sys.executable, "-m", "flask", "--app", "app", "worker"]


def serve(settings: Settings, goes_on: Callable[[], bool]) -> int:
    """Run both halves until told to stop; 1 if the pages could not be served in the first place."""
    taken = why_port_cannot_be_used(settings)
    if taken:
        tell(taken)
        return 1
    web, worker = Half("web process", web_command(settings)), Half("worker", worker_command())
    web.start()
    worker.start()
    is_ready = False
    try:
        while goes_on():
            if not is_ready and web.process is not None and web.process.poll() is not None:
                tell(f"the site could not be started (the web process ended with {web.process.returncode}): see above")
                return 1
            if not is_ready and answers(settings):
                is_ready = True
                sys.stdout.write("".join(f"{line}\n" for line in [*sign_ins(settings), f"ready {settings.public_url}"]))
                sys.stdout.flush()
            for half in (web, worker):
                half.look_after(time.monotonic())
            time.sleep(PAUSE)
    finally:
        for half in (web, worker):
            half.end()
    return 0


def why_port_cannot_be_used(settings: Settings) -> str:
    """A sentence on why nothing can listen there, or nothing."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except PermissionError:
            return f"Port {settings.port} may only be used by root: choose one above 1023, e.g. PORT=5000 make run"
        except OSError as error:
            other = settings.port + 1
            return (
                f"Nothing can listen on {settings.host} port {settings.port} ({error.strerror}). If another program "
                f"uses it, stop that one or choose another port: PORT={other} make run"
            )
    return ""


def answers(settings: Settings) -> bool:
    """Whether the site answers that it lives."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - read, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def sign_ins(settings: Settings) -> list[str]:
    """How one signs in to a demonstration, one person of each kind and role; nothing on a site with real data."""
    file = settings.data_dir / "demo-accounts.json"
    if settings.production or not settings.demonstration or not file.exists():
        return []
    people = json.loads(file.read_text(encoding="utf-8"))
    first = {(p["kind"], p["role"]): p for p in reversed(people)}
    width = max((len(p["email"]) for p in first.values()), default=0)
    said = f"To sign in, as one of these invented people (all are in {file}; a second step shows its code):"
    return [said] + [
        f"  {kind:12} {role:12} {p['email']:{width}}  {p['password']}" for (kind, role), p in reversed(first.items())
    ]


def tell(sentence: str) -> None:
    """Say something to the person at the terminal; where nobody sits, it is a line of the log."""
    is_watched = sys.stderr.isatty()
    said = f"counterpart: {sentence}" if is_watched else logs.line_of(sentence, "warning", Clock().wall())
    sys.stderr.write(f"{said}\n")
    sys.stderr.flush()


def main() -> int:
    """Serve until a signal says otherwise; 2 if the settings cannot be used."""
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        tell(str(error))
        return 2
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: stopped.append(received))
    return serve(settings, lambda: not stopped)


if __name__ == "__main__":
    raise SystemExit(main())
