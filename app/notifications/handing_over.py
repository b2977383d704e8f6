"""What a person follows goes to a colleague when the person leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from app.accounts.handing import acts_here_alone
from app.accounts.models import Membership
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


def count_followed(tx: Tx, leaver: Membership) -> int:
    """How many searches and records would go over; none, where the person goes on acting for somebody else."""
    if not acts_here_alone(leaver):
        return 0
    tables = (SavedSearch, Follow)
    counts = (select(func.count()).select_from(one).where(one.account_id == leaver.account_id) for one in tables)
    return sum(tx.scalar(count) or 0 for count in counts)


def move_followed(tx: Tx, leaver: Membership, successor: Membership, now: datetime) -> int:
    """Let a colleague follow them, where the person acts for nobody else."""
    return hand_over_subscriptions(tx, leaver.account_id, successor.account_id, now) if acts_here_alone(leaver) else 0
