"""Keeps the two halves of the site going, the pages and the worker: starts them, watches them, starts again what ends.

`python -m app.serve` prints one line `ready URL` when the first page can be fetched, and ends with both halves on
SIGTERM or Ctrl-C. It ends by itself, with 1, if the pages cannot be served at all. With `--only web` or `--only worker`
it looks after that half alone, for a site on several machines; with `--is-ready` it only asks the pages of this
machine whether they are ready.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.answering import answers, say_whether_ready
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
HALVES = ("web", "worker")


@dataclass
class Half:
    """One of the two processes: how it is started, and how patiently it is started again."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    not_before: float = 0.0
    wait: float = field(default=FIRST_WAIT)

    def start(self) -> None:
        """Start it, in a session of its own: Ctrl-C goes to the supervisor, which ends it in order."""
        self.process = subprocess.Popen(  # noqa: S603 - our own programs
            self.command,
            env={**os.environ, **self.environment},
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

    def is_running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        """Let it finish what it has begun, and begin nothing else."""
        if self.process is not None and self.is_running():
            self.process.terminate()

    def end(self, until: float) -> None:
        """Wait for its end up to this moment of the monotonic clock, and kill it if it will not."""
        if self.process is None:
            return
        try:
            self.process.wait(max(until - time.monotonic(), 0.1))
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
        "app:create_lasting_app",
    ]


def worker_command() -> list[str]:
    """How the worker is run."""
    return [sys.executable, "-m", "flask", "--app", "app", "worker"]


def serve(settings: Settings, goes_on: Callable[[], bool], names: Sequence[str] = HALVES) -> int:
    """Run the halves of these names until told to stop; 1 if the pages could not be served in the first place."""
    taken = why_port_cannot_be_used(settings) if "web" in names else ""
    if taken:
        tell(taken)
        return 1
    with ExitStack() as kept:
        note = None
        if settings.drain:
            # The pages look whether this file is there, and say so, while they still answer.
            note = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="counterpart-"))) / "stopping"
        told = {"COUNTERPART_STOPPING_FILE": str(note)} if note else {}
        web, worker = Half("web process", web_command(settings), told), Half("worker", worker_command())
        halves = [half for name, half in zip(HALVES, (web, worker), strict=True) if name in names]
        try:
            return watch(settings, halves, goes_on)
        finally:
            tell_manager("STOPPING=1")
            stop(replace(settings, stopping_file=note), halves)


def watch(settings: Settings, halves: Sequence[Half], goes_on: Callable[[], bool]) -> int:
    """Start the halves, say when the site is ready, and start again what ends."""
    web = next((half for half in halves if half.name == "web process"), None)
    for half in halves:
        half.start()
    is_ready = False
    while goes_on():
        if not is_ready and web is not None and not web.is_running() and web.process is not None:
            tell(f"the site could not be started (the web process ended with {web.process.returncode}): see above")
            return 1
        if not is_ready and (web is None or answers(settings)):
            is_ready = True
            said = [*sign_ins(settings), f"ready {settings.public_url}"] if web else ["ready worker"]
            sys.stdout.write("".join(f"{line}\n" for line in said))
            sys.stdout.flush()
            tell_manager("READY=1")
        for half in halves:
            half.look_after(time.monotonic())
        time.sleep(PAUSE)
    return 0


def stop(settings: Settings, halves: Sequence[Half]) -> None:
    """End the halves in order: the worker at once, the pages when whoever sends people here has had time to notice."""
    for half in halves:
        if half.name != "web process":
            half.ask_to_end()
    web = next((half for half in halves if half.name == "web process"), None)
    if web is not None and settings.stopping_file is not None:
        settings.stopping_file.touch()
        until = time.monotonic() + settings.drain
        while web.is_running() and time.monotonic() < until:
            time.sleep(PAUSE)
    until = time.monotonic() + SECONDS_TO_END
    for half in halves:
        half.ask_to_end()
    for half in halves:
        half.end(until)


def tell_manager(state: str) -> None:
    """Tell systemd, where it has started the site, how far it is."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way, suppress(OSError):
        way.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)


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


def wishes(words: Sequence[str] | None) -> argparse.Namespace:
    """What is asked for at the terminal."""
    parser = argparse.ArgumentParser(prog="python -m app.serve", description=__doc__)
    parser.add_argument("--only", choices=HALVES, help="look after this half alone")
    parser.add_argument("--is-ready", action="store_true", help="ask whether the pages of this machine are ready")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Serve until a signal says otherwise; 2 if the settings cannot be used."""
    wanted = wishes(words)
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        tell(str(error))
        return 2
    if wanted.is_ready:
        return say_whether_ready(settings)
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: stopped.append(received))
    return serve(settings, lambda: not stopped, [wanted.only] if wanted.only else HALVES)


if __name__ == "__main__":
    raise SystemExit(main())
