"""What kinds of work there are, and how the worker lets a program of its own do the next piece of it.

Work of minutes must not keep people from being told and records from being found: the worker starts one program at a
time and goes on. It lives when that program dies, and so does the work, which is taken up again.
"""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from app.foundation.messages import Message
from app.foundation.web import Site
from app.jobs import rules, service
from app.jobs.models import Job
from app.jobs.progress import Progress
from app.jobs.queries import job_by_ref, next_job

log = structlog.get_logger()

BETWEEN_LOOKS = 0.5
"""Seconds after which the worker looks again whether work waits."""
BETWEEN_CLEANINGS = 3600.0
DEATH_OF_PARENT = 1


@dataclass(frozen=True)
class ResultFile:
    """A file that came of work: how it is called, what it is (a media type), and what is in it."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Outcome:
    """What came of work: in words, and maybe a file to take along, or a local address where it can be seen."""

    message: Message
    file: ResultFile | None = None
    link: str = ""


class JobRefused(Exception):
    """The work cannot be done as it was asked for; the message says to its person why, and how to mend it."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


Handler = Callable[[Site, Job, Progress], Outcome]
"""Does the work: it opens its own transactions, and tells its progress outside of them at least once in a minute."""

HANDLERS: dict[str, Handler] = {}


def register_job(kind: str, handler: Handler) -> None:
    """Say who does work of this kind; higher features do so from the wiring."""
    HANDLERS[kind] = handler


@dataclass
class _Child:
    """The program that the worker has started, the work it is to do, and when the worker has last looked."""

    process: subprocess.Popen[bytes] | None = None
    ref: str = ""
    looked_at: float = 0.0
    cleaned_at: float = -BETWEEN_CLEANINGS


def tend_jobs(site: Site) -> None:
    """See how the program fares, or start one for the oldest work. The worker calls it all the time."""
    child: _Child = site.parts.setdefault("jobs", _Child())
    moment = time.monotonic()
    if moment - child.looked_at < BETWEEN_LOOKS:
        return
    child.looked_at = moment
    if child.process is not None and child.process.poll() is None:
        return
    if child.process is not None:
        _buried(site, child)
    _start_next(site, child)


def tend_results(site: Site) -> None:
    """Remove the files whose time is up; looked for once in an hour."""
    child: _Child = site.parts.setdefault("jobs", _Child())
    moment = time.monotonic()
    if moment - child.cleaned_at < BETWEEN_CLEANINGS:
        return
    child.cleaned_at = moment
    with site.database.transaction() as tx:
        service.forget_results(tx, site.files, site.clock.now(), site.clock.wall())


def _buried(site: Site, child: _Child) -> None:
    """The program has ended: what it has left unfinished waits once more, without waiting for its silence."""
    assert child.process is not None
    code, child.process = child.process.returncode, None
    with site.database.transaction() as tx:
        job = job_by_ref(tx, child.ref)
        if job is not None and job.state == rules.RUNNING:
            log.warning("the program that worked in the background ended before its work", job=child.ref, code=code)
            service.hand_back(tx, job.ref, job.runner, counts=True)


def _start_next(site: Site, child: _Child) -> None:
    with site.database.reading() as tx:
        job = next_job(tx, site.clock.wall())
    if job is None:
        return
    if not rules.may_try_again(job.tries):
        with site.database.transaction() as tx:
            lost = job_by_ref(tx, job.ref)
            if lost is not None and not lost.is_over:
                service.give_up(tx, lost, site.clock.now())
        return
    child.ref, child.process = job.ref, _process_for(job.ref)


def _process_for(ref: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flask", "--app", "app", "work-through", ref]
    return subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=subprocess.DEVNULL,
        cwd=Path(__file__).resolve().parents[2],
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - the worker has no threads
    )


def _end_with_parent() -> None:
    # If the worker is killed outright, its program hands its work back instead of living on unseen.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DEATH_OF_PARENT, signal.SIGTERM)
