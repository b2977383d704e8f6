"""Nominations on other pages: the seats of a session, what waits on the desk, and what covers a need's lines."""

from __future__ import annotations

from app.courses.rules import day_there
from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import now, reading, render_part
from app.nominations import queries, rules, seating
from app.nominations.seats import intake_of, window_of

surface("session.seats.panel", "panel", "course", "nomination")
surface("nomination.desk.panel", "panel", "nomination", "course")
SHOWN = 8


def seats_on_session(reader: Actor, session_ref: str) -> str:
    """The seats of a session, how they are given, and what this reader can do."""
    with reading() as tx:
        session = queries.readable_session(tx, reader, session_ref)
        if session is None:
            return ""
        window, why = window_of(session), None
        try:
            rules.check_open(window, day_there(now(), session.time_zone))
        except rules.MoveRefused as error:
            why = error.reason
        return render_part(
            "nominations/_on_session.html", run=session, course=session.course, window=window, is_open=why is None,
            seats=queries.seats_of(tx, [session])[session.id], intake=intake_of(tx, session), seating=seating, why=why,
            mine=queries.nominations_in(tx, reader, session.id) if reader.is_signed_in else [],
        )  # fmt: skip


def desk_nominations(reader: Actor, _ref: str) -> str:
    """What waits for this person: candidates to decide on, and results to confirm."""
    with reading() as tx:
        waiting = queries.to_do(tx, reader)
        if not waiting:
            return ""
        return render_part("nominations/_on_desk.html", waiting=waiting, shown=SHOWN, rules=rules)
