"""On the desk: of what this person's organisations are still asked what they learned."""

from __future__ import annotations

from app.closing.queries import asked_of
from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part

surface("closing.desk", "panel", "need", "programme", "course")
SHOWN = 5


def desk_asked(reader: Actor, _ref: str) -> str:
    """The questions that wait; nothing where there are none."""
    with reading() as tx:
        asked = asked_of(tx, reader)
        return render_part("closing/_on_desk.html", asked=asked, shown=SHOWN) if asked else ""
