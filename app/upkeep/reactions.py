"""What the worker does by itself: it asks owners about what is due, and keeps when needs were circulated."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy.exc import IntegrityError

from app.foundation.web import Site
from app.upkeep.asking.queries import due_records, needs_to_ask, unsent
from app.upkeep.asking.service import note_due, write_due
from app.upkeep.clocks.queries import circulated_by_matches
from app.upkeep.clocks.service import note_circulated

EVERY = timedelta(minutes=10)


def tend_records(site: Site) -> None:
    """Ask whoever is to be asked, looking every ten minutes; the lock for writing is taken only where there is work."""
    now = site.clock.now()
    last = site.parts.get("upkeep.tended_at")
    if last is not None and now - last < EVERY:
        return
    with site.database.reading() as tx:
        is_due = any(True for _due in due_records(tx, now.date())) or any(True for _need in needs_to_ask(tx, now))
        is_due = is_due or bool(unsent(tx)) or bool(circulated_by_matches(tx))
    if is_due:
        # Where another worker asks the same people at this instant, that one's mails are the ones that are sent.
        with suppress(IntegrityError), site.database.transaction() as tx:
            note_due(tx, now)
            write_due(tx, urlsplit(site.settings.public_url).hostname or "localhost", now)
            note_circulated(tx, now)
    site.parts["upkeep.tended_at"] = now
