"""The next sessions of a centre on the page of its organisation, with its calendar and its printed programme."""

from __future__ import annotations

from app.courses.calendar import queries
from app.courses.models import Course
from app.courses.queries import standing_of
from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import now, reading, render_part
from app.organisations.queries import readable_organisation

surface("course.centre.panel", "panel", "course")

NEXT = 5
"""So many of the next sessions are shown."""


def sessions_of_centre(reader: Actor, ref: str) -> str:
    """What a training centre teaches next; nothing for other organisations."""
    with reading() as tx:
        centre = readable_organisation(tx, reader, ref)
        if centre is None or centre.kind != "centre":
            return ""
        runs = queries.runs_from(tx, reader, now().date(), now(), Course.organisation_id == centre.id)
        held = [run.id for run in runs if not run.is_cancelled]
        return render_part(
            "courses/calendar/_centre.html",
            centre=centre,
            sessions=queries.sessions(tx, reader, held[:NEXT]),
            more=len(held) - NEXT,
            standing_of=lambda session: standing_of(session, now()),
        )
