"""Whoever takes much along at once leaves a trace."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.audit.exports import note_export


@pytest.mark.parametrize(("rows", "on_record"), [(0, False), (100, False), (101, True), (50_000, True)])
def test_more_than_a_hundred_rows_are_on_record(tx, world, now, rows, on_record):
    actor = world.somebody("donor")
    note_export(tx, actor, "needs", rows, now)
    tx.flush()
    found = tx.scalars(select(AuditEvent).where(AuditEvent.action == "export.made")).all()
    assert [(event.account_id, event.details) for event in found] == (
        [(actor.account_id, {"what": "needs", "rows": rows})] if on_record else []
    )
