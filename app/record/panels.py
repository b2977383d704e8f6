"""On the page of a record: what happened to it, told to its own people and to the secretariat."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import Provider, reading, render_part
from app.record.queries import OWNED, history

surface("record.history.panel", "panel", *sorted(OWNED))


def history_on(kind: str) -> Provider:
    """The events of a record of this kind, newest first, in words; nothing for those whom they do not concern."""

    def draw(reader: Actor, ref: str) -> str:
        if not reader.is_signed_in:
            return ""
        with reading() as tx:
            rows = history(tx, reader, kind, ref)
            return render_part("record/_history.html", rows=rows, ref=ref) if rows else ""

    return draw
