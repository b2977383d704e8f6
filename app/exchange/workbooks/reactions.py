"""Once a day the worker forgets the workbooks whose week is over."""

from __future__ import annotations

from datetime import timedelta

from app.exchange.workbooks.keeping import forget_old
from app.foundation.web import Site

DAILY = timedelta(days=1)
LOOKED = "workbooks.looked_at"


def forget_workbooks(site: Site) -> None:
    """Drop what nobody goes on with."""
    now, last = site.clock.now(), site.parts.get(LOOKED)
    if last is not None and now - last < DAILY:
        return
    with site.database.transaction() as tx:
        forget_old(tx, site.files, now)
    site.parts[LOOKED] = now
