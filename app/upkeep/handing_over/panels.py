"""On the page of a need or an organisation, for the secretariat: that nobody answers for it."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor, Permission, allowed
from app.foundation.web import now, reading, render_part
from app.needs.queries import find_need
from app.organisations.queries import readable_organisation
from app.upkeep.handing_over.queries import is_orphaned

surface("upkeep.orphan.panel", "panel", "need")


def orphaned_need(reader: Actor, ref: str) -> str:
    """That the organisation of a need has no focal point."""
    if not allowed(reader, Permission.UPKEEP_KEEP, now()):
        return ""
    with reading() as tx:
        need = find_need(tx, reader, ref)
        if need is None or not is_orphaned(tx, need.organisation_id):
            return ""
        return render_part("upkeep/_orphan.html")


def orphaned_organisation(reader: Actor, ref: str) -> str:
    """The same on the page of the organisation itself."""
    if not allowed(reader, Permission.UPKEEP_KEEP, now()):
        return ""
    with reading() as tx:
        organisation = readable_organisation(tx, reader, ref)
        if organisation is None or not is_orphaned(tx, organisation.id):
            return ""
        return render_part("upkeep/_orphan.html")
