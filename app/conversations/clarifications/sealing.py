"""What somebody does unnamed is on record like every move: who it was stands there sealed, from where not at all."""

from __future__ import annotations

from datetime import datetime

from app.conversations.clarifications.models import Clarification
from app.foundation.audit import from_nowhere, record_event
from app.foundation.db import Tx
from app.foundation.permissions import ANONYMOUS


def record_sealed(tx: Tx, to: str, row: Clarification, now: datetime) -> None:
    """One event of whoever asked: without name, organisation and address, with the seal that proves who it was.

    The record of the site is searched by the secretariat and shown to owners, and may name nobody who asks.
    """
    with from_nowhere():
        record_event(tx, ANONYMOUS, f"clarification.{to}", row, now, {"sealed": row.seal})
