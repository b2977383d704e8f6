"""What the worker looks after once an hour: days that are near."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.exc import IntegrityError

from app.foundation.web import Site
from app.notifications.deadlines.news import near_days
from app.notifications.deadlines.rules import LOOK_EVERY
from app.notifications.queries import known_notices
from app.notifications.telling import Telling


def tell_of_deadlines(site: Site) -> None:
    """Tell whom a near day concerns, once; the lock for writing is taken only where there is somebody to tell."""
    now = site.clock.now()
    last = site.parts.get("deadlines.looked_at")
    if last is not None and now - last < LOOK_EVERY:
        return
    with site.database.reading() as tx:
        telling = Telling(tx, site.settings)
        near_days(telling, now)
        known = known_notices(tx, (one.account_id for one in telling.notices), (one.cause for one in telling.notices))
    if {(one.account_id, one.cause) for one in telling.notices} - known.keys():
        # Where another worker tells the same at this instant, that one's notices are the ones that stay.
        with suppress(IntegrityError), site.database.transaction() as tx:
            telling.write(tx, now)
    site.parts["deadlines.looked_at"] = now
