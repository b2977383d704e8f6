"""What happens to needs by itself: those whose State has not objected in time are posted, looked after every minute."""

from __future__ import annotations

from datetime import timedelta

from app.foundation.web import Site
from app.needs.passing.service import post_due

EVERY = timedelta(minutes=1)


def post_unopposed(site: Site) -> None:
    """Post what is due, unless that was looked at within the minute."""
    now = site.clock.now()
    last = site.parts.get("needs.posted_at")
    if last is not None and now - last < EVERY:
        return
    with site.database.transaction() as tx:
        post_due(tx, now)
    site.parts["needs.posted_at"] = now
