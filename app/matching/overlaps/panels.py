"""On the page of a programme: the others that seem to do the same, with the reasons."""

from __future__ import annotations

from sqlalchemy.orm import selectinload

from app.foundation.disclosure import readable, surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.matching.overlaps.queries import overlaps_of
from app.programmes.models import Programme

surface("programme.alike.panel", "panel", "programme")
SHOWN = 3


def alike_on_programme(reader: Actor, ref: str) -> str:
    """The others that do something alike; nothing where there are none."""
    with reading() as tx:
        query = readable(reader, Programme).where(Programme.ref == ref, Programme.is_published)
        programme = tx.scalar(query.options(selectinload(Programme.organisation)))
        found = overlaps_of(tx, reader, programme) if programme else []
        return render_part("matching/_alike.html", found=found, shown=SHOWN) if found else ""
