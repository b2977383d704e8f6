"""The seat exchange elsewhere: seats on the page of a need, lines of needs on a session's list of candidates."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor, Permission, allowed
from app.foundation.web import now, reading, render_part
from app.needs.queries import find_need
from app.nominations.exchange.queries import lines_for_session, seats_for_need
from app.nominations.queries import readable_session

surface("need.seats.panel", "panel", "need", "course")
surface("session.lines.panel", "panel", "course", "need")
SHOWN = 5
"""So many sessions, or lines, are named."""


def seats_on_need(reader: Actor, need_ref: str) -> str:
    """Sessions with free seats that fit lines of this need; its focal point can put somebody forward at once."""
    with reading() as tx:
        need = find_need(tx, reader, need_ref)
        found = seats_for_need(tx, reader, need, now(), SHOWN) if need is not None else []
        if need is None or not found:
            return ""
        may_nominate = allowed(reader, Permission.NOMINATION_MAKE, now(), need)
        return render_part("seats/_on_need.html", need=need, found=found, may_nominate=may_nominate)


def lines_on_session(reader: Actor, session_ref: str) -> str:
    """Lines of open needs that a free seat could serve, for the centre on its list of candidates."""
    with reading() as tx:
        session = readable_session(tx, reader, session_ref)
        if session is None or not allowed(reader, Permission.COURSE_AMEND, now(), session):
            return ""
        found = lines_for_session(tx, reader, session, now(), SHOWN)
        return render_part("seats/_on_session.html", found=found) if found else ""
