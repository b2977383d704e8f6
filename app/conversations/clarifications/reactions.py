"""What the worker does by itself: it reminds owners of questions that wait."""

from __future__ import annotations

from datetime import timedelta

from app.conversations.clarifications.queries import to_remind
from app.conversations.clarifications.service import remind
from app.foundation.web import Site

EVERY = timedelta(minutes=1)


def remind_owners(site: Site) -> None:
    """Remind whoever is to be reminded, looking once a minute; the lock for writing is taken only where somebody is."""
    now = site.clock.now()
    last = site.parts.get("clarifications.looked_at")
    if last is not None and now - last < EVERY:
        return
    with site.database.reading() as tx:
        is_due = bool(to_remind(tx, now))
    if is_due:
        with site.database.transaction() as tx:
            remind(tx, now)
    site.parts["clarifications.looked_at"] = now
