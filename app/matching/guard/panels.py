"""On the desk and in the list of programmes: how many of an import wait for this person's answer."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.matching.guard.holding import held_for

surface("programme.held.panel", "panel", "programme")


def held_waiting(reader: Actor, _ref: str) -> str:
    """How many wait, and where they are answered; nothing where there are none."""
    with reading() as tx:
        waiting = held_for(tx, reader) if reader.is_signed_in else []
        return render_part("matching/_held.html", number=len(waiting)) if waiting else ""
