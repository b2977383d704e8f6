"""What happens to lessons by itself: those whose day of review has passed are noticed, looked for every few minutes."""

from __future__ import annotations

from datetime import timedelta

from app.foundation.web import Site
from app.lessons.renewal.service import notice_due

EVERY = timedelta(minutes=10)


def look_again(site: Site) -> None:
    """Notice what is due, unless that was looked at a few minutes ago."""
    now = site.clock.now()
    last = site.parts.get("lessons.looked_at")
    if last is not None and now - last < EVERY:
        return
    with site.database.transaction() as tx:
        notice_due(tx, now)
    site.parts["lessons.looked_at"] = now
