"""What the health of the site is read from."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.foundation.db import Tx
from app.foundation.filing.files import Attachment
from app.foundation.outbox import MOST_ATTEMPTS, OutboxRow

LONGEST_WAIT = timedelta(minutes=5)


def database_answers(tx: Tx) -> None:
    """Ask the database anything at all."""
    tx.execute(select(1))


def files_unscanned_since(tx: Tx, now: datetime) -> int:
    """How many files have waited for the scanner for more than five minutes."""
    query = select(func.count()).where(Attachment.state == "waiting", Attachment.uploaded_at < now - LONGEST_WAIT)
    return tx.scalar(query) or 0


def outbox_is_moving(tx: Tx, now: datetime) -> bool:
    """Whether no fact has waited for five minutes; facts that were given up wait for a person, not for the worker."""
    waiting = (OutboxRow.done_at.is_(None), OutboxRow.attempts < MOST_ATTEMPTS)
    oldest = tx.scalar(select(func.min(OutboxRow.created_at)).where(*waiting))
    return oldest is None or now - oldest < LONGEST_WAIT
