"""Whoever takes much along at once leaves a trace: files of more than a hundred rows are on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.foundation.audit.chain import record_event
from app.foundation.db import Tx
from app.foundation.permissions import Actor

FEW_ROWS = 100
"""So many rows may be taken along without a word."""


@dataclass(frozen=True)
class Export:
    """Stands in the record where an event is about no single record."""

    ref: str = "-"
    record_kind: str = "export"


def note_export(tx: Tx, actor: Actor, what: str, rows: int, now: datetime) -> None:
    """Put on record that somebody took so many rows of `what` (needs, programmes ...) along, if they are many."""
    if rows > FEW_ROWS:
        record_event(tx, actor, "export.made", Export(), now, {"what": what, "rows": rows})
