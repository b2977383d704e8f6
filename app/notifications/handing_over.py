"""What a person follows goes to a colleague when the person leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.foundation.db import Tx
from app.notifications.following.models import Follow
from app.search.models import SavedSearch


def hand_over_subscriptions(tx: Tx, from_account_id: int, to_account_id: int, now: datetime) -> int:
    """Give a colleague the searches and the records that somebody follows; how many were moved.

    What the colleague follows already goes. A search takes along what it has found, so that nothing is announced a
    second time; with the colleague's own rights it is compared anew at once, and what only these show is announced.
    """
    moved = 0
    addresses = set(tx.scalars(select(SavedSearch.address).where(SavedSearch.account_id == to_account_id)))
    for saved in tx.scalars(select(SavedSearch).where(SavedSearch.account_id == from_account_id)):
        if saved.address in addresses:
            tx.delete(saved)
            continue
        saved.account_id, saved.looked_at, saved.swept_at = to_account_id, now, None
        moved += 1
    query = select(Follow.record_kind, Follow.record_ref).where(Follow.account_id == to_account_id)
    known = {(kind, ref) for kind, ref in tx.execute(query)}
    for follow in tx.scalars(select(Follow).where(Follow.account_id == from_account_id)):
        if (follow.record_kind, follow.record_ref) in known:
            tx.delete(follow)
            continue
        follow.account_id = to_account_id
        moved += 1
    return moved
