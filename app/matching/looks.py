"""The office's looks at records that were not written for it are on record, on the page of a match too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.foundation.audit import record_event
from app.foundation.db import Database
from app.foundation.permissions import Actor
from app.needs.rules import is_watched

LOOKED = {kind: f"{kind}.looked" for kind in ("need", "programme", "course", "output")}
"""What the record calls a look at each kind."""


def note_looks(database: Database, reader: Actor, records: Iterable[Any], now: datetime) -> None:
    """Put on record which of these the secretariat has just read that name others or are their owner's alone."""
    watched = [
        record
        for record in records
        if reader.is_secretariat and is_watched(record.disclosure, record.organisation_id, reader.organisation_ids)
    ]
    if not watched:
        return
    with database.transaction() as tx:
        for record in watched:
            record_event(tx, reader, LOOKED[record.record_kind], record, now)
