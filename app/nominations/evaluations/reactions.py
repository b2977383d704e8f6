"""What the worker does by itself: it asks those who took part, the day after the last one and six months later."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from app.foundation.web import Site
from app.nominations.evaluations.queries import people_to_ask
from app.nominations.evaluations.service import ask_due

EVERY = timedelta(minutes=1)


def ask_people(site: Site) -> None:
    """Ask whoever is to be asked, looking once a minute; the lock for writing is taken only where there is somebody."""
    now = site.clock.now()
    last = site.parts.get("evaluations.asked_at")
    if last is not None and now - last < EVERY:
        return
    with site.database.reading() as tx:
        is_due = next(people_to_ask(tx, now), None) is not None
    if is_due:
        # Where another worker asks the same people at this instant, that one's mails are the ones that are sent.
        with suppress(IntegrityError), site.database.transaction() as tx:
            ask_due(tx, site.settings, now)
    site.parts["evaluations.asked_at"] = now
