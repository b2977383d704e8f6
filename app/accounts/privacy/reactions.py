"""What the worker forgets: accounts that were closed, and what is older than the data map says; once in a while."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.privacy.service import erase_closed, forget_old
from app.foundation.web import Site

EVERY = timedelta(minutes=5)
DAILY = timedelta(days=1)


def forget(site: Site) -> None:
    """Erase closed accounts every five minutes, and what is too old once a day."""
    now = site.clock.now()
    last, last_daily = site.parts.get("privacy.looked_at"), site.parts.get("privacy.forgot_at")
    if last is not None and now - last < EVERY:
        return
    with site.database.transaction() as tx:
        erase_closed(tx, now)
        if last_daily is None or now - last_daily >= DAILY:
            forget_old(tx, now)
            site.parts["privacy.forgot_at"] = now
    site.parts["privacy.looked_at"] = now
