"""What the worker does for sessions by itself: seats that nobody confirmed go to the next, old personal data goes."""

from __future__ import annotations

from datetime import timedelta

from app.foundation.web import Site
from app.nominations.forgetting import forget_due
from app.nominations.seats import sessions_to_look_after
from app.nominations.service import look_after
from app.nominations.sheet.keeping import drop_old

EVERY = timedelta(minutes=1)


def tend_sessions(site: Site) -> None:
    """Look after the sessions, once a minute; each in a transaction of its own."""
    now = site.clock.now()
    last = site.parts.get("nominations.tended_at")
    if last is not None and now - last < EVERY:
        return
    with site.database.reading() as tx:
        numbers = sessions_to_look_after(tx, now)
    for number in numbers:
        with site.database.transaction() as tx:
            look_after(tx, number, now)
    with site.database.transaction() as tx:
        forget_due(tx, now)
        drop_old(tx, now)
    site.parts["nominations.tended_at"] = now
