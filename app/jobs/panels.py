"""On the desk: what the site is doing for this person, and what has ended within the last day."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import now, reading, render_part
from app.jobs import rules
from app.jobs.queries import jobs_on_desk
from app.jobs.words import how_far

surface("jobs.desk", "panel", "job")


def desk_jobs(reader: Actor, _ref: str) -> str:
    """The work with how far it is; nothing where there is none."""
    if not reader.is_signed_in:
        return ""
    with reading() as tx:
        jobs = jobs_on_desk(tx, reader, now())
    return render_part("jobs/_on_desk.html", jobs=jobs, rules=rules, how_far=how_far) if jobs else ""
