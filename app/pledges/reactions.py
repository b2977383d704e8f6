"""Pledges that nobody answered in time lapse by themselves, looked after once an hour."""

from __future__ import annotations

from datetime import timedelta

from app.foundation.web import Site
from app.pledges.service import lapse_pledges

EVERY = timedelta(hours=1)


def lapse_due(site: Site) -> None:
    """Let the pledges lapse whose day has passed, unless that was looked at within the hour."""
    now = site.clock.now()
    last = site.parts.get("pledges.lapsed_at")
    if last is not None and now - last < EVERY:
        return
    with site.database.transaction() as tx:
        lapse_pledges(tx, now)
    site.parts["pledges.lapsed_at"] = now
