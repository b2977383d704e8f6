"""The searches that a person follows go to a colleague, where the person followed them for one organisation alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from app.accounts.handing import acts_here_alone
from app.accounts.models import Membership
from app.foundation.db import Tx
from app.search.models import SavedSearch


def count_searches(tx: Tx, leaver: Membership) -> int:
    """How many searches would go over."""
    if not acts_here_alone(leaver):
        return 0
    query = select(func.count()).select_from(SavedSearch).where(SavedSearch.account_id == leaver.account_id)
    return tx.scalar(query) or 0


def move_searches(tx: Tx, leaver: Membership, successor: Membership, _now: datetime) -> int:
    """Let a colleague follow them; one that the colleague follows already stays as it is."""
    if not acts_here_alone(leaver):
        return 0
    own = tx.scalars(select(SavedSearch).where(SavedSearch.account_id == leaver.account_id)).all()
    known = set(tx.scalars(select(SavedSearch.address).where(SavedSearch.account_id == successor.account_id)))
    for search in own:
        if search.address in known:
            tx.delete(search)
        else:
            search.account_id = successor.account_id
    return len(own)
