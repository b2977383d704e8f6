"""What an organisation has posted, drawn on its page for whoever reads."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.organisations.queries import readable_organisation
from app.overview.desk_queries import shelves_of
from app.overview.words import KINDS, LISTS

surface("organisation.records.panel", "panel", "need", "programme", "course", "lesson", "output")


def organisation_records(reader: Actor, ref: str) -> str:
    """The latest records of each kind that the organisation owns and this reader may see."""
    with reading() as tx:
        organisation = readable_organisation(tx, reader, ref)
        if organisation is None:
            return ""
        shelves = shelves_of(tx, reader, [organisation.id])
        return render_part("overview/_organisation_records.html", shelves=shelves, kinds=KINDS, lists=LISTS)
