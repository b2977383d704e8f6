"""What a person has let the site do in the background: the list, how far each is, and what came of it."""

from __future__ import annotations

from typing import Any

from werkzeug.utils import send_file

from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.filing.downloads import SANDBOX
from app.foundation.languages import say
from app.foundation.permissions import Permission
from app.foundation.references import tidy_reference
from app.foundation.web import (
    actor,
    blueprint,
    current_language,
    found,
    gettext,
    now,
    reading,
    render,
    request,
    route,
    see,
    site,
    url_for,
)
from app.jobs import queries, rules, service
from app.jobs.models import Job
from app.jobs.words import how_far

bp = blueprint("jobs", "/work")

LIST = surface("jobs.list", "list", "job")
PAGE = surface("jobs.page", "page", "job")
FILE = surface("jobs.file", "file", "job")


@route(bp, "", Permission.DESK_READ, LIST)
def index() -> Any:
    """This person's own work, newest first."""
    with reading() as tx:
        page = queries.jobs_of(tx, actor(), request.args.get("page"))
    return render(
        "jobs/index.html", page=page, rules=rules, how_far=how_far,
        url_for_page=lambda number: url_for("jobs.index", page=number),
    )  # fmt: skip


@route(bp, "/<ref>", Permission.DESK_READ, PAGE)
def page(ref: str) -> Any:
    """How far one piece of work is, and what came of it."""
    with reading() as tx:
        job = _own(tx, ref)
    has_file = queries.may_have_file(actor(), job, now())
    until = rules.result_ends_at(job.ended_at) if job.ended_at else None
    return render("jobs/page.html", job=job, rules=rules, how_far=how_far, has_file=has_file, until=until)


@route(bp, "/<ref>/progress", Permission.DESK_READ, PAGE)
def progress(ref: str) -> Any:
    """The same as few numbers and a sentence, for the page that asks again by itself."""
    with reading() as tx:
        job = _own(tx, ref)
    words = say(how_far(job), current_language())
    return {"over": job.is_over, "state": job.state, "done": job.done, "total": job.total, "words": words}


@route(bp, "/<ref>/stop", Permission.DESK_READ, PAGE, ("POST",))
def stop(ref: str) -> Any:
    """Stop it."""
    with site().database.transaction() as tx:
        job = _own(tx, ref)
        if job.is_over:
            return see("jobs.page", gettext("It had ended already."), "info", ref=job.ref)
        service.stop_job(tx, actor(), job, now())
        ref = job.ref
    return see("jobs.page", gettext("It stops at its next step."), ref=ref)


@route(bp, "/<ref>/file", Permission.DESK_READ, FILE)
def file(ref: str) -> Any:
    """The file that came of it, for as long as the person may read all that is in it."""
    with reading() as tx:
        job = _own(tx, ref)
    found(queries.may_have_file(actor(), job, now()) or None)
    path = found(queries.result_path(site().files, job))
    answer = send_file(
        path, request.environ, mimetype=job.file_type, as_attachment=True, download_name=job.file_name
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _own(tx: Tx, ref: str) -> Job:
    job: Job = found(queries.find_job(tx, actor(), tidy_reference(ref)))
    return job
