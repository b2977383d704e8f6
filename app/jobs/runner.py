"""One program, one piece of work: takes it, does it, and says what came of it, whatever happens on the way."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog

from app.foundation.filing.files import store_file
from app.foundation.messages import Message
from app.foundation.web import Site
from app.jobs import rules, service
from app.jobs.models import Job
from app.jobs.progress import JobHandedBack, JobStopped, Progress
from app.jobs.queries import job_by_ref
from app.jobs.starting import HANDLERS, JobRefused, Outcome

log = structlog.get_logger()


def work_through(site: Site, ref: str, goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Do the work with this reference, if it is there to be taken; whether it was.

    Once `goes_on` says no, the work is handed back at its next sign of life and waits for another program.
    """
    runner = secrets.token_urlsafe(12)
    with site.database.transaction() as tx:
        if not service.claim_job(tx, ref, runner, site.clock.wall(), site.clock.now()):
            return False
    with site.database.reading() as tx:
        job = job_by_ref(tx, ref)
    assert job is not None
    try:
        outcome = HANDLERS[job.kind](site, job, Progress(site, ref, runner, goes_on))
    except JobHandedBack:
        with site.database.transaction() as tx:
            service.hand_back(tx, ref, runner, counts=False)
    except JobStopped:
        _end(site, ref, runner, rules.STOPPED, rules.WAS_STOPPED)
    except JobRefused as refused:
        _end(site, ref, runner, rules.FAILED, refused.message)
    except Exception as error:  # noqa: BLE001 - whatever breaks, a person is told in words
        _end(site, ref, runner, rules.FAILED, _fault(job, error))
    else:
        _end(site, ref, runner, rules.DONE, outcome.message, outcome)
    return True


def _fault(job: Job, error: Exception) -> Message:
    """A number that a person can quote, and the whole story in the log."""
    fault = secrets.token_hex(4).upper()
    log.error("work in the background failed", fault=fault, job=job.ref, kind=job.kind, exc_info=error)
    return Message(rules.BROKE.text, {"fault": fault})


def _end(site: Site, ref: str, runner: str, state: str, words: Message, outcome: Outcome | None = None) -> None:
    """Say what came of it, unless somebody else has the work meanwhile; the file is there before it is spoken of."""
    file = outcome.file if outcome else None
    digest = store_file(site.files, file.content, below=f"{service.FOLDER}/") if file else ""
    with site.database.transaction() as tx:
        job = job_by_ref(tx, ref)
        if job is None or job.runner != runner or job.is_over:
            return
        if outcome is not None:
            job.link, job.done = outcome.link, job.total
        if file is not None:
            job.file_name, job.file_type, job.file_sha256 = file.name, file.media_type, digest
        service.end_job(tx, job, state, words, site.clock.now())
