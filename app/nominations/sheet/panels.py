"""What the list of a session's candidates links to: the sheet for many at once, and the list as a file."""

from __future__ import annotations

from app.courses.rules import day_there
from app.foundation.permissions import Actor
from app.foundation.web import now, reading, render_part
from app.nominations import rules
from app.nominations.queries import nominations_in, readable_session
from app.nominations.seats import window_of


def sheet_actions(reader: Actor, session_ref: str) -> str:
    """The links, as far as this reader may follow them."""
    with reading() as tx:
        session = readable_session(tx, reader, session_ref)
        if session is None:
            return ""
        is_open = True
        try:
            rules.check_open(window_of(session), day_there(now(), session.time_zone))
        except rules.MoveRefused:
            is_open = False
        return render_part(
            "nominations/sheet/_actions.html", run=session, course=session.course, is_open=is_open,
            has_people=bool(nominations_in(tx, reader, session.id)),
        )  # fmt: skip
