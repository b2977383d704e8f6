"""Meetings on other pages: on that of a country, and on the desk what a person's organisations have still to do."""

from __future__ import annotations

from app.coordination import rules
from app.coordination.forms import CONVENE
from app.coordination.queries import on_country, points_owed
from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import now, reading, render_part

surface("country.meetings.panel", "panel", "meeting", "need", "programme", "course", "lesson", "pledge")
surface("meeting.desk.panel", "panel", "meeting")
SHOWN = 8


def country_meetings(reader: Actor, iso2: str) -> str:
    """The next meeting on a country with its agenda, what is still to be done, and the meetings before."""
    with reading() as tx:
        found = on_country(tx, reader, iso2, now().date())
        may_convene = bool(reader.of_kind(*CONVENE))
        if not (found.total or may_convene):
            return ""
        return render_part(
            "coordination/_on_country.html", found=found, code=iso2, rules=rules, may_convene=may_convene
        )


def desk_points(reader: Actor, _ref: str) -> str:
    """What this person's organisations have still to do, overdue first."""
    with reading() as tx:
        owed = points_owed(tx, reader, now().date())
        return render_part("coordination/_on_desk.html", owed=owed, shown=SHOWN) if owed else ""
